"""What a version holds for this node: signed list, checked hashes, decrypted files."""

import hashlib
import json
import re
from typing import NamedTuple

from jwcrypto import jwe, jwk, jws
from jwcrypto.common import JWException

PATH = re.compile(r"(/[A-Za-z0-9_][A-Za-z0-9_.@+-]*)+")
MODE = re.compile(r"0[0-7]{3}")
VERSION = re.compile(r"[0-9a-f]{16}")


class BadVersion(Exception):
    """Not what a publisher put there, or not for this node; what is applied stays."""


class File(NamedTuple):
    path: str
    mode: int
    owner: str
    group: str
    content: bytes
    id: str


class Bundle(NamedTuple):
    version: str
    services: dict[str, list[File]]

    def digests(self) -> dict[str, str]:
        """By service; equal when the service's files are the same."""
        return {
            service: hashlib.sha256(
                json.dumps(sorted(file.id for file in files)).encode()
            ).hexdigest()
            for service, files in self.services.items()
        }


class Keys:
    """The publisher's public key and the node's own; the store never sees the latter."""

    def __init__(self, settings: dict) -> None:
        self.publisher = _read_key(settings["publisherKey"])
        self.own = [_read_key(path) for path in settings["nodeKeys"]]

    def verify(self, signed: bytes) -> dict:
        token = jws.JWS()
        token.allowed_algs = ["ES256"]
        try:
            token.deserialize(signed.decode(), self.publisher)
        except (JWException, ValueError) as error:
            raise BadVersion("its manifest is not signed by the publisher") from error
        return json.loads(token.payload)

    def decrypt(self, sealed: bytes, where: str) -> bytes:
        for key in self.own:
            token = jwe.JWE(algs=["ECDH-ES+A256KW", "A256GCM"])
            try:
                token.deserialize(sealed.decode(), key)
                return token.payload
            except (JWException, ValueError):
                continue
        raise BadVersion(f"{where} is not encrypted for a key of this node")


def _read_key(path: str) -> jwk.JWK:
    with open(path, "rb") as file:
        return jwk.JWK.from_pem(file.read())


def fetch(
    store, prefix: str, version: str, keys: Keys, services: list[str], roots: list[str]
) -> Bundle:
    """The version's files for these services; BadVersion where anything at all is wrong."""
    if not VERSION.fullmatch(version):
        raise BadVersion("its name is none that a publisher gives")
    base = f"{prefix}/versions/{version}/"
    signed, _ = store.get(f"{base}manifest")
    if signed is None:
        raise BadVersion("it is not in the store")
    manifest = keys.verify(signed)
    if manifest.get("format") != 1 or manifest.get("version") != version:
        raise BadVersion(
            f"its manifest is of version {manifest.get('version')}, format {manifest.get('format')}"
        )
    fetched = {}
    for service in services:
        entries = manifest["services"].get(service)
        if entries is None:
            raise BadVersion(f"it has no files of {service}, which this node runs")
        stored = store.list(f"{base}{service}/")
        fetched[service] = [
            _file(entry, stored.get(base + entry["key"]), keys, roots) for entry in entries
        ]
    return Bundle(version, fetched)


def _file(entry: dict, value: bytes | None, keys: Keys, roots: list[str]) -> File:
    path = entry["path"]
    if not PATH.fullmatch(path) or not any(path.startswith(root) for root in roots):
        raise BadVersion(f"{path} is not below {' or '.join(roots)}")
    if not MODE.fullmatch(entry["mode"]):
        raise BadVersion(f"{path} has mode {entry['mode']}")
    if value is None:
        raise BadVersion(f"{path} is missing")
    if hashlib.sha256(value).hexdigest() != entry["sha256"]:
        raise BadVersion(f"{path} is not what its manifest says")
    content = keys.decrypt(value, path) if entry["secret"] else value
    return File(path, int(entry["mode"], 8), entry["owner"], entry["group"], content, entry["id"])
