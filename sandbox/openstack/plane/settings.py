"""What the supervisor decided for this instance."""

import json
import os
from pathlib import Path

ROOT = Path(os.environ["FABRIC_INSTANCE"])
ETC = ROOT / "etc"
VAR = ROOT / "var"
LOG = ROOT / "log"
RUN = ROOT / "run"
HOST = "127.0.0.1"

_values = json.loads((ROOT / "instance.json").read_text())
PORTS: dict[str, int] = _values["ports"]
VENV = Path(_values["venv"])
PASSWORD: str = _values["password"]
#: {"tools": {command: path}} where clusters get a Kubernetes, {"why": reason} where they cannot.
KUBERNETES: dict = _values.get("kubernetes", {"why": "this sandbox was prepared without one"})
AUTH_URL = f"http://{HOST}:{PORTS['keystone']}/v3"


def database(name: str) -> str:
    """The SQLAlchemy URL of a service's database."""
    return f"sqlite:///{VAR}/db/{name}.sqlite?timeout=60"
