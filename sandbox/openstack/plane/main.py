"""The control plane: loads what all services share once, then forks a process for each project.

Configuration (oslo.config's CONF) is global to a process, so that two projects cannot share one.
"""

import ctypes
import gc
import importlib
import json
import os
import signal
import sys
import traceback
from pathlib import Path

import settings

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15

#: What most services import; loaded once, it is shared by all forks.
_SHARED = """
sqlalchemy sqlalchemy.orm sqlalchemy.dialects.sqlite alembic oslo_config.cfg
oslo_db.sqlalchemy.enginefacade oslo_messaging oslo_policy.policy oslo_log.log oslo_middleware
oslo_versionedobjects.base oslo_serialization.jsonutils keystonemiddleware.auth_token
keystoneauth1.session keystoneauth1.loading keystoneclient.v3.client webob routes paste.deploy
jsonschema cryptography.x509 requests stevedore taskflow.engines jinja2 pecan wsme yaml lxml.etree
novaclient.client glanceclient cinderclient.client neutronclient.v2_0.client openstack netaddr
oslo_concurrency.processutils oslo_cache oslo_reports waitress eventlet
""".split()  # noqa: SIM905


def _start_time(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])


def _die_with(parent: int) -> None:
    """Ends this process when its parent ends, however that ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _child(service: str, parent: int) -> None:
    _die_with(parent)
    out = os.open(settings.LOG / f"{service}.out", os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    os.dup2(out, 1)
    os.dup2(out, 2)
    ctypes.CDLL(None).prctl(_PR_SET_NAME, b"os-" + service.encode(), 0, 0, 0)
    try:
        from patches import messaging, policy, sqlite

        messaging.apply()
        sqlite.apply()
        policy.apply()
        importlib.import_module(f"services.{service}").main()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(1)


def _record(pids: dict[str, int]) -> None:
    file = settings.ROOT / "plane.json"
    temporary = file.with_suffix(".tmp")
    temporary.write_text(
        json.dumps({n: {"pid": p, "start": _start_time(p)} for n, p in pids.items()})
    )
    temporary.replace(file)


def _load_entry_points() -> None:
    """Reads all packages' entry points once; otherwise each service would, and an instance's first
    start would look for them in every package.
    """
    from stevedore import _cache

    _cache.get_group_all("oslo.messaging.drivers")


def main(services: list[str]) -> None:
    import serving

    serving.use_threads()
    for module in _SHARED:
        importlib.import_module(module)
    _load_entry_points()
    gc.collect()
    # Objects that exist now are not traversed again: pages stay shared between the forks.
    gc.freeze()
    parent = os.getpid()
    pids = {"plane": parent}
    for service in services:
        (settings.LOG / f"{service}.log").unlink(missing_ok=True)
        pid = os.fork()
        if pid == 0:
            _child(service, parent)
        pids[service] = pid
    _record(pids)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    names = {pid: name for name, pid in pids.items()}
    while len(names) > 1:
        pid, status = os.wait()
        print(f"{names.pop(pid, pid)} ended with {status}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
