"""Looks after a cluster that is being worked on. Upstream's servers signal Heat once their kubelets
run; here a stack is complete as soon as its servers are, so that Magnum is told only when
Kubernetes has them as nodes that are ready."""

import time

from heatclient import exc
from magnum.drivers.heat import driver
from oslo_log import log

from drivers.magnum import following
from drivers.magnum.keeper import KEEPER

LOG = log.getLogger(__name__)

#: Seconds that Kubernetes may take for what Heat has done before the cluster counts as failed.
PATIENCE = 300.0

_since: dict[str, float] = {}


class Poller(driver.HeatPoller):
    """Upstream's, with patience."""

    _waits = False

    def extract_nodegroup_status(self):
        group = self.nodegroup
        why = self._why_to_wait()
        if not why:
            _since.pop(group.uuid, None)
            return super().extract_nodegroup_status()
        status = group.status
        if time.monotonic() - _since.setdefault(group.uuid, time.monotonic()) < PATIENCE:
            LOG.info("Cluster %s waits: %s", self.cluster.uuid, why)
            self._waits = True
        else:
            _since.pop(group.uuid, None)
            status = group.status = f"{self.cluster.status.split('_')[0]}_FAILED"
            group.status_reason = f"Kubernetes did not follow within {PATIENCE:.0f} s: {why}"
            group.save()
        return driver.NodeGroupStatus(
            name=group.name,
            status=status,
            is_default=group.is_default,
            reason=group.status_reason,
        )

    def aggregate_nodegroup_statuses(self, statuses):
        if self._waits:
            return
        plane = KEEPER.plane(self.cluster.uuid)
        if plane is not None and not plane.why and not self.cluster.status.startswith("DELETE"):
            following.forget_groups(self.cluster, plane)
        super().aggregate_nodegroup_statuses(statuses)

    def get_version_info(self, stack):
        super().get_version_info(stack)
        self.cluster.coe_version = self.cluster.labels.get("kube_tag", self.cluster.coe_version)

    def _why_to_wait(self) -> str:
        """Why a group whose stack is complete is not; empty where there is nothing to wait for."""
        group, plane = self.nodegroup, KEEPER.plane(self.cluster.uuid)
        if KEEPER.why or group.stack_id is None or self.cluster.status.startswith("DELETE"):
            return ""
        try:
            heat = self.openstack_client.heat()
            stack = heat.stacks.get(group.stack_id, resolve_outputs=False)
        except exc.HTTPNotFound:
            return ""
        if stack.stack_status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            return ""
        if plane is None:
            return "the control plane is not there yet"
        # An upgrade takes one group after another.
        upgrade = not self._waits
        return following.follow(self.openstack_client, self.cluster, group, plane, upgrade)
