"""Logs users in as the hub would, by the authenticator that the chart's values configure.

Reads a list of `{"values": …, "logins": [{"username": …, "password": …}]}` and writes for each the authenticator's class
and the users' names and groups, null where the hub would refuse. Options that the authenticator does not know end it with
an error.
"""

import asyncio
import json
import sys
from importlib.metadata import entry_points
from unittest.mock import Mock

from jupyterhub.app import JupyterHub
from jupyterhub.auth import Authenticator
from jupyterhub.orm import new_session_factory
from kubespawner import KubeSpawner
from traitlets.config import Config

#: Of the hub itself, beside the authenticator.
SECTIONS = {"JupyterHub": JupyterHub, "KubeSpawner": KubeSpawner}


def config_of(values):
    config = Config()
    for section, settings in values["hub"]["config"].items():
        config[section].update(settings)
    for name, code in sorted(values["hub"].get("extraConfig", {}).items()):
        if "authenticator" in code.lower():
            exec(code, {"c": config, "__name__": name})
    return config


def authenticator_class(config):
    wanted = config.JupyterHub.authenticator_class
    if not isinstance(wanted, str):
        return wanted
    return next(iter(entry_points(group="jupyterhub.authenticators", name=wanted))).load()


def check_options(config, cls):
    known = {**SECTIONS, cls.__name__: cls}
    for section, settings in config.items():
        unknown = set(settings) - set(known[section].class_trait_names(config=True))
        if unknown:
            raise SystemExit(f"{section} has no options {sorted(unknown)}")


async def log_in(case):
    config = config_of(case["values"])
    cls = authenticator_class(config)
    check_options(config, cls)
    authenticator: Authenticator = cls(config=config, _deprecated_db_session=new_session_factory("sqlite://")())
    users = [await authenticator.get_authenticated_user(Mock(), login) for login in case["logins"]]
    kept = [user and {"name": user["name"], "groups": user["groups"]} for user in users]
    return {"class": cls.__name__, "users": kept}


async def main():
    json.dump([await log_in(case) for case in json.load(sys.stdin)], sys.stdout)


asyncio.run(main())
