"""What a control plane's processes identify themselves with, signed by the cluster's own CA."""

import ipaddress
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

#: Common name and organisation of each client, as kubeadm gives them; RBAC's default roles are
#: bound to these.
CLIENTS = {
    "kube-controller-manager": ("system:kube-controller-manager", None),
    "kube-scheduler": ("system:kube-scheduler", None),
    "kwok": ("kwok", "system:masters"),
    "sandbox": ("sandbox", "system:masters"),
}

#: The first address of Magnum's default service network (portal_network_cidr) is the API's own.
SERVICE_NETWORK = "10.254.0.0/16"
_NAMES = ("localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc")
_ADDRESSES = ("127.0.0.1", "10.254.0.1")


@dataclass(frozen=True)
class Authority:
    """A cluster's CA: `reference` changes with every rotation; `sign` makes a PEM certificate of a
    certificate signing request."""

    reference: str
    certificate: str
    sign: Callable[[x509.CertificateSigningRequest], bytes]


def issue(folder: Path, authority: Authority) -> None:
    """Replaces the folder by one with fresh keys and certificates, all or nothing."""
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    (fresh / "ca.crt").write_text(authority.certificate)
    _issue(fresh, authority, "kube-apiserver", _name("kubernetes", None), serving=True)
    for client, subject in CLIENTS.items():
        _issue(fresh, authority, client, _name(*subject))
    _write_service_account_key(fresh)
    (fresh / "authority").write_text(authority.reference)
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)


def issued_by(folder: Path) -> str:
    """The reference of the CA that the folder's certificates are of; empty if there are none."""
    try:
        return (folder / "authority").read_text()
    except OSError:
        return ""


def write_kubeconfigs(folder: Path, pki: Path, url: str) -> None:
    """One for each client; JSON is YAML."""
    for client in CLIENTS:
        cluster = {"server": url, "certificate-authority": str(pki / "ca.crt")}
        user = {
            "client-certificate": str(pki / f"{client}.crt"),
            "client-key": str(pki / f"{client}.key"),
        }
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "cluster", "cluster": cluster}],
            "users": [{"name": client, "user": user}],
            "contexts": [{"name": client, "context": {"cluster": "cluster", "user": client}}],
            "current-context": client,
        }
        (folder / f"{client}.kubeconfig").write_text(json.dumps(config, indent=2))


def _name(common: str, organisation: str | None) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
    if organisation:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    return x509.Name(parts)


def _issue(
    folder: Path, authority: Authority, file: str, subject: x509.Name, serving: bool = False
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    request = x509.CertificateSigningRequestBuilder().subject_name(subject)
    usage = x509.OID_SERVER_AUTH if serving else x509.OID_CLIENT_AUTH
    request = request.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    if serving:
        names: list[x509.GeneralName] = [x509.DNSName(name) for name in _NAMES]
        names += [x509.IPAddress(ipaddress.ip_address(address)) for address in _ADDRESSES]
        request = request.add_extension(x509.SubjectAlternativeName(names), critical=False)
    (folder / f"{file}.crt").write_bytes(authority.sign(request.sign(key, hashes.SHA256())))
    (folder / f"{file}.key").write_bytes(_pem(key))


def _write_service_account_key(folder: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    (folder / "service-account.key").write_bytes(_pem(key))
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (folder / "service-account.pub").write_bytes(public)


def _pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
