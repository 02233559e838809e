"""Whether a control plane is up: every process lives, every service said that it is ready, every
port answers."""

import http.client
import time
from dataclasses import dataclass

from . import paths, ports, processes, progress
from .errors import UserError

#: Seconds that all services together may take to start.
START_TIMEOUT = 240.0

#: What each process serves besides the port of its own name.
_MARKS = {"nova": ("nova", "computes"), "heat": ("heat", "heatcfn")}


@dataclass(frozen=True)
class ServiceHealth:
    """One service's state; `why` says what is wrong, and is empty when nothing is."""

    service: str
    port: int
    pid: int | None
    why: str


def check(
    instance: paths.Instance, chosen: dict[str, int], http_too: bool = True
) -> list[ServiceHealth]:
    """The state of every service of the instance."""
    plane = processes.read_plane(instance.plane)
    return [
        _check(instance, service, chosen[service], plane, http_too)
        for service in ports.SERVICES
        if service != "heatcfn"
    ]


def _check(
    instance: paths.Instance,
    service: str,
    port: int,
    plane: dict[str, dict[str, int]],
    http_too: bool,
) -> ServiceHealth:
    process = plane.get(service)
    if process is None or not processes.alive(process):
        return ServiceHealth(service, port, None, "is not running")
    for mark in _MARKS.get(service, (service,)):
        if not (instance.run / f"{mark}.ready").exists():
            return ServiceHealth(service, port, process["pid"], f"{mark} is not ready")
    why = _answer(port) if http_too else ""
    return ServiceHealth(service, port, process["pid"], why)


def _answer(port: int) -> str:
    connection = http.client.HTTPConnection(ports.HOST, port, timeout=10)
    try:
        connection.request("GET", "/")
        status = connection.getresponse().status
    except (TimeoutError, OSError, http.client.HTTPException) as error:
        return f"does not answer ({error})"
    finally:
        connection.close()
    return f"answers {status}" if status >= 500 else ""


def wait(
    instance: paths.Instance, chosen: dict[str, int], only: tuple[str, ...] | None = None
) -> None:
    """Waits until everything (or the named services) is up; a service that died ends the wait at
    once."""
    deadline = time.monotonic() + START_TIMEOUT
    next_word = time.monotonic() + progress.HEARTBEAT
    while True:
        waiting = [
            h for h in check(instance, chosen) if h.why and (only is None or h.service in only)
        ]
        if not waiting:
            return
        plane = processes.read_plane(instance.plane)
        dead = [h for h in waiting if h.service in plane and h.pid is None]
        if dead or time.monotonic() > deadline:
            names = ", ".join(f"{h.service} {h.why}" for h in (dead or waiting))
            log = instance.log / f"{(dead or waiting)[0].service}.out"
            raise UserError(f"The sandbox does not come up: {names}. See `sandbox logs` or {log}.")
        if time.monotonic() > next_word:
            next_word += progress.HEARTBEAT
            progress.say(f"    waiting for {', '.join(h.service for h in waiting)}")
        time.sleep(0.1)
