"""The nodes of a cluster, as its API has them: those that stand for servers follow these; others,
which somebody else made, are left alone."""

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import requests

from control_planes import commands

#: Magnum's kubelets give themselves these two labels.
ROLE, GROUP = "magnum.openstack.org/role", "magnum.openstack.org/nodegroup"

_CONTROL_PLANE = "node-role.kubernetes.io/control-plane"

#: Nodes that are created at once.
_AT_A_TIME = 8

#: The share of a group whose kubelets change their version at once; of a small group one.
_UPGRADED_AT_ONCE = 0.25

#: Kubernetes' own limit of a kubelet.
_PODS = 110


@dataclass(frozen=True)
class Node:
    """A server that is a node. `memory` in MiB; an empty `version` is kwok's own."""

    name: str
    server: str
    address: str
    group: str
    role: str
    flavor: str
    cpus: int
    memory: int
    version: str

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
            "status": {
                "capacity": size,
                "allocatable": size,
                "addresses": addresses,
                **self._info(),
            },
        }

    def _info(self) -> dict:
        return {"nodeInfo": {"kubeletVersion": self.version}} if self.version else {}


def follow(
    session: requests.Session, url: str, group: str, wanted: list[Node], upgrade: bool = True
) -> str:
    """Makes a group's nodes be these; gives what is still to wait for, or nothing.

    Versions change only with `upgrade`, and only of some nodes at a time.
    """
    existing = {node["metadata"]["name"]: node for node in _list(session, url, group)}
    for name in existing.keys() - {node.name for node in wanted}:
        _delete(session, url, name)

    def create(node: Node) -> None:
        answer = session.post(f"{url}/api/v1/nodes", json=node.manifest(), timeout=30)
        answer.raise_for_status()

    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        list(pool.map(create, (node for node in wanted if node.name not in existing)))
    ready = sum(_is_ready(existing[node.name]) for node in wanted if node.name in existing)
    if ready < len(wanted):
        return f"{ready} of {len(wanted)} nodes of {group} are ready"
    outdated = [node for node in wanted if _is_outdated(existing[node.name], node)]
    if upgrade:
        for node in outdated[: math.ceil(len(wanted) * _UPGRADED_AT_ONCE)]:
            _set_version(session, url, node)
    return f"{len(outdated)} nodes of {group} have another version" if outdated else ""


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


def _is_outdated(node: dict, wanted: Node) -> bool:
    version = node["status"].get("nodeInfo", {}).get("kubeletVersion")
    return wanted.version not in ("", version)


def _set_version(session: requests.Session, url: str, node: Node) -> None:
    answer = session.patch(
        f"{url}/api/v1/nodes/{node.name}/status",
        json={"status": {"nodeInfo": {"kubeletVersion": node.version}}},
        headers={"Content-Type": "application/merge-patch+json"},
        timeout=30,
    )
    answer.raise_for_status()


def _is_ready(node: dict) -> bool:
    conditions = node["status"].get("conditions", [])
    return any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
