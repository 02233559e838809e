"""The driver of images for Cluster API: as the other, and it upgrades clusters where they are."""

from magnum.objects import fields

from drivers.magnum.driver import Driver


class InPlaceDriver(Driver):
    """Stands for the driver magnum-cluster-api, by whose images Magnum chooses it.

    Like that one (0.38.2, driver.py) it upgrades all groups whichever is asked for, takes of the
    new template its label `kube_tag` and its image and of the labels nothing else, and fails where
    the template has no such label. Nodes keep their servers.
    """

    @property
    def provides(self):
        return [{"server_type": "vm", "os": "ubuntu", "coe": "kubernetes"}]

    def upgrade_cluster(
        self,
        context,
        cluster,
        cluster_template,
        max_batch_size,
        nodegroup,
        scale_manager=None,
        rollback=False,
    ):
        version = cluster_template.labels["kube_tag"]
        cluster.cluster_template_id = cluster_template.uuid
        cluster.labels = {**cluster.labels, "kube_tag": version}
        # Magnum saves this one again, as it has it.
        nodegroup.image_id = cluster_template.image_id
        nodegroup.labels = {**nodegroup.labels, "kube_tag": version}
        for group in cluster.nodegroups:
            group.status = fields.ClusterStatus.UPDATE_IN_PROGRESS
            group.image_id = cluster_template.image_id
            group.labels = {**group.labels, "kube_tag": version}
            group.save()
