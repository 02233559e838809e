"""Loads configuration as a service does, with real oslo.config, and prints the values of all options as JSON.

The input is a list of cases, each with `project`, `folder` (its drop-ins) and `env`; the output, what each gives.
Options come from the libraries; the environment is read, too, and sources are opened, as in a service.
"""

import json
import logging
import os
import sys

import oslo_messaging
from oslo_config import cfg
from oslo_log import _options as log
from oslo_messaging import opts as messaging
from oslo_policy import opts as policy

# Of a service, and not of a library.
SERVICE_OPTIONS = [cfg.MultiStrOpt("messaging_urls", default=[])]


def loaded(project, folder, env):
    os.environ.update(env)
    try:
        conf = registered()
        conf(args=[], project=project, default_config_files=[], default_config_dirs=[folder])
        return {"values": values(conf), "transports": transports(conf)}
    finally:
        for name in env:
            del os.environ[name]


def registered():
    conf = cfg.ConfigOpts()
    for group, options in [*messaging.list_opts(), *policy.list_opts(), ("notification", SERVICE_OPTIONS)]:
        conf.register_opts(options, group=group)
    for options in (log.common_cli_opts, log.logging_cli_opts, log.generic_log_opts, log.log_opts):
        conf.register_opts(options)
    return conf


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


logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
json.dump([loaded(**case) for case in json.load(sys.stdin)], sys.stdout, default=str)
