"""The cache: whole directories that appear at once, made by one process at a time."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from . import spec
from .progress import say


def root() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "openstack-fabric" / "toolchain"


def path(tool: spec.Tool) -> Path:
    return root() / f"{tool.name}-{spec.key(tool)}"


@contextlib.contextmanager
def lock(name: str) -> Iterator[None]:
    """Held by one process; the kernel frees it even after kill -9."""
    directory = root() / "locks"
    directory.mkdir(parents=True, exist_ok=True)
    with open(directory / f"{name}.lock", "w", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(name, "waiting for another run that is making it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def make(name: str, final: Path, fill: Callable[[Path], None]) -> bool:
    """Fill a new directory and move it into place; False when it was there."""
    with lock(name):
        if final.is_dir():
            return False
        stem = final.name.rsplit("-", 1)[0]
        for stale in root().glob(f"{stem}-*.tmp"):
            shutil.rmtree(stale, ignore_errors=True)
        temporary = final.with_name(f"{final.name}.tmp")
        temporary.mkdir(parents=True)
        try:
            fill(temporary)
            temporary.rename(final)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    return True
