"""Starts and stops an instance's control plane."""

import json
import os
import subprocess
import time
from pathlib import Path

from . import paths, ports, processes
from .errors import UserError

#: Every process of an instance carries this variable, with the instance's folder.
VARIABLE = "FABRIC_INSTANCE"


def environment(instance: paths.Instance) -> dict[str, str]:
    """The services' environment; nothing of the caller's cloud or Python leaks in, but options of
    the services' own, which oslo.config reads from OS_<GROUP>__<OPTION>."""
    inherited = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("OS_", "PYTHON")) or (k.startswith("OS_") and "__" in k)
    }
    return {
        **inherited,
        VARIABLE: str(instance.root),
        "PYTHONPATH": str(paths.SOURCES / "plane"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(instance.var / "home"),
        # Where stevedore keeps its list of entry points; all instances have the same packages.
        "XDG_CACHE_HOME": str(paths.cache_root() / "openstack-entry-points"),
        # The services talk to each other on loopback only.
        "no_proxy": "127.0.0.1,localhost",
    }


def start(instance: paths.Instance, venv: Path, services: tuple[str, ...]) -> None:
    """Starts the process that forks all services; returns once it has recorded them."""
    instance.run.mkdir(exist_ok=True)
    for mark in instance.run.glob("*.ready"):
        mark.unlink()
    instance.plane.unlink(missing_ok=True)
    with open(instance.log / "plane.out", "w") as out:
        process = subprocess.Popen(
            [venv / "bin/python", "-m", "main", *services],
            env=environment(instance),
            cwd=instance.var,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    # Recorded before it forks: a supervisor killed now leaves a plane that the next `up` finds.
    started = processes.start_time(process.pid)
    if started is not None:
        _record(instance.plane, {"plane": {"pid": process.pid, "start": started}})
    _wait_for_children(instance, process)


def _wait_for_children(instance: paths.Instance, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while len(processes.read_plane(instance.plane)) < 2:
        if process.poll() is not None or time.monotonic() > deadline:
            raise UserError(f"The control plane did not start; see {instance.log / 'plane.out'}.")
        time.sleep(0.05)


def _record(file: Path, recorded: dict[str, dict[str, int]]) -> None:
    temporary = file.with_suffix(".tmp")
    temporary.write_text(json.dumps(recorded))
    temporary.replace(file)


def stop(instance: paths.Instance) -> int:
    """Ends whatever runs of the instance, recorded or not; gives how many processes there were."""
    recorded = list(processes.read_plane(instance.plane).values())
    known = {process["pid"] for process in recorded}
    # A supervisor that was killed at the wrong moment leaves a plane that nobody recorded.
    strays = processes.with_variable(VARIABLE, str(instance.root))
    running = [p for p in recorded if processes.alive(p)]
    running += [p for p in strays if p["pid"] not in known]
    processes.kill_all(running)
    instance.plane.unlink(missing_ok=True)
    return len(running)


def open_ports(chosen: list[int]) -> list[int]:
    """The ports on which somebody still listens."""
    return [port for port in chosen if ports.listens(port)]
