"""The prepared databases: made once, copied by every instance, with its own ports and paths written
in."""

import shutil
import sqlite3
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import configure, health, locks, paths, plane, ports, progress
from .errors import UserError

#: What an image consists of, below var/.
_PARTS = ("db", "glance", "fernet", "cred")

#: The slow ones first; two at a time, as a laptop has two cores to spare.
_SCHEMAS = (
    "nova",
    "keystone",
    "neutron",
    "cinder",
    "magnum",
    "octavia",
    "heat",
    "glance",
    "placement",
    "barbican",
)


def ensure(venv: Path) -> Path:
    """Gives the image, and makes it first where it is not there."""
    image = paths.image_dir()
    if image.exists():
        return image
    with locks.locked(paths.cache_root() / "openstack-image.lock"):
        for stale in paths.cache_root().glob("openstack-making-*"):
            _discard(stale)
        if not image.exists():
            # An instance of its own, outside of the user's folder, whose databases become the
            # image.
            work = Path(tempfile.mkdtemp(prefix="openstack-making-", dir=paths.cache_root()))
            try:
                _make(paths.Instance("image", work), venv)
                (work / "image").rename(image)
            finally:
                _discard(work)
    return image


def _discard(work: Path) -> None:
    """Removes a half-made image, and ends the plane that it was made with."""
    if work.is_dir():
        plane.stop(paths.Instance("image", work))
        shutil.rmtree(work, ignore_errors=True)


def _make(instance: paths.Instance, venv: Path) -> None:
    chosen = ports.choose({})
    configure.write(instance, venv, chosen)
    with progress.step("preparing the databases (once)"), ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda name: _tool(instance, venv, "databases", name), _SCHEMAS))
    with progress.step("filling them: users, catalogue, flavors, images, networks (once)"):
        plane.start(instance, venv, ("keystone",))
        health.wait(instance, chosen, ("keystone",))
        _tool(instance, venv, "seed", "identity")
        plane.stop(instance)
        plane.start(instance, venv, tuple(s for s in ports.SERVICES if s != "heatcfn"))
        health.wait(instance, chosen)
        _tool(instance, venv, "seed", "cloud")
        plane.stop(instance)
    image = instance.root / "image"
    image.mkdir()
    for part in _PARTS:
        shutil.move(instance.var / part, image / part)
    for database in (image / "db").glob("*.sqlite"):
        with sqlite3.connect(database) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(instance.settings, image / "instance.json")
    (image / "var").write_text(str(instance.var))


def _tool(instance: paths.Instance, venv: Path, module: str, argument: str) -> None:
    """Runs one of the plane's own tools to its end; its output is kept for an error."""
    log = instance.log / f"{module}-{argument}.out"
    with open(log, "w") as out:
        result = subprocess.run(
            [venv / "bin/python", "-m", module, argument],
            env=plane.environment(instance),
            cwd=instance.var,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            timeout=900,
        )
    if result.returncode != 0:
        tail = "\n".join(log.read_text(errors="replace").strip().splitlines()[-12:])
        raise UserError(f"Preparing the databases failed at {module} {argument}:\n{tail}")


def copy_to(instance: paths.Instance, image: Path) -> None:
    """Replaces the instance's databases by the image's, all or nothing."""
    fresh = instance.root / "var.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for part in _PARTS:
        shutil.copytree(image / part, fresh / part)
    (fresh / "image").write_text((image / "var").read_text())
    shutil.rmtree(instance.var, ignore_errors=True)
    fresh.rename(instance.var)


def adopt(instance: paths.Instance, chosen: dict[str, int]) -> None:
    """Writes the instance's own ports and paths into its databases; they hold those of the last
    start."""
    mark = instance.var / "image"
    old = mark.read_text()
    new = str(instance.var)
    _execute(
        instance,
        "nova_api",
        "UPDATE cell_mappings SET database_connection = replace(database_connection, ?, ?)",
        old,
        new,
    )
    _execute(
        instance, "glance", "UPDATE image_locations SET value = replace(value, ?, ?)", old, new
    )
    database = sqlite3.connect(instance.var / "db/keystone.sqlite")
    with database:
        rows = database.execute(
            "SELECT e.id, e.url, s.type FROM endpoint e JOIN service s ON s.id = e.service_id"
        ).fetchall()
        for endpoint, url, kind in rows:
            port = chosen[_SERVICE_OF_TYPE[kind]]
            path = url.split("/", 3)[3] if url.count("/") > 2 else ""
            moved = f"http://{ports.HOST}:{port}" + (f"/{path}" if path else "")
            database.execute("UPDATE endpoint SET url = ? WHERE id = ?", (moved, endpoint))
    database.close()
    mark.write_text(new)


_SERVICE_OF_TYPE = {
    "identity": "keystone",
    "image": "glance",
    "placement": "placement",
    "compute": "nova",
    "network": "neutron",
    "orchestration": "heat",
    "cloudformation": "heatcfn",
    "container-infra": "magnum",
    "block-storage": "cinder",
    "volumev3": "cinder",
    "load-balancer": "octavia",
    "key-manager": "barbican",
}


def _execute(instance: paths.Instance, database: str, statement: str, *values: str) -> None:
    connection = sqlite3.connect(instance.var / f"db/{database}.sqlite")
    with connection:
        connection.execute(statement, values)
    connection.close()
