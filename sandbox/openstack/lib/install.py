"""The services' virtual environment: the exact versions of the lock file, installed once for all
instances."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from . import locks, paths, progress
from .errors import UserError

#: The installer; it takes seconds where pip takes minutes.
UV = "uv==0.13.9"


def ensure_venv() -> Path:
    """Gives the environment, and installs it first where it is not there."""
    venv = paths.venv_dir()
    if (venv / "complete").exists():
        return venv
    with locks.locked(paths.cache_root() / "openstack-venv.lock"):
        if not (venv / "complete").exists():
            # A virtual environment knows its own path, so that it is built in place and marked
            # complete last.
            shutil.rmtree(venv, ignore_errors=True)
            with progress.step("installing OpenStack 2026.1 (once, some 220 packages)"):
                _install(venv)
            (venv / "complete").touch()
    return venv


def _install(venv: Path) -> None:
    if sys.version_info[:2] != (3, 11):
        raise UserError(
            "The sandbox needs Python 3.11 (its lock file is for it), "
            f"this is {sys.version.split()[0]}."
        )
    with tempfile.TemporaryDirectory(prefix="fabric-uv-") as bootstrap:
        _run([sys.executable, "-m", "venv", bootstrap])
        _run([f"{bootstrap}/bin/pip", "--disable-pip-version-check", "-q", "install", UV])
        uv = f"{bootstrap}/bin/uv"
        _run([uv, "venv", "-q", "--python", sys.executable, str(venv)])
        python = str(venv / "bin/python")
        _run(
            [
                uv,
                "pip",
                "install",
                "-q",
                "--compile-bytecode",
                "--python",
                python,
                "-r",
                str(paths.LOCK_FILE),
            ]
        )


def _run(command: list[str]) -> None:
    # Bytecode makes every later start quicker, whatever the caller's own setting is.
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    result = subprocess.run(
        command, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    if result.returncode != 0:
        tail = "\n".join((result.stderr or result.stdout).strip().splitlines()[-8:])
        raise UserError(
            f"Installing failed: {' '.join(command[:4])} …\n{tail}\nIs the package index reachable?"
        )
