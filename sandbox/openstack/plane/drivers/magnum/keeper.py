"""Gives every cluster in Magnum's database a control plane, and takes those of others away."""

import shutil
import threading
import traceback

import settings
from control_planes.certificates import Authority
from control_planes.control_plane import ControlPlane
from magnum import objects
from magnum.common import context as magnum_context
from magnum.common.x509 import operations
from magnum.conductor.handlers.common import cert_manager

from drivers.magnum import following

#: Seconds between two looks at the database, besides those that the driver asks for.
_PERIOD = 5.0


class Keeper:
    """Follows the database, so that it does not matter when the sandbox was killed."""

    def __init__(self) -> None:
        #: What stands between the clusters and a Kubernetes of theirs; empty if nothing does.
        self.why = settings.KUBERNETES.get("why", "")
        self._planes: dict[str, ControlPlane] = {}
        self._settled: set[str] = set()
        #: A look at the database that began before may still show these.
        self._removed: set[str] = set()
        self._lock = threading.Lock()
        self._look = threading.Event()

    def start(self) -> None:
        if not self.why:
            threading.Thread(target=self._run, daemon=True).start()

    def look(self) -> None:
        """The database has changed."""
        self._look.set()

    def plane(self, cluster: str) -> ControlPlane | None:
        return self._planes.get(cluster)

    def remove(self, cluster: str) -> None:
        """Ends a cluster's control plane; gives back when nothing of it is left."""
        with self._lock:
            self._removed.add(cluster)
            plane = self._planes.pop(cluster, None)
            self._settled.discard(cluster)
        if plane is not None:
            plane.remove()

    def _run(self) -> None:
        while True:
            self._look.clear()
            try:
                self._reconcile()
            except Exception:
                traceback.print_exc()
            self._look.wait(_PERIOD)

    def _reconcile(self) -> None:
        admin = magnum_context.make_admin_context(all_tenants=True)
        everything = objects.Cluster.list(admin)
        clusters = {c.uuid: c for c in everything if c.status != "DELETE_COMPLETE"}
        for uuid in self._planes.keys() - clusters.keys():
            self.remove(uuid)
        self._sweep({c.uuid for c in everything})
        for cluster in clusters.values():
            if cluster.ca_cert_ref:
                self._keep(admin, cluster)

    def _keep(self, context, cluster) -> None:
        with self._lock:
            if cluster.uuid in self._removed:
                return
            plane = self._planes.get(cluster.uuid)
            if plane is None:
                folder = settings.VAR / "kubernetes" / cluster.uuid
                authority = _authority(context, cluster)
                plane = ControlPlane(cluster.name, folder, settings.KUBERNETES["tools"], authority)
                plane.start()
                self._planes[cluster.uuid] = plane
        if plane.authority not in ("", cluster.ca_cert_ref):
            plane.rotate(_authority(context, cluster))
        if plane.why:
            self._settled.discard(cluster.uuid)
            return
        # After a start of the sandbox; while a cluster is being worked on, the poller does it.
        to_settle = cluster.uuid not in self._settled and cluster.status.endswith("_COMPLETE")
        if to_settle and not following.follow_all(context, cluster, plane):
            self._settled.add(cluster.uuid)

    def _sweep(self, known: set[str]) -> None:
        """A sandbox that was killed while it removed a control plane left its folder."""
        for folder in (settings.VAR / "kubernetes").glob("*"):
            if folder.name not in known and folder.name not in self._planes:
                shutil.rmtree(folder, ignore_errors=True)


def _authority(context, cluster) -> Authority:
    stored = cert_manager.get_cluster_ca_certificate(cluster, context)
    key, passphrase = stored.get_private_key(), stored.get_private_key_passphrase()

    def sign(request) -> bytes:
        issuer = cluster.name or cluster.uuid
        return operations.sign(request, issuer, key, passphrase, skip_validation=True)

    return Authority(cluster.ca_cert_ref, stored.get_certificate(), sign)


KEEPER = Keeper()
