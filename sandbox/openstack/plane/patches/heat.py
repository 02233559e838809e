"""Heat without the pauses that spare a real cloud: nothing here takes long enough to wait for."""

import time
from types import SimpleNamespace

#: Seconds between two looks at a resource that is being worked on; upstream 1.
POLL = 0.2


def apply() -> None:
    from heat.engine import scheduler, stack

    def _sleep(self: scheduler.TaskRunner, wait_time: float | None) -> None:
        if wait_time is not None:
            time.sleep(wait_time * POLL)

    scheduler.TaskRunner._sleep = _sleep
    # A traversal pauses for a second after each resource that it triggers.
    stack.time = SimpleNamespace(sleep=lambda seconds: time.sleep(seconds * 0.01))
