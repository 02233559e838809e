"""Makes a cluster's Kubernetes have the nodes that its stacks have servers for."""

from control_planes import nodes
from control_planes.control_plane import ControlPlane
from magnum.common import clients
from magnum.common import context as magnum_context


def follow_all(context, cluster, plane: ControlPlane) -> str:
    """All groups of a cluster that nobody is working on; gives what is still to wait for."""
    openstack = clients.OpenStackClients(magnum_context.make_cluster_context(cluster))
    if cluster.api_address != plane.url:
        cluster.api_address = plane.url
        cluster.save()
    waiting = [follow(openstack, cluster, group, plane) for group in cluster.nodegroups]
    forget_groups(cluster, plane)
    return "; ".join(filter(None, waiting))


def follow(openstack, cluster, group, plane: ControlPlane, upgrade: bool = True) -> str:
    """One node group, once its servers are there; gives what is still to wait for. Versions of
    nodes that are there change with `upgrade` only."""
    if plane.authority != cluster.ca_cert_ref:
        return "the control plane takes another CA"
    if plane.why:
        return f"the control plane: {plane.why}"
    with plane.session() as session:
        if not nodes.accounts_exist(session, plane.url):
            return "kube-controller-manager has made no service account yet"
        return nodes.follow(session, plane.url, group.name, _servers(openstack, group), upgrade)


def forget_groups(cluster, plane: ControlPlane) -> None:
    """Nodes go with their groups."""
    with plane.session() as session:
        nodes.keep_groups(session, plane.url, {group.name for group in cluster.nodegroups})


def _servers(openstack, group) -> list[nodes.Node]:
    stack = openstack.heat().stacks.get(group.stack_id, resolve_outputs=True)
    outputs = {o["output_key"]: o.get("output_value") or [] for o in stack.outputs}
    kind = "kube_masters" if group.role == "master" else "kube_minions"
    flavor = _flavor(openstack, group.flavor_id)
    columns = (outputs.get(f"{kind}_{column}", []) for column in ("names", "ids", "private"))
    return [
        nodes.Node(
            name=name,
            server=server,
            address=address or "",
            group=group.name,
            role=group.role,
            flavor=flavor.name,
            cpus=flavor.vcpus,
            memory=flavor.ram,
            version=group.labels.get("kube_tag", ""),
        )
        for name, server, address in zip(*columns, strict=True)
    ]


def _flavor(openstack, name_or_id: str):
    flavors = openstack.nova().flavors.list(is_public=None)
    return next(f for f in flavors if name_or_id in (f.id, f.name))
