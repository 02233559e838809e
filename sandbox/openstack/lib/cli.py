"""The command line."""

import argparse
import json
import subprocess
import sys
import time

from . import health, instance, kubernetes, paths, processes
from .errors import UserError

#: Exit code of `status` when the sandbox is not (wholly) up.
NOT_UP = 3


def main() -> int:
    arguments = _parser().parse_args()
    try:
        return arguments.run(paths.Instance.named(arguments.name), arguments) or 0
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sandbox",
        description="An embedded OpenStack 2026.1 on loopback; no root, no broker, no hypervisor.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.add_argument("--name", default="default", help="which sandbox (default: default)")
        added.set_defaults(run=run)
        return added

    up = command(
        "up", _up, "start it; installs and prepares what is missing, repairs what is broken"
    )
    up.add_argument("--fresh", action="store_true", help="throw its data away first")
    down = command("down", _down, "stop it and show that nothing runs or listens any more")
    down.add_argument("--delete", action="store_true", help="delete its data, too")
    command("reset", _reset, "throw its data away and start it again")
    status = command(
        "status", _status, f"say how each service is; exit code {NOT_UP} unless all are up"
    )
    status.add_argument("--json", action="store_true", help="as JSON")
    logs = command("logs", _logs, "print the end of a service's log, or of all")
    logs.add_argument(
        "service", nargs="?", help="one of the services that `status` lists, or kubernetes"
    )
    logs.add_argument("-n", type=int, default=40, help="lines (default: 40)")
    logs.add_argument("-f", action="store_true", help="go on as the log grows")
    command("list", _list, "every sandbox, and whether it is up")
    env = command("env", _env, "print the variables that lead to it")
    env.add_argument("--json", action="store_true", help="as JSON; default: shell exports")
    bench = command("bench", _bench, "create servers with ports, say what they cost, delete them")
    bench.add_argument("--servers", type=int, default=100, help="how many (default: 100)")
    bench.add_argument("--parallel", type=int, default=8, help="at a time (default: 8)")
    return parser


def _up(sandbox: paths.Instance, arguments: argparse.Namespace) -> None:
    started = time.monotonic()
    instance.up(sandbox, arguments.fresh)
    print(f"Sandbox {sandbox.name!r} is up ({time.monotonic() - started:.0f} s). To use it:")
    _print_exports(sandbox)


def _reset(sandbox: paths.Instance, _: argparse.Namespace) -> None:
    instance.up(sandbox, fresh=True)


def _down(sandbox: paths.Instance, arguments: argparse.Namespace) -> None:
    instance.down(sandbox, arguments.delete)


def _status(sandbox: paths.Instance, arguments: argparse.Namespace) -> int:
    services = instance.status(sandbox)
    if arguments.json:
        plane = processes.read_plane(sandbox.plane).get("plane")
        answer = {
            "name": sandbox.name,
            "up": bool(services) and not any(s.why for s in services),
            "plane": plane["pid"] if plane and processes.alive(plane) else None,
            "services": [vars(service) for service in services],
            "kubernetes": {
                "why": kubernetes.configured(sandbox),
                "clusters": [vars(one) for one in kubernetes.control_planes(sandbox)],
            },
        }
        print(json.dumps(answer, indent=2))
    elif not services:
        print(f"There is no sandbox {sandbox.name!r}.")
    else:
        for service in services:
            pid = f"pid {service.pid}" if service.pid else ""
            print(f"{service.service:<10} {service.why or 'up':<24} {service.port:<6} {pid}")
        _print_kubernetes(sandbox)
    return 0 if services and not any(s.why for s in services) else NOT_UP


def _print_kubernetes(sandbox: paths.Instance) -> None:
    why = kubernetes.configured(sandbox)
    if why:
        print(f"Clusters have no Kubernetes behind their address. {why}")
    for one in [] if why else kubernetes.control_planes(sandbox):
        print(f"{'kubernetes':<10} {one.why or 'up':<24} {one.port:<6} cluster {one.name}")


def _logs(sandbox: paths.Instance, arguments: argparse.Namespace) -> int:
    pattern = f"{arguments.service}.*" if arguments.service else "*.log"
    files = sorted(str(file) for file in sandbox.log.glob(pattern))
    if arguments.service == "kubernetes":
        files = sorted(str(file) for file in sandbox.var.glob("kubernetes/*/*.log"))
    if not files:
        raise UserError(
            f"Sandbox {sandbox.name!r} has no log of {arguments.service or 'any service'}."
        )
    follow = ["-f"] if arguments.f else []
    return subprocess.call(["tail", "-n", str(arguments.n), *follow, *files])


def _list(_: paths.Instance, __: argparse.Namespace) -> None:
    for name in instance.names():
        services: list[health.ServiceHealth] = instance.status(paths.Instance.named(name))
        print(f"{name:<24} {'up' if services and not any(s.why for s in services) else 'down'}")


def _env(sandbox: paths.Instance, arguments: argparse.Namespace) -> None:
    if arguments.json:
        print(json.dumps(instance.environment(sandbox)))
    else:
        _print_exports(sandbox)


def _print_exports(sandbox: paths.Instance) -> None:
    for key, value in instance.environment(sandbox).items():
        print(f"export {key}={value}")


def _bench(sandbox: paths.Instance, arguments: argparse.Namespace) -> int:
    if arguments.servers < 1 or arguments.parallel < 1:
        raise UserError("--servers and --parallel must be at least 1.")
    instance.environment(sandbox)
    settings = json.loads(sandbox.settings.read_text())
    from . import plane

    command = [
        f"{settings['venv']}/bin/python",
        "-m",
        "bench",
        str(arguments.servers),
        str(arguments.parallel),
    ]
    return subprocess.call(command, env=plane.environment(sandbox))
