"""Node: PATH's when it is new enough, else a pinned one from the npm registry."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

from . import cache, spec
from .errors import UserError
from .process import run
from .progress import Progress


def version_of(node: str) -> str:
    """`node --version`, remembered while the file stays the same: it takes 40 ms."""
    stat = os.stat(node)
    key = f"{os.path.realpath(node)} {stat.st_mtime_ns} {stat.st_size}"
    memory = cache.root() / "node-version.json"
    try:
        remembered = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        remembered = {}
    if remembered.get("key") != key:
        out = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
        remembered = {"key": key, "version": out.stdout.strip().lstrip("v")}
        cache.root().mkdir(parents=True, exist_ok=True)
        temporary = memory.with_name(f"{memory.name}.{os.getpid()}")
        temporary.write_text(json.dumps(remembered), encoding="utf-8")
        temporary.replace(memory)
    return remembered["version"]


def new_enough(version: str) -> bool:
    major = version.split(".")[0]
    return major.isdigit() and int(major) >= spec.NODE_MINIMUM


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
