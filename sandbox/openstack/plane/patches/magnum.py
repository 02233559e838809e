"""Magnum looks after its clusters every two seconds instead of ten, and never twice at a time for
one of them."""

import threading

from magnum import objects
from magnum.common import exception
from magnum.service import periodic
from oslo_service import loopingcall

#: Seconds between two looks at the clusters that are being worked on.
SYNC = 2

_busy: set[str] = set()
_guard = threading.Lock()


def apply() -> None:
    _look_often()
    _miss_clusters_without_groups()


def _miss_clusters_without_groups() -> None:
    """A cluster that is being removed loses its node groups first, and is gone as far as clients
    go.

    The API answered 400 then (its own answer breaks its own rule of at least one master), which
    ends a client's waiting for the removal.
    """
    count = objects.Cluster.master_count.fget

    def master_count(self: objects.Cluster) -> int:
        masters = count(self)
        if masters == 0 and self.status.startswith("DELETE"):
            raise exception.ClusterNotFound(cluster=self.uuid)
        return masters

    objects.Cluster.master_count = property(master_count)


def _look_often() -> None:
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
