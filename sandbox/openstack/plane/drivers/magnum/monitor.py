"""What Magnum says of a cluster's health."""

from magnum.conductor import monitors
from magnum.drivers.common import k8s_monitor

from drivers.magnum.keeper import KEEPER


class Monitor(k8s_monitor.K8sMonitor):
    """Upstream's, which asks the API with Magnum's own certificate."""

    def _is_cluster_accessible(self):
        # Upstream asks only where there is a floating IP; this API is on loopback.
        return True


class Absence(monitors.MonitorBase):
    """Says that a cluster has no Kubernetes, and why."""

    def __init__(self, context, cluster):
        super().__init__(context, cluster)
        self.data = {}

    @property
    def metrics_spec(self):
        return {}

    def pull_data(self):
        """There is nothing to measure."""

    def poll_health_status(self):
        why = KEEPER.why or "the control plane is not there yet"
        self.data["health_status"] = "UNKNOWN"
        self.data["health_status_reason"] = {"api": f"No Kubernetes: {why}"}
