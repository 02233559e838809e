"""What can be done with a sandbox: up, down, reset, and to say how it is."""

import json
import shutil
from pathlib import Path

from . import (
    configure,
    health,
    image,
    install,
    kubernetes,
    locks,
    paths,
    plane,
    ports,
    processes,
    progress,
)
from .errors import UserError

_SERVICES = tuple(service for service in ports.SERVICES if service != "heatcfn")


def up(instance: paths.Instance, fresh: bool) -> None:
    """Brings the sandbox up, from whatever state it is in. `fresh` throws its data away first."""
    instance.root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with locks.locked(instance.root / "lock"):
        chosen = known_ports(instance)
        if chosen and not fresh and not [h for h in health.check(instance, chosen) if h.why]:
            progress.say(f"Sandbox {instance.name!r} is up already.")
            return
        venv = install.ensure_venv()
        prepared = image.ensure(venv)
        plane.stop(instance)
        if fresh or not (instance.var / "image").exists():
            image.copy_to(instance, prepared)
        _start(instance, venv)


def _start(instance: paths.Instance, venv: Path) -> None:
    chosen = ports.choose(known_ports(instance))
    configure.write(instance, venv, chosen)
    image.adopt(instance, chosen)
    with progress.step("starting OpenStack"):
        plane.start(instance, venv, _SERVICES)
        health.wait(instance, chosen)


def known_ports(instance: paths.Instance) -> dict[str, int]:
    """The ports of the last start; empty before the first."""
    try:
        return json.loads(instance.settings.read_text())["ports"]
    except (OSError, ValueError, KeyError):
        return {}


def down(instance: paths.Instance, delete: bool) -> None:
    """Stops the sandbox, and shows that nothing of it runs or listens any more."""
    if not instance.root.exists():
        progress.say(f"There is no sandbox {instance.name!r}.")
        return
    with locks.locked(instance.root / "lock"):
        chosen = known_ports(instance)
        was_up = bool(processes.read_plane(instance.plane))
        ended = plane.stop(instance)
        # A port of a sandbox that was down already may by now be somebody else's.
        busy = plane.open_ports([*chosen.values(), *_api_ports(instance)]) if was_up else []
        if busy:
            raise UserError(
                f"Ports of sandbox {instance.name!r} are still listened on: {busy}. "
                "Who listens: ss -ltnp"
            )
        if delete:
            shutil.rmtree(instance.root)
    kept = "its data is deleted" if delete else f"its data is kept in {instance.root}"
    progress.say(
        f"Sandbox {instance.name!r} is down: {ended} processes ended, nothing listens, {kept}."
    )


def _api_ports(instance: paths.Instance) -> list[int]:
    return [one.port for one in kubernetes.control_planes(instance)]


def status(instance: paths.Instance) -> list[health.ServiceHealth]:
    chosen = known_ports(instance)
    if not chosen:
        return []
    return health.check(instance, chosen)


def names() -> list[str]:
    """Every sandbox that has a folder."""
    return sorted(file.parent.name for file in paths.home().glob("*/instance.json"))


def environment(instance: paths.Instance) -> dict[str, str]:
    """What a client of the cloud needs."""
    if not instance.clouds.exists():
        raise UserError(
            f"There is no sandbox {instance.name!r}; `sandbox up --name {instance.name}` makes it."
        )
    return {"OS_CLIENT_CONFIG_FILE": str(instance.clouds), "OS_CLOUD": "sandbox"}
