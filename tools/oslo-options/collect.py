#!/usr/bin/env python3
"""Writes the catalogue of oslo's options, components/oslo/options/*.json, from the libraries themselves.

Each release's libraries (libraries.json, from the release's upper constraints) are installed from PyPI over one
environment of what they need, and asked by their own `oslo-config-generator`. Run it after a new release was added:

    python3 tools/oslo-options/collect.py

It takes about ten minutes the first time and keeps what it installed in the user's cache.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
OPTIONS = HERE.parents[1] / "components" / "oslo" / "options"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "openstack-fabric"

# What the libraries import. Their versions do not matter: options are declared, not used.
NEEDS = ["oslo.messaging", "oslo.log", "oslo.policy", "oslo.privsep", "oslo.rootwrap", "tooz", "pyzmq", "setuptools<81"]

# A library's options come from one namespace of its own name.
LIBRARIES = ["oslo.config", "oslo.log", "oslo.messaging", "oslo.policy", "oslo.privsep"]

# Found on the machine that asks: no default for anybody else.
OF_THE_MACHINE = {"rpc_zmq_host", "hostname", "processname"}

# Only ever given on the command line, or an example.
LEFT_OUT = {("DEFAULT", "config_file"), ("DEFAULT", "config_dir")}
EXAMPLES = {"sample_remote_file_source"}


def run(*command, **options):
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, **options).stdout


def made(folder, make):
    """Makes a folder once: under another name first, so that a killed run leaves nothing that looks whole."""
    if not (folder / ".complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        make(folder)
        (folder / ".complete").touch()
    return folder


def base():
    def make(folder):
        run(sys.executable, "-m", "venv", str(folder))
        run(str(folder / "bin/python"), "-m", "pip", "install", "-q", *NEEDS)

    return made(CACHE / "oslo-options-base", make)


def installed(python, release, versions):
    def make(folder):
        pins = [f"{name}=={version}" for name, version in versions.items()]
        run(python, "-m", "pip", "install", "-q", "--no-deps", "--target", str(folder), *pins)

    return made(CACHE / ("oslo-options-" + "-".join([release, *versions.values()])), make)


def generated(python, libraries):
    """Options by library, as that release's own generator describes them."""
    env = {**os.environ, "PYTHONPATH": str(libraries), "PYTHONWARNINGS": "ignore"}
    return json.loads(run(python, str(HERE / "describe.py"), *LIBRARIES, env=env))


KINDS = {
    "boolean value": "boolean",
    "integer value": "integer",
    "floating point value": "float",
    "list value": "list",
    "dict value": "dict",
    "multi valued": "multi",
    "port value": "port",
}


def described(option):
    """What a user can get right or wrong about an option."""
    default = None if option["dest"] in OF_THE_MACHINE else option["default"]
    facts = {"type": KINDS.get(option["type"], "string"), "default": default}
    for key in ("min", "max"):
        if option.get(key) is not None:
            facts[key] = option[key]
    choices = [choice[0] if isinstance(choice, list) else choice for choice in option.get("choices") or []]
    if choices:
        facts["choices"] = choices
    if option.get("secret"):
        facts["secret"] = True
    old = sorted({f"{o['group'] or ''}.{o['name']}".replace("-", "_") for o in option.get("deprecated_opts") or []
                  if o.get("name")})
    if old:
        facts["was"] = old
    if option.get("deprecated_for_removal"):
        reason = " ".join((option.get("deprecated_reason") or "").split())
        facts["deprecated"] = {"since": option.get("deprecated_since") or "", "reason": reason}
    return facts


def collect(releases):
    """By library, section and option: spans of releases over which the option stayed the same."""
    python = str(base() / "bin/python")
    catalogue = {library: {} for library in LIBRARIES}
    for release, versions in releases.items():
        print(f"{release}: {' '.join(versions.values())}", file=sys.stderr)
        for library, sections in generated(python, installed(python, release, versions)).items():
            for section, options in sections.items():
                if section in EXAMPLES:
                    continue
                known = catalogue[library].setdefault(section, {})
                for option in options:
                    if (section, option["dest"]) in LEFT_OUT:
                        continue
                    extend(known.setdefault(option["dest"], []), release, described(option), list(releases))
    return catalogue


def extend(spans, release, facts, order):
    previous = order[order.index(release) - 1] if order.index(release) > 0 else None
    if spans and spans[-1]["until"] == previous and {**spans[-1], "since": 0, "until": 0} == {
        "since": 0, "until": 0, **facts
    }:
        spans[-1]["until"] = release
    else:
        spans.append({"since": release, "until": release, **facts})


def write(library, sections):
    """A line an option, so that a new release shows as what it changed."""
    lines = []
    for section in sorted(sections):
        options = ",\n".join(
            f"    {json.dumps(name)}: {json.dumps(spans)}" for name, spans in sorted(sections[section].items())
        )
        lines.append(f"  {json.dumps(section)}: {{\n{options}\n  }}")
    (OPTIONS / f"{library}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    for name, found in collect(json.loads((OPTIONS / "libraries.json").read_text())).items():
        write(name, found)
