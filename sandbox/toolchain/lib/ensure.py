"""Bring every asked-for tool to this machine, and say where it came from."""

import time
from pathlib import Path

from . import cache, discover, engine, gobuild, mirror, nodejs, spec
from .errors import UserError
from .process import run
from .progress import Progress, say

INSTALL_SECONDS = 180


def ensure(names: list[str]) -> None:
    for name in names:
        _ensure(spec.TOOLS[name])
    engine.assemble()
    for_tests = [name for name in names if name in spec.FOR_TESTS]
    if for_tests:
        engine.assemble(for_tests)


def _ensure(tool: spec.Tool) -> None:
    found = discover.find(tool)
    verb = {"PATH": "from PATH", "plugins": "from pulumi's plugins", "cache": "cached"}.get(found.source)
    if verb:
        say(tool.name, f"{verb} {_v(found.version)}({found.why})")
        return
    started = time.monotonic()
    why = found.why
    if tool.plugin:
        verb, why = _install(tool, why)
    if not verb:
        verb = "fetched" if tool.name == "node" else "built"
        if not cache.make(tool.name, cache.path(tool), lambda target: _fill(tool, target)):
            verb = "cached by the other run"
    say(tool.name, f"{verb} {_v(tool.version)}({why}) {time.monotonic() - started:.0f} s")


def _v(version: str) -> str:
    return f"v{version} " if version else ""


def _fill(tool: spec.Tool, target: Path) -> None:
    if tool.name == "node":
        nodejs.fill(tool, target)
        return
    gobuild.fill(tool, target)
    if tool.name == "tofu-openstack":
        mirror.lay_out(tool, target)


def _install(tool: spec.Tool, why: str) -> tuple[str | None, str]:
    """A pulumi of the user's own installs the official plugin, where it can reach it."""
    pulumi = discover.which("pulumi")
    if not pulumi:
        return None, why
    progress = Progress(tool.name)
    try:
        run(
            [pulumi, "plugin", "install", "resource", tool.plugin_name, f"v{tool.version}"],
            cwd=Path.cwd(),
            on_tick=lambda: progress.update("pulumi installs the official plugin"),
            timeout=INSTALL_SECONDS,
        )
    except UserError:
        return None, f"{why}, pulumi cannot reach its installer"
    finally:
        progress.clear()
    return "installed by pulumi", why
