"""A broker and a Magnum cluster on one network, by components that are written in TypeScript."""

import pulumi
import pulumi_openstack as openstack
import pulumi_openstack_fabric as fabric

config = pulumi.Config()
flavor = config.require("flavor")
release = config.require("release")
prefix = pulumi.get_stack()
stack = f"{pulumi.get_project()}/{prefix}"
external = openstack.networking.get_network_output(name=config.require("external"), external=True)

# What decides how many resources there are is plain; what the cloud says may be an output.
network = fabric.Network(
    "network",
    prefix=prefix,
    zones=["az-1"],
    cidr="10.90.0.0/16",
    external_network_id=external.id,
    stack=stack,
)
attachment = fabric.NetworkAttachmentArgs(
    network_id=network.network_id,
    # An eighth of the network's range each.
    zones=[fabric.ZoneSubnetArgs(zone="az-1", cidr="10.90.0.0/19", subnet_id=network.subnet_ids["az-1"])],
)
messaging = fabric.MessagingBackend(
    "messaging",
    prefix=prefix,
    network=attachment,
    mode="vanilla",
    release=release,
    services=["nova"],
    broker=fabric.BrokerArgs(
        kind="rabbitmq",
        nodes=1,
        flavor=flavor,
        image_id=openstack.images.get_image_output(name=config.require("image")).id,
        volume_size=1,
    ),
    stack=stack,
)

template = fabric.ClusterTemplate(
    "template",
    prefix=prefix,
    key="small",
    release=release,
    image=config.require("clusterImage"),
    flavor=flavor,
    network_driver="flannel",
    external_network_id=external.id,
)
cluster = fabric.Cluster(
    "cluster",
    prefix=prefix,
    key="analysis",
    template_id=template.template_id,
    nodes=1,
    masters=1,
    master_load_balancer=False,
    network_id=network.network_id,
    subnet_id=network.subnet_ids["az-1"],
)
group = fabric.NodeGroup("batch", key="batch", cluster_id=cluster.cluster_id, nodes=1, role="batch")

pulumi.export("apiAddress", cluster.api_address)
pulumi.export("nodeGroup", group.node_group_id)
pulumi.export("brokers", messaging.broker_endpoints)
pulumi.export("transportUrls", messaging.rpc_transport_urls)
