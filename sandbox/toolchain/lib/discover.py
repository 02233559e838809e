"""Where each tool comes from: what the user has wins over what we build."""

import json
import os
import re
import shutil
from pathlib import Path
from typing import NamedTuple

from . import cache, spec


class Found(NamedTuple):
    source: str  # "PATH", "plugins" (Pulumi's own folder), "cache" or "missing"
    path: Path | None
    version: str
    why: str

    @property
    def ours(self) -> bool:
        return self.source == "cache"


def find(tool: spec.Tool) -> Found:
    """Look, change nothing."""
    found, why = _ambient(tool)
    if found:
        return found
    directory = cache.path(tool)
    if directory.is_dir():
        return Found("cache", directory, tool.version, why)
    return Found("missing", None, tool.version, f"{why}, cache empty")


def _ambient(tool: spec.Tool) -> tuple[Found | None, str]:
    if tool.name == "node":
        return _ambient_node(tool)
    why = "none on PATH"
    paths = [which(command) for command in tool.ambient]
    if paths and all(paths):
        verb = "is" if len(paths) == 1 else "are"
        return Found("PATH", Path(paths[0]), "", f"{', '.join(tool.ambient)} {verb} on PATH"), ""
    if tool.plugin:
        path = installed_plugin(tool.plugin_name)
        if path:
            version = path.name.rpartition("-v")[2]
            return Found("plugins", path, version, "pulumi has it installed"), ""
        why = "none on PATH or among pulumi's plugins"
    return None, why if tool.ambient else "never on PATH"


def _ambient_node(tool: spec.Tool) -> tuple[Found | None, str]:
    path = which("node")
    if not path:
        return None, "none on PATH"
    version = _node_version(path)
    major = version.split(".")[0]
    if major.isdigit() and int(major) >= spec.NODE_MINIMUM:
        return Found("PATH", Path(path), version, f"PATH's is {spec.NODE_MINIMUM} or newer"), ""
    return None, f"PATH's is {version or 'broken'}, programs need {spec.NODE_MINIMUM}"


def _node_version(node: str) -> str:
    """`node --version`, remembered while the file stays the same: it takes 40 ms."""
    stat = os.stat(node)
    key = f"{os.path.realpath(node)} {stat.st_mtime_ns} {stat.st_size}"
    memory = cache.root() / "node-version.json"
    try:
        remembered = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        remembered = {}
    if remembered.get("key") != key:
        remembered = {"key": key, "version": _ask_version(node)}
        cache.root().mkdir(parents=True, exist_ok=True)
        temporary = memory.with_name(f"{memory.name}.{os.getpid()}")
        temporary.write_text(json.dumps(remembered), encoding="utf-8")
        temporary.replace(memory)
    return remembered["version"]


def _ask_version(node: str) -> str:
    import subprocess  # rarely needed, and `run` stands before every command

    out = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    return out.stdout.strip().removeprefix("v")


def which(command: str) -> str | None:
    """PATH without our own folders, which an outer `toolchain run` put there."""
    ours = str(cache.root())
    outer = [entry for entry in os.environ.get("PATH", "").split(os.pathsep) if not entry.startswith(ours)]
    return shutil.which(command, path=os.pathsep.join(outer))


def pulumi_home() -> Path:
    """The user's, even inside `toolchain run`."""
    home = os.environ.get("PULUMI_HOME", "")
    if home and not home.startswith(str(cache.root())):
        return Path(home)
    return Path.home() / ".pulumi"


def installed_plugin(name: str) -> Path | None:
    """The newest of ~/.pulumi/plugins/resource-<name>-v*."""
    plugins = pulumi_home() / "plugins"
    pattern = re.compile(rf"resource-{re.escape(name)}-v(\d+)\.(\d+)\.(\d+)")
    found = []
    if plugins.is_dir():
        for entry in plugins.iterdir():
            match = pattern.fullmatch(entry.name)
            if match and entry.is_dir():
                found.append((tuple(int(part) for part in match.groups()), entry))
    return max(found)[1] if found else None
