"""Where things lie: the sources, the cache that all instances share, and one folder an instance."""

import hashlib
import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path

from .errors import UserError

SOURCES = Path(__file__).resolve().parent.parent
CHECKOUT = SOURCES.parent.parent
LOCK_FILE = SOURCES / "lock-2026.1.txt"


def cache_root() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(Path.home(), ".cache")
    return Path(base) / "openstack-fabric"


def _key(files: list[Path]) -> str:
    digest = hashlib.sha256(platform.python_version().encode())
    for file in sorted(files):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def venv_dir() -> Path:
    """The services' virtual environment, by the lock file."""
    return cache_root() / f"openstack-venv-{_key([LOCK_FILE])}"


def image_dir() -> Path:
    """The prepared databases, by everything that shapes them."""
    tools = ("databases.py", "seed.py", "settings.py", "patches/schema.py", "services/nova.py")
    shaping = [
        LOCK_FILE,
        *SOURCES.glob("conf/*.conf"),
        *(SOURCES / "plane" / file for file in tools),
    ]
    return cache_root() / f"openstack-image-{_key(shaping)}"


def home() -> Path:
    """The folder of all instances."""
    return Path(os.environ.get("FABRIC_SANDBOX_HOME") or CHECKOUT / ".sandbox").resolve()


@dataclass(frozen=True)
class Instance:
    """One sandbox: its folder, and what lies in it."""

    name: str
    root: Path

    @staticmethod
    def named(name: str) -> "Instance":
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", name):
            raise UserError(
                f"--name must be letters, digits, '.', '_' or '-', at most 40; got {name!r}."
            )
        return Instance(name, home() / name)

    @property
    def etc(self) -> Path:
        return self.root / "etc"

    @property
    def var(self) -> Path:
        return self.root / "var"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def run(self) -> Path:
        """Marks of services that are ready; emptied before every start."""
        return self.root / "run"

    @property
    def settings(self) -> Path:
        """Ports and paths, as JSON, for the services."""
        return self.root / "instance.json"

    @property
    def plane(self) -> Path:
        """Process ids of the running control plane, as JSON."""
        return self.root / "plane.json"

    @property
    def clouds(self) -> Path:
        return self.root / "clouds.yaml"
