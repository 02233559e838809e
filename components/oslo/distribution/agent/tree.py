"""Files on the node. One rename of one link switches all of them:

    /var/lib/fabric-config/versions/<version>.<n>/<service>/<path>   files, whole before seen
    /var/lib/fabric-config/current -> versions/<version>.<n>         the switch
    /etc/nova/nova.conf -> …/fabric-config/current/nova/etc/nova/nova.conf

What is applied is noted inside the version's folder, so that the note switches with the files.
"""

import contextlib
import grp
import json
import os
import pwd
import shutil
from pathlib import Path

from bundle import BadVersion, Bundle, File

STATE = "var/lib/fabric-config"
NOTE = "applied.json"
KEPT = 2


class Tree:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.state = root / STATE
        self.versions = self.state / "versions"
        self.current = self.state / "current"
        self.reloads = self.state / "reloaded.json"
        self.versions.mkdir(parents=True, exist_ok=True)

    @property
    def applied(self) -> dict:
        """`version`, `services` (digest by service), `links` (path in the folder, by path)."""
        return _read(self.current / NOTE) or {"version": None, "services": {}, "links": {}}

    def apply(self, bundle: Bundle) -> None:
        before = self.applied
        folder = self._write(bundle)
        # A path that does not exist gets its link first: the switch makes it a file.
        links = _read(folder / NOTE)["links"]
        for path, below in links.items():
            if not os.path.lexists(self._at(path)):
                self._link(path, below)
        _replace_link(self.current, os.path.relpath(folder, self.state))
        _sync(self.state)
        self.settle(before["links"])
        self._forget(folder)

    def settle(self, before: dict | None = None) -> None:
        """Every link as the applied version has it: after a switch, a kill, a package's upgrade."""
        links = self.applied["links"]
        for path, below in links.items():
            self._link(path, below)
        for path in {**(_read(self.state / "links.json") or {}), **(before or {})}:
            if path not in links and self._is_ours(path):
                self._at(path).unlink()
        _write_json(self.state / "links.json", links)

    def to_reload(self) -> list[str]:
        """Services whose applied files are not the ones that they were last told of."""
        told = _read(self.reloads) or {}
        return [
            service
            for service, digest in self.applied["services"].items()
            if told.get(service) != digest
        ]

    def reloaded(self, service: str) -> None:
        told = _read(self.reloads) or {}
        _write_json(self.reloads, {**told, service: self.applied["services"][service]})

    def _write(self, bundle: Bundle) -> Path:
        number = 1
        while (folder := self.versions / f"{bundle.version}.{number}").exists():
            number += 1
        temporary = self.versions / f".{folder.name}.tmp"
        shutil.rmtree(temporary, ignore_errors=True)
        links = {}
        for service, files in bundle.services.items():
            for file in files:
                below = f"{service}{file.path}"
                _write_file(temporary / below, file)
                links[file.path] = below
        temporary.mkdir(parents=True, exist_ok=True)
        _write_json(
            temporary / NOTE,
            {"version": bundle.version, "services": bundle.digests(), "links": links},
        )
        for directory, _, _ in os.walk(temporary):
            _sync(Path(directory))
        temporary.rename(folder)
        _sync(self.versions)
        return folder

    def _link(self, path: str, below: str) -> None:
        at = self._at(path)
        target = os.path.relpath(self.current / below, at.parent)
        if at.is_symlink() and os.readlink(at) == target:
            return
        at.parent.mkdir(parents=True, exist_ok=True)
        if at.exists() and not at.is_symlink():
            # What the package or the operator had put there is kept beside it.
            os.replace(_copy(at), at.with_name(f"{at.name}.fabric-orig"))
        _replace_link(at, target)

    def _at(self, path: str) -> Path:
        return self.root / path.lstrip("/")

    def _is_ours(self, path: str) -> bool:
        at = self._at(path)
        return at.is_symlink() and f"{STATE}/current/" in os.readlink(at)

    def _forget(self, current: Path) -> None:
        """Old folders, but for the last; a service may still have one of its files open."""
        folders = sorted(
            self.versions.iterdir(), key=lambda folder: folder.stat().st_mtime_ns, reverse=True
        )
        for folder in [folder for folder in folders if folder != current][KEPT - 1 :]:
            shutil.rmtree(folder, ignore_errors=True)


def _write_file(at: Path, file: File) -> None:
    at.parent.mkdir(parents=True, exist_ok=True)
    # It is nobody's but root's until owner and mode are right.
    descriptor = os.open(at, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as handle:
        handle.write(file.content)
        if os.geteuid() == 0:
            os.fchown(descriptor, *_account(file))
        os.fchmod(descriptor, file.mode)
        handle.flush()
        os.fsync(descriptor)


def _account(file: File) -> tuple[int, int]:
    try:
        return pwd.getpwnam(file.owner).pw_uid, grp.getgrnam(file.group).gr_gid
    except KeyError as error:
        raise BadVersion(
            f"{file.path} belongs to {file.owner}:{file.group}, which this node does not have"
        ) from error


def _copy(at: Path) -> Path:
    copy = at.with_name(f".{at.name}.fabric-tmp")
    with contextlib.suppress(FileNotFoundError):
        copy.unlink()
    os.link(at, copy)
    return copy


def _replace_link(at: Path, target: str) -> None:
    temporary = at.with_name(f".{at.name}.fabric-tmp")
    with contextlib.suppress(FileNotFoundError):
        temporary.unlink()
    temporary.symlink_to(target)
    os.replace(temporary, at)


def _write_json(at: Path, content: dict) -> None:
    temporary = at.with_name(f".{at.name}.tmp")
    with open(
        temporary, "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)
    ) as handle:
        json.dump(content, handle, indent=1, sort_keys=True)
        handle.flush()
        os.fsync(handle.fileno())
    os.replace(temporary, at)


def _read(at: Path) -> dict | None:
    try:
        return json.loads(at.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
