"""Lines that say what takes its time."""

import contextlib
import sys
import threading
import time
from collections.abc import Iterator

#: Seconds between two signs of life of a long step.
HEARTBEAT = 20.0


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    """Says that a step goes on, every HEARTBEAT seconds, and how long it took."""
    started = time.monotonic()
    done = threading.Event()

    def beat() -> None:
        while not done.wait(HEARTBEAT):
            say(f"  {what} … {time.monotonic() - started:.0f} s")

    threading.Thread(target=beat, daemon=True).start()
    say(f"  {what} …")
    try:
        yield
    finally:
        done.set()
    say(f"  {what}: {time.monotonic() - started:.0f} s")
