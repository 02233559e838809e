"""Run a command, line by line, with something to show while it is silent."""

import collections
import ctypes
import os
import selectors
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from .errors import UserError

TICK_SECONDS = 0.5
PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """A build must not outlive a killed `toolchain` (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def run(
    command: list[str],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    on_line: Callable[[str], None] = lambda line: None,
    on_tick: Callable[[], None] = lambda: None,
    timeout: float | None = None,
    noise: str = "",
) -> list[str]:
    """The output's lines; raises a UserError with the last that are not noise."""
    lines: list[str] = []
    tail: collections.deque[str] = collections.deque(maxlen=40)
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=_die_with_parent,
    ) as process:
        try:
            for line in _lines(process, on_tick, timeout):
                lines.append(line)
                if not noise or not line.startswith(noise):
                    tail.append(line)
                on_line(line)
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        shown = shlex.join(command)
        raise UserError(f"`{shown}` in {cwd} ended with {process.returncode}", output="\n".join(tail))
    return lines


def _lines(process: subprocess.Popen, on_tick: Callable[[], None], timeout: float | None):
    deadline = time.monotonic() + timeout if timeout else None
    selector = selectors.DefaultSelector()
    selector.register(process.stdout, selectors.EVENT_READ)
    rest = b""
    while True:
        if selector.select(TICK_SECONDS):
            chunk = os.read(process.stdout.fileno(), 1 << 16)
            if not chunk:
                break
            *whole, rest = (rest + chunk).split(b"\n")
            yield from (line.decode(errors="replace") for line in whole)
        on_tick()
        if deadline and time.monotonic() > deadline:
            raise UserError(f"`{shlex.join(process.args)}` took longer than {timeout:.0f} s")
    if rest:
        yield rest.decode(errors="replace")
