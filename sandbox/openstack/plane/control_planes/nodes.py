"""The nodes of a cluster, as its API has them: those that stand for servers follow these; others,
which somebody else made, are left alone."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import requests

from control_planes import commands

#: Magnum's kubelets give themselves these two labels.
ROLE, GROUP = "magnum.openstack.org/role", "magnum.openstack.org/nodegroup"

_CONTROL_PLANE = "node-role.kubernetes.io/control-plane"

#: Nodes that are created at once.
_AT_A_TIME = 8

#: Kubernetes' own limit of a kubelet.
_PODS = 110


@dataclass(frozen=True)
class Node:
    """A server that is a node. `memory` in MiB."""

    name: str
    server: str
    address: str
    group: str
    role: str
    flavor: str
    cpus: int
    memory: int

    def manifest(self) -> dict:
        master = self.role == "master"
        key, value = commands.ANNOTATION
        labels = {
            "kubernetes.io/hostname": self.name,
            "kubernetes.io/os": "linux",
            "kubernetes.io/arch": "amd64",
            "node.kubernetes.io/instance-type": self.flavor,
            ROLE: self.role,
            GROUP: self.group,
            **({_CONTROL_PLANE: ""} if master else {}),
        }
        size = {"cpu": str(self.cpus), "memory": f"{self.memory}Mi", "pods": str(_PODS)}
        addresses = [{"type": "Hostname", "address": self.name}]
        if self.address:
            addresses.append({"type": "InternalIP", "address": self.address})
        return {
            "metadata": {"name": self.name, "labels": labels, "annotations": {key: value}},
            "spec": {
                "providerID": f"openstack:///{self.server}",
                "taints": [{"key": _CONTROL_PLANE, "effect": "NoSchedule"}] if master else [],
            },
            "status": {"capacity": size, "allocatable": size, "addresses": addresses},
        }


def follow(session: requests.Session, url: str, group: str, wanted: list[Node]) -> str:
    """Makes a group's nodes be these; gives what is still to wait for, or nothing."""
    existing = {node["metadata"]["name"]: node for node in _list(session, url, group)}
    for name in existing.keys() - {node.name for node in wanted}:
        _delete(session, url, name)

    def create(node: Node) -> None:
        answer = session.post(f"{url}/api/v1/nodes", json=node.manifest(), timeout=30)
        answer.raise_for_status()

    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        list(pool.map(create, (node for node in wanted if node.name not in existing)))
    ready = sum(_is_ready(existing[node.name]) for node in wanted if node.name in existing)
    return "" if ready == len(wanted) else f"{ready} of {len(wanted)} nodes of {group} are ready"


def keep_groups(session: requests.Session, url: str, groups: set[str]) -> None:
    """Removes the nodes of groups that are no more."""
    for node in _list(session, url):
        if node["metadata"]["labels"][GROUP] not in groups:
            _delete(session, url, node["metadata"]["name"])


def accounts_exist(session: requests.Session, url: str) -> bool:
    """Whether pods can be created: the controller manager gives each namespace its account."""
    path = "/api/v1/namespaces/default/serviceaccounts/default"
    return session.get(url + path, timeout=30).status_code == 200


def _list(session: requests.Session, url: str, group: str = "") -> list[dict]:
    selector = {"labelSelector": f"{GROUP}={group}" if group else GROUP}
    answer = session.get(f"{url}/api/v1/nodes", params=selector, timeout=60)
    answer.raise_for_status()
    return answer.json()["items"]


def _delete(session: requests.Session, url: str, name: str) -> None:
    answer = session.delete(f"{url}/api/v1/nodes/{name}", timeout=30)
    if answer.status_code != 404:
        answer.raise_for_status()


def _is_ready(node: dict) -> bool:
    conditions = node["status"].get("conditions", [])
    return any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
