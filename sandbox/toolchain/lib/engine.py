"""Put what we built where the engine looks without a warning.

The engine warns of a language host that is not beside its own binary, and of a
resource plugin on PATH. So the binaries are linked into one folder, and the
plugins into a PULUMI_HOME of ours, unless the user's own holds plugins.
"""

import hashlib
import os
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from . import cache, discover, spec

ENGINE = ("pulumi", "language-nodejs")
# Hosts that only some programs need; the engine wants them beside itself, too.
LANGUAGES = ("language-python", "language-yaml")


class Layout(NamedTuple):
    directory: Path
    tools: tuple[spec.Tool, ...]  # those of ours that it links

    @property
    def bin(self) -> Path:
        return self.directory / "bin"

    @property
    def home(self) -> Path:
        return self.directory / "home"


def layout(found: dict[str, discover.Found], asked: Collection[str] = ()) -> Layout | None:
    """None when the engine is the user's own. Tools for tests are in it when they are asked for."""
    if not all(found[name].ours for name in ENGINE):
        return None
    tools = tuple(tool for tool in spec.TOOLS.values() if wanted(tool, asked) and _linked(tool, found))
    digest = hashlib.sha256("".join(spec.key(tool) for tool in tools).encode()).hexdigest()[:16]
    return Layout(cache.root() / f"engine-{digest}", tools)


def _linked(tool: spec.Tool, found: dict[str, discover.Found]) -> bool:
    return (tool.name in ENGINE + LANGUAGES or tool.plugin) and found[tool.name].ours


def wanted(tool: spec.Tool, asked: Collection[str]) -> bool:
    return tool.name not in spec.FOR_TESTS or tool.name in asked


def own_home() -> bool:
    """Whether plugins of ours may go into a PULUMI_HOME of ours."""
    plugins = discover.pulumi_home() / "plugins"
    return discover.pulumi_home() == Path.home() / ".pulumi" and not (plugins.is_dir() and any(plugins.iterdir()))


def assemble(asked: Collection[str] = ()) -> None:
    made = layout({tool.name: discover.find(tool) for tool in spec.TOOLS.values()}, asked)
    if made:
        cache.make("engine", made.directory, lambda target: _fill(made, target))


def _fill(made: Layout, target: Path) -> None:
    shadow = Layout(target, made.tools)
    shadow.bin.mkdir()
    (shadow.home / "plugins").mkdir(parents=True)
    for tool in made.tools:
        folder = shadow.bin
        if tool.plugin:
            folder = shadow.home / "plugins" / f"resource-{tool.plugin_name}-v{tool.version}"
            folder.mkdir()
        for binary in (cache.path(tool) / "bin").iterdir():
            _link(binary, folder / binary.name)
    _share_user_state(shadow.home)


def _link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:  # a file system without hard links
        shutil.copy2(source, target)


def _share_user_state(home: Path) -> None:
    """Logins and selected stacks stay the user's own."""
    user = Path.home() / ".pulumi"
    (user / "workspaces").mkdir(parents=True, exist_ok=True)
    for name in ("workspaces", "credentials.json"):
        os.symlink(user / name, home / name)
