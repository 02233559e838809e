"""Magnum looks after its clusters every two seconds instead of ten, and never twice at a time for one of them."""

import threading

from magnum.service import periodic
from oslo_service import loopingcall

#: Seconds between two looks at the clusters that are being worked on.
SYNC = 2

_busy: set[str] = set()
_guard = threading.Lock()


def apply() -> None:
    periodic.MagnumPeriodicTasks._periodic_spacing["sync_cluster_status"] = SYNC
    update = periodic.ClusterUpdateJob.update_status

    def update_status(self: periodic.ClusterUpdateJob) -> None:
        key = self.cluster.uuid
        with _guard:
            if key in _busy:
                raise loopingcall.LoopingCallDone()
            _busy.add(key)
        try:
            update(self)
        finally:
            with _guard:
                _busy.discard(key)

    periodic.ClusterUpdateJob.update_status = update_status
