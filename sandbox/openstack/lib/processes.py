"""Processes by id and start time: a process id alone may by now be somebody else's."""

import json
import os
import signal
import time
from pathlib import Path

from .errors import UserError

#: Seconds that a process may take to be gone once it was killed.
GONE = 20.0


def start_time(pid: int) -> int | None:
    """When a process started, in the kernel's ticks; None if there is none (or only its exit code is left)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The second field is the name in parentheses, and may hold anything.
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else int(fields[19])


def read_plane(file: Path) -> dict[str, dict[str, int]]:
    """The recorded processes by name; empty where nothing (readable) is recorded."""
    try:
        return json.loads(file.read_text())
    except (OSError, ValueError):
        return {}


def alive(process: dict[str, int]) -> bool:
    return start_time(process["pid"]) == process["start"]


def kill_all(processes: dict[str, dict[str, int]]) -> None:
    """Ends the recorded processes and waits until each is gone."""
    running = {name: p for name, p in processes.items() if alive(p)}
    for process in running.values():
        try:
            os.kill(process["pid"], signal.SIGKILL)
        except ProcessLookupError:
            continue
    deadline = time.monotonic() + GONE
    while any(alive(process) for process in running.values()):
        if time.monotonic() > deadline:
            raise UserError(f"Processes do not end: {[p['pid'] for p in running.values() if alive(p)]}")
        time.sleep(0.02)
