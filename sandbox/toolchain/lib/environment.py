"""The variables under which programs run."""

import os
from collections.abc import Collection
from pathlib import Path

from . import cache, discover, engine, spec


def variables(asked: Collection[str] = ()) -> dict[str, str]:
    """Only what differs from the caller's environment. Tools for tests are in it when they are asked for."""
    found = {tool.name: discover.find(tool) for tool in spec.TOOLS.values() if engine.wanted(tool, asked)}
    made = engine.layout(found, asked)
    changed = {"PULUMI_SKIP_UPDATE_CHECK": "1"}
    entries = _path_entries(found, made)
    if any(one.ours for name, one in found.items() if spec.TOOLS[name].plugin):
        # Else the engine asks the network for a plugin that it can never fetch.
        changed["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] = "true"
    if made and engine.own_home() and made.home.is_dir():
        changed["PULUMI_HOME"] = str(made.home)
    if found["tofu-openstack"].ours and not os.path.exists(os.environ.get("TF_CLI_CONFIG_FILE", "")):
        changed["TF_CLI_CONFIG_FILE"] = str(found["tofu-openstack"].path / spec.CLI_CONFIG)
    if "NODE_COMPILE_CACHE" not in os.environ:
        changed["NODE_COMPILE_CACHE"] = str(cache.root() / "node-compile-cache")
    changed["PATH"] = os.pathsep.join([*map(str, entries), *_outer_path()])
    return changed


def _outer_path() -> list[str]:
    ours = str(cache.root())
    entries = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return [entry for entry in entries if not entry.startswith(ours)]


def _path_entries(found: dict[str, discover.Found], made: engine.Layout | None) -> list[Path]:
    linked = {tool.name for tool in made.tools} if made and made.bin.is_dir() else set()
    entries = [made.bin] if linked else []
    for name, one in found.items():
        in_home = spec.TOOLS[name].plugin and engine.own_home()
        if one.ours and not (name in linked and (in_home or name in engine.ENGINE + engine.LANGUAGES)):
            entries.append(one.path / "bin")
    return entries
