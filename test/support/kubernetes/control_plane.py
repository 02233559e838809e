"""`python control_plane.py PLANE FOLDER BINARIES`: one Kubernetes control plane of its own authority, told what to do
line by line, for tests without an OpenStack.

PLANE is the folder that `control_planes` is in, BINARIES the paths of its components as JSON. It says `{"ok": ...}` once
it serves. Every line of standard input is a JSON object with `op`, answered by one line: `{"ok": ...}` or
`{"error": ...}`. It ends with its input, and takes its processes and its folder with it.
"""

import datetime
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])

from control_planes import commands, nodes  # noqa: E402
from control_planes.certificates import Authority  # noqa: E402
from control_planes.control_plane import ControlPlane  # noqa: E402
from cryptography import x509  # noqa: E402
from cryptography.hazmat.primitives import hashes, serialization  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec  # noqa: E402

# Seconds in which it must serve on a busy machine, and in which nodes must be ready.
START, READY = 240, 240
AT_A_TIME = 8


def authority() -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])

    def builder(subject, public, ca):
        now = datetime.datetime.now(datetime.timezone.utc)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )

    def sign(request) -> bytes:
        made = builder(request.subject, request.public_key(), False)
        for extension in request.extensions:
            made = made.add_extension(extension.value, critical=extension.critical)
        return pem(made.sign(key, hashes.SHA256()))

    def pem(certificate) -> bytes:
        return certificate.public_bytes(serialization.Encoding.PEM)

    return Authority("test", pem(builder(name, key.public_key(), True).sign(key, hashes.SHA256())).decode(), sign)


class Cluster:
    """The operations."""

    def __init__(self, plane: ControlPlane) -> None:
        self.plane = plane

    def start(self) -> dict:
        self.plane.start()
        deadline = time.monotonic() + START
        with self.plane.session() as session:
            while self.plane.why or not nodes.accounts_exist(session, self.plane.url):
                if time.monotonic() > deadline:
                    raise TimeoutError(f"no control plane after {START} s: {self.plane.why or 'no service accounts'}")
                time.sleep(0.1)
        pki = self.plane.folder / "pki"
        files = {"ca": "ca.crt", "certificate": "sandbox.crt", "key": "sandbox.key"}
        return {"url": self.plane.url, **{name: (pki / file).read_text() for name, file in files.items()}}

    def add_nodes(self, names: list[str], labels: dict, capacity: dict, taints: list) -> None:
        """Creates nodes that kwok plays, and waits until they are ready."""
        key, value = commands.ANNOTATION
        url = f"{self.plane.url}/api/v1/nodes"

        def create(name: str) -> None:
            metadata = {
                "name": name,
                "labels": {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64", **labels},
                "annotations": {key: value},
            }
            status = {"capacity": capacity, "allocatable": capacity}
            answer = session.post(url, json={"metadata": metadata, "spec": {"taints": taints}, "status": status}, timeout=60)
            answer.raise_for_status()

        with self.plane.session() as session:
            with ThreadPoolExecutor(AT_A_TIME) as pool:
                list(pool.map(create, names))
            missing, deadline = set(names), time.monotonic() + READY
            while missing:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{len(missing)} nodes are not ready after {READY} s, {min(missing)} first")
                time.sleep(0.2)
                answer = session.get(url, timeout=60)
                answer.raise_for_status()
                missing -= {node["metadata"]["name"] for node in answer.json()["items"] if ready(node)}


def ready(node: dict) -> bool:
    conditions = node["status"].get("conditions", [])
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def main() -> None:
    folder, binaries = Path(sys.argv[2]), json.loads(sys.argv[3])
    cluster = Cluster(ControlPlane("test", folder, binaries, authority()))
    try:
        for line in lines():
            request = json.loads(line)
            try:
                answer = {"ok": getattr(cluster, request.pop("op"))(**request)}
            except Exception as error:
                answer = {"error": f"{type(error).__name__}: {error}"}
            print(json.dumps(answer), flush=True)
    finally:
        cluster.plane.remove()


def lines():
    yield '{"op": "start"}'
    yield from iter(sys.stdin.readline, "")


if __name__ == "__main__":
    main()
