"""Loads configuration as a service does, with real oslo.config, and prints the values of all options as JSON.

Arguments: the project, its configuration folder, and files to read before the folder. Options come from the libraries;
the environment is read, too, and sources are opened, as in a service.
"""

import json
import logging
import sys

import oslo_messaging
from oslo_config import cfg
from oslo_log import _options as log_options
from oslo_messaging import opts as messaging_options
from oslo_policy import opts as policy_options


def main(project, folder, *files):
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
    conf = cfg.ConfigOpts()
    for library in (messaging_options, policy_options):
        for group, options in library.list_opts():
            conf.register_opts(options, group=group)
    for options in (log_options.generic_log_opts, log_options.log_opts, log_options.logging_cli_opts, log_options.common_cli_opts):
        conf.register_opts(options)
    conf.register_opts([cfg.StrOpt("helper_command")], group="privsep")
    conf.register_opts([cfg.MultiStrOpt("messaging_urls", default=[])], group="notification")
    conf(args=[], project=project, default_config_files=list(files), default_config_dirs=[folder] if folder else [])
    json.dump({"values": values(conf), "transports": transports(conf)}, sys.stdout, default=str)


def values(conf):
    found = {"DEFAULT": {name: conf[name] for name in sorted(conf._opts)}}
    for group in sorted(conf._groups):
        found[group] = {name: conf[group][name] for name in sorted(conf._groups[group]._opts)}
    return found


def transports(conf):
    """The URLs as oslo.messaging itself understands them."""
    urls = {"rpc": conf.transport_url, "notifications": conf.oslo_messaging_notifications.transport_url}
    return {pattern: described(oslo_messaging.TransportURL.parse(conf, url)) for pattern, url in urls.items() if url}


def described(url):
    return {
        "driver": url.transport,
        "vhost": url.virtual_host,
        "hosts": [[host.hostname, host.port, host.username, host.password] for host in url.hosts],
    }


main(*sys.argv[1:])
