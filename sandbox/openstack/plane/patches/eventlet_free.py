"""Cinder is written for eventlet upstream: it gets native threads under the names that it uses."""

import concurrent.futures
import threading
import time

import eventlet
from eventlet import greenpool, semaphore, tpool


class _Pool:
    """Stands in for GreenPool."""

    def __init__(self, size=100):
        self._executor = concurrent.futures.ThreadPoolExecutor(min(size, 32))

    def spawn(self, function, *args, **kwargs):
        return self._executor.submit(function, *args, **kwargs)

    spawn_n = spawn


def apply() -> None:
    greenpool.GreenPool = eventlet.GreenPool = _Pool
    tpool.execute = lambda function, *args, **kwargs: function(*args, **kwargs)
    tpool.Proxy = lambda target, *args, **kwargs: target
    eventlet.sleep = lambda seconds=0: time.sleep(seconds)
    eventlet.monkey_patch = eventlet.patcher.monkey_patch = lambda *args, **kwargs: None
    semaphore.Semaphore = eventlet.Semaphore = threading.Semaphore
