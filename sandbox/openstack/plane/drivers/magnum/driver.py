"""What Magnum calls to create, change and delete a cluster."""

from magnum.common import clients
from magnum.common import context as magnum_context
from magnum.drivers.heat import driver

from drivers.magnum import monitor, poller
from drivers.magnum.definition import Definition
from drivers.magnum.keeper import KEEPER


class Driver(driver.FedoraKubernetesDriver):
    @property
    def provides(self):
        return [{"server_type": "vm", "os": "fedora-coreos", "coe": "kubernetes"}]

    def get_template_definition(self):
        return Definition()

    def create_cluster(self, context, cluster, cluster_create_timeout):
        super().create_cluster(context, cluster, cluster_create_timeout)
        # The keeper looks into the database, and may begin while Heat makes the servers.
        cluster.save()
        KEEPER.look()

    def update_cluster_status(self, context, cluster, use_admin_ctx=False):
        if cluster.stack_id is None:
            return
        stack_context = context
        if not use_admin_ctx:
            stack_context = magnum_context.make_cluster_context(cluster)
        openstack = clients.OpenStackClients(stack_context)
        poller.Poller(openstack, context, cluster, self).poll_and_check()
        if cluster.status == "DELETE_COMPLETE":
            KEEPER.remove(cluster.uuid)

    def rotate_ca_certificate(self, context, cluster):
        """Magnum has made new CAs already; the stack holds nothing of the old ones."""
        cluster.save()
        KEEPER.look()

    def get_monitor(self, context, cluster):
        if KEEPER.plane(cluster.uuid) is None:
            return monitor.Absence(context, cluster)
        return monitor.Monitor(context, cluster)

    def get_nodegroup_extra_params(self, cluster, osc):
        # A node group's own stack uses the cluster stack's network.
        stack = osc.heat().stacks.get(cluster.stack_id, resolve_outputs=True)
        out = {o["output_key"]: o.get("output_value") for o in stack.outputs}
        return {
            "existing_master_private_ip": out.get("api_address"),
            "fixed_network": out.get("net_id"),
            "fixed_subnet": out.get("subnet_id"),
        }
