"""The command line."""

import argparse
import json
import os
import shlex
import shutil
import sys

from . import discover, environment, spec
from .errors import UserError

DESCRIPTION = """\
The engine's toolchain: Node, pulumi, its Node.js language host and its plugins.
A tool on PATH is used as it is; else the cache's; else it is built from Go
modules at pinned versions (once, some minutes on two cores).
"""


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="toolchain", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    one = commands.add_parser("ensure", help="find, or build, the tools", description="Find, or build, the tools.")
    one.add_argument(
        "tools",
        nargs="*",
        metavar="TOOL",
        help=f"default: {' '.join(spec.DEFAULT_TOOLS)}; besides: "
        + " ".join(name for name in spec.TOOLS if name not in spec.DEFAULT_TOOLS),
    )
    one = commands.add_parser("env", help="print the environment", description="Print the environment's variables.")
    _add_with(one)
    form = one.add_mutually_exclusive_group()
    form.add_argument("--shell", action="store_true", help="as export commands (the default)")
    form.add_argument("--json", action="store_true", help="as one JSON object")
    one = commands.add_parser(
        "run", help="run a command in the environment", description="Run a command in the environment."
    )
    _add_with(one)
    one.add_argument("argv", nargs=argparse.REMAINDER, metavar="-- CMD [ARG…]")
    one = commands.add_parser(
        "status", help="say where each tool comes from", description="Say where each tool comes from."
    )
    one.add_argument("--json", action="store_true", help="as one JSON object by tool")
    return top


def _add_with(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--with",
        dest="asked",
        action="append",
        default=[],
        metavar="TOOL",
        choices=spec.FOR_TESTS,
        help="with a tool that is for tests only: %(choices)s",
    )


def main(argv: list[str]) -> int:
    args = parser().parse_args(argv)
    try:
        return {"ensure": _ensure, "env": _env, "run": _run, "status": _status}[args.command](args)
    except UserError as error:
        print(error.render(), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _ensure(args: argparse.Namespace) -> int:
    from . import ensure  # `run` must start fast, and needs none of it

    unknown = [name for name in args.tools if name not in spec.TOOLS]
    if unknown:
        raise UserError(f"no tool is called {', '.join(unknown)}; there are {', '.join(spec.TOOLS)}")
    ensure.ensure(args.tools or spec.DEFAULT_TOOLS)
    return 0


def _env(args: argparse.Namespace) -> int:
    variables = environment.variables(args.asked)
    if args.json:
        print(json.dumps(variables, indent=2))
    else:
        for name, value in variables.items():
            print(f"export {name}={shlex.quote(value)}")
    return 0


def _run(args: argparse.Namespace) -> int:
    command = args.argv[1:] if args.argv[:1] == ["--"] else args.argv
    if not command:
        raise UserError("`run` needs a command", "toolchain run -- pulumi version")
    env = {**os.environ, **environment.variables(args.asked)}
    path = shutil.which(command[0], path=env["PATH"])
    if not path:
        raise UserError(f"{command[0]} is neither on PATH nor in the cache", "run `toolchain ensure`")
    os.execve(path, command, env)


def _status(args: argparse.Namespace) -> int:
    found = {tool.name: discover.find(tool) for tool in spec.TOOLS.values()}
    if args.json:
        print(json.dumps({name: one._asdict() for name, one in found.items()}, indent=2, default=str))
        return 0
    for name, one in found.items():
        version = f"v{one.version}" if one.version else "-"
        print(f"{name:<22} {one.source:<8} {version:<10} {one.path or '-'}  ({one.why})")
    return 0
