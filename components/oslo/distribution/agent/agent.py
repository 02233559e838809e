"""Follows the store's pointer: this node's files are of the version that it names.

What is applied stays when the store cannot be reached, or holds something that is not signed,
whole, and for this node.
"""

import argparse
import datetime
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from bundle import BadVersion, Keys, fetch
from stores import StoreError, open_store
from tree import Tree

RELOAD_SECONDS = 300
LOOP_SECONDS = 0.2
BACKOFF_SECONDS = (1, 2, 5, 10, 30)


def log(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class Agent:
    def __init__(self, settings: dict, root: Path) -> None:
        self.settings = settings
        self.prefix = settings["prefix"]
        self.services: dict = settings["services"]
        self.tree = Tree(root)
        self.store = open_store(settings)
        self.keys = Keys(settings)
        self.said = ""

    def start(self) -> None:
        """After a reboot or a kill: the last good version, whole, before the store is asked."""
        self.tree.settle()
        self.ready()
        self.reload()

    def step(self) -> int:
        """Brings the node to where the pointer points; gives the revision at which it was read."""
        value, revision = self.store.get(f"{self.prefix}/current")
        version = value.decode(errors="replace").strip() if value else None
        if version is None:
            self.say("nothing has been published yet")
        elif version != self.tree.applied["version"] or set(self.services) != set(
            self.tree.applied["services"]
        ):
            self.change(version)
        else:
            self.tree.settle()
        return revision

    def change(self, version: str) -> None:
        try:
            roots = self.settings["paths"]
            bundle = fetch(self.store, self.prefix, version, self.keys, list(self.services), roots)
            self.tree.apply(bundle)
        except (BadVersion, KeyError, TypeError, ValueError, OSError) as error:
            kept = self.tree.applied["version"] or "nothing"
            self.say(f"version {version} is not applied: {error}; {kept} stays")
            self.report("failed", f"{version}: {error}")
            return
        self.say(f"version {version} is applied")
        self.ready()
        failed = self.reload()
        self.report("failed" if failed else "applied", failed)

    def reload(self) -> str:
        """Tells the services whose files have changed, and no others; what went wrong."""
        failures = []
        for service in self.tree.to_reload():
            for command in self.services.get(service, {}).get("reload", []):
                problem = run(command)
                log(f"{service}: `{' '.join(command)}` {problem or 'done'}")
                if problem:
                    failures.append(f"{service}: `{' '.join(command)}` {problem}")
            self.tree.reloaded(service)
        return "; ".join(failures)

    def report(self, state: str, error: str) -> None:
        """Seen by operators in `status`; nothing depends on it."""
        if not self.settings.get("report"):
            return
        at = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        note = {"version": self.tree.applied["version"], "state": state, "error": error, "at": at}
        try:
            self.store.put(f"{self.prefix}/nodes/{self.settings['host']}", json.dumps(note))
        except StoreError as problem:
            log(f"the report is not written: {problem}")

    def ready(self) -> None:
        """Lets units that are ordered after this one start: there is a whole set of files."""
        address = os.environ.get("NOTIFY_SOCKET", "")
        if not address or self.tree.applied["version"] is None:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.connect("\0" + address[1:] if address.startswith("@") else address)
            notify.sendall(f"READY=1\nSTATUS=version {self.tree.applied['version']}".encode())

    def say(self, text: str) -> None:
        """Once, however often the loop finds the same."""
        if text != self.said:
            log(text)
        self.said = text

    def follow(self) -> None:
        failures = 0
        while True:
            try:
                revision = self.step()
                failures = 0
                self.store.wait(f"{self.prefix}/current", revision, self.settings["pollSeconds"])
                # A store that ends every watch at once is not asked in a tight loop.
                time.sleep(LOOP_SECONDS)
            except StoreError as error:
                pause = BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS) - 1)]
                failures += 1
                self.say(
                    f"the store does not answer: {error}; "
                    f"version {self.tree.applied['version']} stays"
                )
                time.sleep(pause)


def run(command: list[str]) -> str:
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, timeout=RELOAD_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"failed: {type(error).__name__}"
    return f"ended with {done.returncode}" if done.returncode else ""


def read_settings(path: str) -> dict:
    settings = json.loads(Path(path).read_text(encoding="utf-8"))
    secret = settings.get("secretFile")
    if secret:
        settings["secret"] = Path(secret).read_text(encoding="utf-8").strip()
    return settings


def main() -> int:
    parser = argparse.ArgumentParser(prog="fabric-config-agent", description=__doc__)
    parser.add_argument(
        "--settings", default="/etc/fabric-config-agent/agent.json", help="default: %(default)s"
    )
    parser.add_argument(
        "--root", default="/", help="folder below which files are written (default: %(default)s)"
    )
    parser.add_argument("--once", action="store_true", help="apply the current version, and end")
    args = parser.parse_args()
    os.umask(0o022)
    agent = Agent(read_settings(args.settings), Path(args.root))
    agent.start()
    if not args.once:
        agent.follow()
    try:
        agent.step()
    except StoreError as error:
        log(f"the store does not answer: {error}")
    return 0 if agent.tree.applied["version"] else 1


if __name__ == "__main__":
    sys.exit(main())
