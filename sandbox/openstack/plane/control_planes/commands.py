"""The command lines of a control plane's processes. Paths are relative to its folder, in which they
run: a Unix socket's path may have 107 bytes only."""

import json
from pathlib import Path

from . import certificates

#: In the order in which they start: each needs the ones before it.
COMPONENTS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok")

#: kwok plays the nodes that carry this annotation, and no others.
ANNOTATION = ("kwok.x-k8s.io/node", "fake")

STAGES = Path(__file__).parent / "stages.yaml"

#: Seconds; kwok renews a node's lease four times in it. Kubernetes' own 40 would cost a write every
#: 10 seconds for each of 1,000 nodes.
_LEASE = 240

#: Clients wait here for their turn after so many requests a second, and may burst to twice that;
#: Kubernetes' own limits (20 to 50) make a test of 1,000 pods last minutes.
_RATE = 300

# etcd asks for a port in every address; here it is the end of a file's name.
SOCKET = "etcd.sock:0"
_ETCD = f"unix://{SOCKET}"
_PEER = "unix://peer.sock:0"


def arguments(component: str, port: int) -> list[str]:
    """A component's arguments, for an API on this port of loopback."""
    return {
        "etcd": _etcd,
        "kube-apiserver": lambda: _apiserver(port),
        "kube-controller-manager": _controller_manager,
        "kube-scheduler": lambda: ["--config=kube-scheduler.json", "--secure-port=0"],
        "kwok": _kwok,
    }[component]()


def write_files(folder: Path) -> None:
    """What some components read besides their arguments."""
    scheduler = {
        "apiVersion": "kubescheduler.config.k8s.io/v1",
        "kind": "KubeSchedulerConfiguration",
        "leaderElection": {"leaderElect": False},
        "clientConnection": {
            "kubeconfig": "kube-scheduler.kubeconfig",
            "qps": _RATE,
            "burst": 2 * _RATE,
        },
    }
    (folder / "kube-scheduler.json").write_text(json.dumps(scheduler, indent=2))


def _etcd() -> list[str]:
    return [
        "--data-dir=etcd",
        f"--listen-client-urls={_ETCD}",
        f"--advertise-client-urls={_ETCD}",
        f"--listen-peer-urls={_PEER}",
        f"--initial-advertise-peer-urls={_PEER}",
        f"--initial-cluster=default={_PEER}",
        "--log-level=warn",
        # Like the sandbox's databases: it survives the end of every process, not of the machine.
        "--unsafe-no-fsync",
    ]


def _apiserver(port: int) -> list[str]:
    return [
        f"--etcd-servers={_ETCD}",
        "--bind-address=127.0.0.1",
        f"--secure-port={port}",
        # Loopback is refused here, and to look for another fails where there is no network: an
        # address that is nobody's. It would only be told to pods.
        "--advertise-address=192.0.2.1",
        "--endpoint-reconciler-type=none",
        f"--service-cluster-ip-range={certificates.SERVICE_NETWORK}",
        "--client-ca-file=pki/ca.crt",
        "--tls-cert-file=pki/kube-apiserver.crt",
        "--tls-private-key-file=pki/kube-apiserver.key",
        "--authorization-mode=Node,RBAC",
        "--allow-privileged=true",
        "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
        "--service-account-key-file=pki/service-account.pub",
        "--service-account-signing-key-file=pki/service-account.key",
        "--profiling=false",
    ]


def _controller_manager() -> list[str]:
    return [
        "--kubeconfig=kube-controller-manager.kubeconfig",
        "--use-service-account-credentials=true",
        "--service-account-private-key-file=pki/service-account.key",
        "--root-ca-file=pki/ca.crt",
        "--leader-elect=false",
        "--secure-port=0",
        f"--kube-api-qps={_RATE}",
        f"--kube-api-burst={2 * _RATE}",
        f"--node-monitor-grace-period={_LEASE}s",
        "--profiling=false",
    ]


def _kwok() -> list[str]:
    annotation = "=".join(ANNOTATION)
    return [
        "--kubeconfig=kwok.kubeconfig",
        f"--manage-nodes-with-annotation-selector={annotation}",
        f"--node-lease-duration-seconds={_LEASE}",
        # Pods get addresses of Flannel's default network, which Magnum takes for its own.
        "--cidr=10.100.0.1/16",
        f"--config={STAGES}",
    ]
