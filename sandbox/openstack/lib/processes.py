"""Processes by id and start time: a process id alone may by now be somebody else's."""

import json
import os
import signal
import time
from pathlib import Path

from .errors import UserError

#: Seconds that a process may take to be gone once it was killed.
GONE = 20.0

Process = dict[str, int]


def start_time(pid: int) -> int | None:
    """When a process started, in the kernel's ticks; None if nothing of it runs any more."""
    folder = Path(f"/proc/{pid}")
    try:
        stat = (folder / "stat").read_text()
        # The second field is the name in parentheses, and may hold anything.
        fields = stat.rpartition(")")[2].split()
        # A leader that has ended is a zombie as long as its other threads still hold the sockets.
        if fields[0] in "ZX" and len(list((folder / "task").iterdir())) <= 1:
            return None
    except OSError:
        return None
    return int(fields[19])


def read_plane(file: Path) -> dict[str, Process]:
    """The recorded processes by name; empty where nothing (readable) is recorded."""
    try:
        return json.loads(file.read_text())
    except (OSError, ValueError):
        return {}


def alive(process: Process) -> bool:
    return start_time(process["pid"]) == process["start"]


def with_variable(name: str, value: str) -> list[Process]:
    """This user's processes that were started with a variable of exactly this value."""
    token = f"{name}={value}".encode()
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            environment = (folder / "environ").read_bytes()
        except OSError:
            continue
        if token in environment.split(b"\0"):
            started = start_time(int(folder.name))
            if started is not None:
                found.append({"pid": int(folder.name), "start": started})
    return found


def kill_all(processes: list[Process]) -> None:
    """Ends the processes and waits until each is gone."""
    running = [process for process in processes if alive(process)]
    for process in running:
        try:
            os.kill(process["pid"], signal.SIGKILL)
        except ProcessLookupError:
            continue
    deadline = time.monotonic() + GONE
    while left := [process["pid"] for process in running if alive(process)]:
        if time.monotonic() > deadline:
            raise UserError(f"Processes do not end: {left}")
        time.sleep(0.02)
