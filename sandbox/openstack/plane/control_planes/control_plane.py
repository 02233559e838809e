"""One cluster's control plane: a folder, a port and five processes that a thread keeps alive."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import requests

from control_planes import certificates, commands, launch

HOST = "127.0.0.1"

#: Seconds between two looks at the processes while they start, and once they serve.
_STARTING, _SERVING = 0.2, 1.0

#: Seconds after which a process that ended is started again; doubled with each end until it serves.
_PAUSE, _LONGEST_PAUSE = 0.5, 30.0

#: Collects garbage twice as often as Go would: a fifth less memory for little processor time.
_GO = {"GOGC": "50"}


class ControlPlane(threading.Thread):
    """Brings the control plane up from whatever its folder holds, and keeps it up until `remove`.

    The processes end with this one: the kernel ends them when the thread that started them does.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        binaries: dict[str, str],
        authority: certificates.Authority,
    ) -> None:
        super().__init__(name=f"control-plane-{name}", daemon=True)
        self.folder = folder
        #: Why it does not serve (yet); empty when it does.
        self.why = "is starting"
        self._label = name
        self._binaries = binaries
        self._authority = authority
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._ends: dict[str, int] = {}
        self._not_before: dict[str, float] = {}
        self._stopping = threading.Event()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.port = self._choose_port()

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.port}"

    @property
    def authority(self) -> str:
        """The reference of the CA whose certificates it serves with."""
        return certificates.issued_by(self.folder / "pki")

    def rotate(self, authority: certificates.Authority) -> None:
        """Takes another CA: everything but etcd starts again with its certificates."""
        self.why = "takes another CA"
        self._authority = authority

    def session(self) -> requests.Session:
        """A client of the API with all rights."""
        session = requests.Session()
        session.trust_env = False
        session.verify = str(self.folder / "pki/ca.crt")
        session.cert = tuple(str(self.folder / f"pki/sandbox.{end}") for end in ("crt", "key"))
        return session

    def remove(self) -> None:
        """Ends it for good and deletes its folder."""
        self._stopping.set()
        if self.is_alive():
            self.join()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                why = self._converge()
            except Exception as error:
                why = f"{type(error).__name__}: {error}"
            if why != self.why:
                self.why = why
                self._record()
            if not why:
                self._ends.clear()
            self._stopping.wait(_STARTING if why else _SERVING)
        self._end(reversed(commands.COMPONENTS))

    def _converge(self) -> str:
        """Starts what does not run; gives what is still to wait for."""
        if self._authority.reference != self.authority:
            self._end(reversed(commands.COMPONENTS[1:]))
            certificates.issue(self.folder / "pki", self._authority)
        for component in commands.COMPONENTS:
            if not self._runs(component):
                pause = self._not_before.get(component, 0) - time.monotonic()
                if pause > 0:
                    return f"{component} ended, and starts again in {pause:.1f} s"
                self._start(component)
            why = self._answer(component)
            if why:
                return why
        return ""

    def _runs(self, component: str) -> bool:
        process = self._processes.get(component)
        if process is None or process.poll() is None:
            return process is not None
        del self._processes[component]
        ends = self._ends[component] = self._ends.get(component, 0) + 1
        pause = min(_PAUSE * 2**ends, _LONGEST_PAUSE)
        self._not_before[component] = time.monotonic() + pause
        return False

    def _start(self, component: str) -> None:
        if component == "etcd":
            commands.write_files(self.folder)
        if component == "kube-apiserver":
            before, self.port = self.port, self._choose_port()
            if self.port != before:
                self._end(reversed(commands.COMPONENTS[2:]))
            certificates.write_kubeconfigs(self.folder, self.folder / "pki", self.url)
            self._record()
        command = [self._binaries[component], *commands.arguments(component, self.port)]
        launcher = [sys.executable, "-I", "-S", launch.__file__, str(os.getpid())]
        with open(self.folder / f"{component}.log", "wb") as log:
            self._processes[component] = subprocess.Popen(
                [*launcher, *command],
                cwd=self.folder,
                env={**os.environ, **_GO},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _answer(self, component: str) -> str:
        if component == "etcd":
            with socket.socket(socket.AF_UNIX) as probe:
                # By a path relative to a folder of ours it could be too long.
                path = f"/proc/{self._processes[component].pid}/cwd/{commands.SOCKET}"
                return "" if probe.connect_ex(path) == 0 else "etcd is starting"
        if component == "kube-apiserver":
            try:
                with self.session() as session:
                    status = session.get(f"{self.url}/readyz", timeout=10).status_code
            except requests.RequestException:
                return "kube-apiserver is starting"
            return "" if status == 200 else f"kube-apiserver is not ready ({status})"
        return ""

    def _end(self, components) -> None:
        for component in components:
            process = self._processes.pop(component, None)
            if process is not None:
                process.kill()
                process.wait()

    def _choose_port(self) -> int:
        """The port of last time where it is still free, another where it is not."""
        try:
            kept = json.loads((self.folder / "state.json").read_text())["port"]
        except (OSError, ValueError, KeyError):
            kept = 0
        for port in (kept, 0):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((HOST, port))
                except OSError:
                    continue
                return probe.getsockname()[1]
        raise OSError("no port of loopback is free")

    def _record(self) -> None:
        """What the supervisor tells of it, and what it must find closed after `down`."""
        state = {"name": self._label, "port": self.port, "why": self.why}
        temporary = self.folder / "state.tmp"
        temporary.write_text(json.dumps(state))
        temporary.replace(self.folder / "state.json")
