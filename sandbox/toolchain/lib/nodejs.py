"""Fetch the pinned Node from the npm registry."""

import base64
import hashlib
import shutil
import tarfile
from pathlib import Path

from . import spec
from .errors import UserError
from .process import run
from .progress import Progress


def fill(tool: spec.Tool, target: Path) -> None:
    system, arch = spec.system()
    name = f"{system}-{arch.replace('amd64', 'x64')}"
    integrity = spec.NODE_INTEGRITY.get(name)
    fix = f"install Node {spec.NODE_MINIMUM} or newer and put it on PATH"
    if not integrity:
        raise UserError(f"node: the npm registry has no Node for {name}", fix)
    if not shutil.which("npm"):
        raise UserError("node: fetching it needs `npm`, which is not on PATH", fix)
    progress = Progress("node")
    try:
        run(
            ["npm", "pack", f"node-{name}@{tool.version}", "--pack-destination", str(target), "--silent"],
            cwd=target,
            on_tick=lambda: progress.update(f"fetching Node {tool.version}"),
        )
    except UserError as error:
        raise UserError(f"node: {error}", f"let npm reach its registry, or {fix}", error.output) from None
    finally:
        progress.clear()
    [archive] = target.glob("*.tgz")
    _check(archive, integrity)
    _unpack(archive, target)
    archive.unlink()


def _check(archive: Path, integrity: str) -> None:
    algorithm, expected = integrity.split("-", 1)
    actual = base64.b64encode(hashlib.new(algorithm, archive.read_bytes()).digest()).decode()
    if actual != expected:
        raise UserError(
            f"node: {archive.name} is not what was pinned: {algorithm} {actual}, expected {expected}",
            "find out what changes packages between the npm registry and here",
        )


def _unpack(archive: Path, target: Path) -> None:
    with tarfile.open(archive) as tar:
        member = tar.getmember("package/bin/node")
        member.name = "bin/node"
        tar.extract(member, target)
    (target / "bin" / "node").chmod(0o755)
