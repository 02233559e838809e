"""The clusters' Kubernetes: what it is run with, and how the clusters' control planes are."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import paths, processes

TOOLCHAIN = paths.CHECKOUT / "sandbox/toolchain/toolchain"

#: The commands of each tool of the toolchain that a control plane needs.
_COMMANDS = {
    "etcd": ("etcd",),
    "kubernetes": ("kube-apiserver", "kube-controller-manager", "kube-scheduler"),
    "kwok": ("kwok",),
}


@dataclass(frozen=True)
class ControlPlane:
    """A cluster's control plane; `why` says what is wrong, and is empty when nothing is."""

    cluster: str
    name: str
    port: int
    why: str


def tools() -> dict[str, object]:
    """{"tools": {command: path}}, or {"why": what to do to have them}. Builds nothing."""
    asked = subprocess.run([TOOLCHAIN, "status", "--json"], capture_output=True, text=True)
    if asked.returncode != 0:
        return {"why": f"{TOOLCHAIN} status failed: {asked.stderr.strip()}"}
    found = json.loads(asked.stdout)
    commands = {
        command: _locate(found[tool], command)
        for tool, names in _COMMANDS.items()
        for command in names
    }
    missing = [tool for tool, names in _COMMANDS.items() if not all(map(commands.get, names))]
    if missing:
        build = f"{TOOLCHAIN} ensure {' '.join(missing)}"
        return {"why": f"Not built: run `{build}` and start the sandbox again."}
    return {"tools": commands}


def _locate(found: dict[str, str | None], command: str) -> str | None:
    if found["source"] == "missing":
        return None
    if found["source"] == "cache":
        return str(Path(found["path"] or "") / "bin" / command)
    return shutil.which(command)


def configured(instance: paths.Instance) -> str:
    """Why the instance's clusters have no Kubernetes, as of its last start; empty if they have."""
    try:
        return json.loads(instance.settings.read_text())["kubernetes"].get("why", "")
    except (OSError, ValueError, KeyError):
        return "this sandbox was prepared without one"


def control_planes(instance: paths.Instance) -> list[ControlPlane]:
    """Those that the instance's clusters have, or had when it was stopped."""
    magnum = processes.read_plane(instance.plane).get("magnum")
    down = {} if magnum and processes.alive(magnum) else {"why": "is not running"}
    found = []
    for file in sorted((instance.var / "kubernetes").glob("*/state.json")):
        try:
            state = {**json.loads(file.read_text()), **down}
        except (OSError, ValueError):
            continue  # just deleted
        found.append(ControlPlane(cluster=file.parent.name, **state))
    return found
