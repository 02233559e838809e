"""Where results lie, and how they come there: `<outputs>/<name>/<address>/`, of which `_SUCCESS.json` is written last."""

import calendar
import hashlib
import json
import os
import shutil
import socket
import tempfile
import time

from context import progress

MANIFEST = "_SUCCESS.json"

# Beside the results: what runs are writing.
ATTEMPTS = ".attempts"


def salted(run, observed):
    """The address with what only the run could know: identities of observed inputs, and the time of one that always runs."""
    address, more = run["address"], dict(observed)
    if run["each"] == "always":
        more["@time"] = int(time.time()) // 60
    if not more:
        return address
    return hashlib.sha256(json.dumps([address, more], sort_keys=True).encode()).hexdigest()[: len(address)]


class Result:
    def __init__(self, files, to, name, address):
        self._files = files
        self.address = address
        self.above = f"{to.rstrip('/')}/{name}"
        self.prefix = f"{self.above}/{address}/"

    def manifest(self):
        """The manifest of a finished result; None when there is none, or a file of it is gone."""
        path = self.prefix + MANIFEST
        if not self._files.exists(path):
            return None
        manifest = json.loads(self._files.read(path))
        gone = [name for name in manifest["outputs"] if not self._files.exists(self.prefix + name)]
        if gone:
            progress(f"{self.prefix} has lost {', '.join(gone)}: it is made anew")
            self._files.delete(path)
            return None
        return manifest


class Attempt:
    """One try at a result. What it writes is nobody's result until it is published."""

    def __init__(self, files, result, timeout):
        self._files = files
        self._result = result
        self._staging = tempfile.mkdtemp(prefix="analysis-")
        self._above = f"{result.above}/{ATTEMPTS}"
        self._remove_abandoned(timeout)
        mark = f"{result.address}@{socket.gethostname()}@{os.getpid()}@{int(time.time())}"
        self._prefix = f"{self._above}/{mark}/"

    def _remove_abandoned(self, timeout):
        """Those whose process is gone, as far as can be told from here, or that are older than a run may be."""
        for name in self._files.names(self._above):
            address, host, pid, started = (name.split("@") + ["", "", ""])[:4]
            if address != self._result.address or not (pid.isdigit() and started.isdigit()):
                continue
            dead = host == socket.gethostname() and not alive(int(pid))
            if dead or time.time() - int(started) > timeout + 600:
                self._files.delete(f"{self._above}/{name}")

    def local(self, name):
        path = os.path.join(self._staging, checked(name))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def uri(self, name):
        uri = self._prefix + checked(name)
        return uri if "://" in uri else f"file://{os.path.abspath(uri)}"

    def has(self, name):
        return os.path.exists(os.path.join(self._staging, name)) or self._files.exists(self._prefix + name)

    def publish(self, manifest):
        """Moves everything to where the result lies, and says last that it is whole."""
        files, prefix = self._files, self._result.prefix
        for name in sorted(os.listdir(self._staging)):
            for file in walk(self._staging, name):
                files.upload(os.path.join(self._staging, file), self._prefix + file)
        outputs = self._described()
        other = self._result.manifest()
        if other is not None:
            progress("another run has published the same result meanwhile; this one's is dropped")
            return other
        files.delete(prefix)
        for name in files.names(self._prefix):
            files.move(self._prefix + name, prefix + name)
        whole = {"address": self._result.address, **manifest, "outputs": outputs}
        files.write(prefix + MANIFEST, json.dumps(whole, indent=2, sort_keys=True).encode() + b"\n")
        return whole

    def _described(self):
        return {
            file: {"sha256": self._files.sha256(self._prefix + file), "bytes": self._files.size(self._prefix + file)}
            for name in self._files.names(self._prefix)
            for file in self._files.all_files(self._prefix + name)
        }

    def discard(self):
        self._files.delete(self._prefix)
        shutil.rmtree(self._staging, ignore_errors=True)


def walk(folder, name):
    """Files of a staged output, relative to the folder."""
    path = os.path.join(folder, name)
    if os.path.isfile(path):
        return [name]
    found = (os.path.join(above, file) for above, _, names in os.walk(path) for file in names)
    return sorted(os.path.relpath(file, folder) for file in found)


def checked(name):
    if name.startswith(("/", "_SUCCESS", ".")) or ".." in name.split("/") or "@" in name:
        raise ValueError(f"an output is named by a relative path, not {name!r}")
    return name


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def sweep_expired(files, run):
    """Removes results of this analysis that are older than `keep.results` days."""
    days = run["keepResults"]
    if days is None:
        return
    above = f"{run['outputs']['to'].rstrip('/')}/{run['name']}"
    for name in files.names(above):
        path = f"{above}/{name}/{MANIFEST}"
        if name != ATTEMPTS and files.exists(path) and age_days(json.loads(files.read(path))["finished"]) > days:
            progress(f"removing {above}/{name}/, older than {days} days")
            files.delete(path)
            files.delete(f"{above}/{name}")


def age_days(finished):
    return (time.time() - calendar.timegm(time.strptime(finished, "%Y-%m-%dT%H:%M:%SZ"))) / 86400
