"""Prints, as JSON, the options of the libraries named on the command line, as their own oslo.config describes them."""

import collections
import collections.abc
import inspect
import json
import sys

# Libraries of Python 2's days look for these names where Python 3.10 and 3.11 no longer have them.
for name in ("Callable", "Mapping", "MutableMapping", "Iterable", "Sequence"):
    if not hasattr(collections, name):
        setattr(collections, name, getattr(collections.abc, name))
if not hasattr(inspect, "getargspec"):
    inspect.getargspec = inspect.getfullargspec

from oslo_config import cfg, generator  # noqa: E402


def described(groups):
    data = generator._generate_machine_readable_data(groups, cfg.ConfigOpts())
    return {section: found["opts"] for section, found in data["options"].items()}


def own(library):
    if library == "oslo.privsep":
        # Its namespace has the group `privsep`; every context's section takes the same options.
        from oslo_privsep import priv_context

        return described(generator._get_groups([(library, [("privsep", priv_context.OPTS)])]))
    sections = described(generator._get_groups(generator._list_opts([library])))
    if library == "oslo.config":
        sections["remote_file"] = remote_file()
    return sections


def remote_file():
    """Options of a section that `config_source` names."""
    try:
        from oslo_config.sources import _uri
    except ImportError:
        return []
    driver = _uri.URIConfigurationSourceDriver
    options = [cfg.StrOpt("driver"), *driver._uri_driver_opts]
    return described(generator._get_groups([("oslo.config", [("remote_file", options)])]))["remote_file"]


json.dump({library: own(library) for library in sys.argv[1:]}, sys.stdout, default=str)
