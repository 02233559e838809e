"""One line a tool; over two seconds, signs of life."""

import sys
import time

QUIET_SECONDS = 2.0
TERMINAL_SECONDS = 0.5
LOG_SECONDS = 20.0


def say(tool: str, text: str) -> None:
    print(f"{tool:<17} {text}", file=sys.stderr, flush=True)


class Progress:
    """Redraws a line on a terminal; elsewhere adds one every twenty seconds."""

    def __init__(self, tool: str):
        self.tool = tool
        self.started = time.monotonic()
        self.terminal = sys.stderr.isatty()
        self.shown = self.started + QUIET_SECONDS - self._interval()

    def _interval(self) -> float:
        return TERMINAL_SECONDS if self.terminal else LOG_SECONDS

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def update(self, text: str) -> None:
        now = time.monotonic()
        if now - self.shown < self._interval():
            return
        self.shown = now
        line = f"{text}, {self.seconds:.0f} s"
        if self.terminal:
            print(f"\r\033[K{self.tool:<17} {line[:100]}", end="", file=sys.stderr, flush=True)
        else:
            say(self.tool, line)

    def clear(self) -> None:
        if self.terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
