#!/usr/bin/env python3
"""Writes components/clusters/facts/*.json from Magnum itself: what each release's API and drivers take.

The newest version of each release's series is downloaded from PyPI and read, never run. Needs PyYAML. Run it after a
release was added to VERSIONS, and `npx prettier --write components/clusters/facts` after it:

    python3 tools/magnum-facts/collect.py
"""

import ast
import configparser
import json
import os
import pathlib
import subprocess
import sys
import zipfile

import yaml

HERE = pathlib.Path(__file__).resolve().parent
FACTS = HERE.parents[1] / "components" / "clusters" / "facts"
CACHE = (
    pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache"))
    / "openstack-fabric"
    / "magnum-facts"
)

#: The newest version of each release's series, https://releases.openstack.org/teams/magnum.html
VERSIONS = {
    "rocky": "7.2.0",
    "stein": "8.2.1",
    "train": "9.4.1",
    "ussuri": "10.1.0",
    "victoria": "11.2.1",
    "wallaby": "12.1.1",
    "xena": "13.1.1",
    "yoga": "14.1.2",
    "zed": "15.0.2",
    "2023.1": "16.0.3",
    "2023.2": "17.0.2",
    "2024.1": "18.0.1",
    "2024.2": "19.0.1",
    "2025.1": "20.0.2",
    "2025.2": "21.0.1",
    "2026.1": "22.0.0",
}

#: Labels that set a parameter of another name.
RENAMED = {"service_cluster_ip_range": "portal_network_cidr"}

#: Labels that no parameter of the Heat template has, and why they are what they are.
UNTYPED = {
    # drivers/heat/template_def.py, add_fip_env_file: as the template's floating_ip_enabled.
    "master_lb_floating_ip_enabled": "boolean"
}


def unpacked(version):
    folder = CACHE / version
    if not (folder / ".complete").exists():
        folder.mkdir(parents=True, exist_ok=True)
        pin = f"magnum=={version}"
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*pip, "-d", str(folder), pin], check=True)
        for wheel in folder.glob("*.whl"):
            zipfile.ZipFile(wheel).extractall(folder)
        (folder / ".complete").touch()
    return folder


def parsed(path):
    return ast.parse(path.read_text())


def strings(node):
    return [
        e.value for e in ast.walk(node) if isinstance(e, ast.Constant) and isinstance(e.value, str)
    ]


def assigned(body, name):
    for node in body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return node.value
    return None


def microversion(magnum):
    tree = parsed(magnum / "api" / "controllers" / "versions.py")
    return assigned(tree.body, "CURRENT_MAX_VER").value


def engines(magnum):
    """What the API takes of each engine (`coe`): api/validation.py."""
    tree = parsed(magnum / "api" / "validation.py")
    classes = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    choose = next(
        n for n in ast.walk(classes["Validator"]) if getattr(n, "name", "") == "get_coe_validator"
    )
    found = {}
    for branch in (node for node in ast.walk(choose) if isinstance(node, ast.If)):
        validator = classes[branch.body[0].value.func.id]
        for coe in strings(branch.test):
            found[coe] = {
                "networkDrivers": strings(assigned(validator.body, "supported_network_drivers")),
                "volumeDrivers": strings(assigned(validator.body, "supported_volume_driver")),
                "serverTypes": strings(assigned(validator.body, "supported_server_types")),
            }
    return found


def entry_points(folder):
    config = configparser.ConfigParser()
    config.read(next(folder.glob("*.dist-info")) / "entry_points.txt")
    return sorted(config["magnum.drivers"]) if config.has_section("magnum.drivers") else []


def provides(magnum, driver):
    tree = parsed(magnum / "drivers" / driver / "driver.py")
    of = next(node for node in ast.walk(tree) if getattr(node, "name", "") == "provides")
    dicts = [node for node in ast.walk(of) if isinstance(node, ast.Dict)]
    return [
        {"serverType": it["server_type"], "distro": it["os"], "engine": it["coe"]}
        for it in map(ast.literal_eval, dicts)
    ]


def definitions(magnum, path):
    """A driver's template definition, those that it inherits from, and the shared functions that they call."""
    tree = parsed(path)
    yield tree
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "magnum.drivers.heat":
            for alias in node.names:
                module = magnum / "drivers" / "heat" / f"{alias.name}.py"
                if alias.name == "template_def":
                    called = {
                        n.func.attr
                        for n in ast.walk(tree)
                        if isinstance(n, ast.Call) and hasattr(n.func, "attr")
                    }
                    yield from (f for f in parsed(module).body if getattr(f, "name", "") in called)
                else:
                    yield from definitions(magnum, module)


def label_names(magnum, driver):
    names = set()
    for tree in definitions(magnum, magnum / "drivers" / driver / "template_def.py"):
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Assign)
                and strings(node.value)
                and ast.unparse(node.targets[0]) == "label_list"
            ):
                names.update(strings(node.value))
            elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("labels.get"):
                names.update(e.value for e in node.args[:1] if isinstance(e, ast.Constant))
    return sorted(names)


def label(parameters, name):
    parameter = parameters.get(RENAMED.get(name, name), {})
    fact = {
        "type": {"comma_delimited_list": "list"}.get(
            parameter.get("type"), parameter.get("type", "string")
        )
    }
    fact["type"] = UNTYPED.get(name, fact["type"])
    if parameter.get("default") not in (None, "", []):
        fact["default"] = parameter["default"]
    for constraint in parameter.get("constraints", []):
        if "allowed_values" in constraint:
            fact["values"] = [
                str(value).lower() if value in (True, False) else value
                for value in constraint["allowed_values"]
            ]
        if "allowed_pattern" in constraint:
            fact["pattern"] = constraint["allowed_pattern"]
    if parameter.get("description"):
        fact["meaning"] = " ".join(str(parameter["description"]).split())
    return fact


def labels(magnum, driver):
    template = next((magnum / "drivers" / driver / "templates").glob("*cluster.yaml"))
    parameters = yaml.safe_load(template.read_text())["parameters"]
    return {name: label(parameters, name) for name in label_names(magnum, driver)}


def spans(by_release):
    """A label over the releases in which it stayed the same."""
    found = []
    for release, fact in by_release:
        same = {k: v for k, v in fact.items() if k != "meaning"}
        last = found[-1] if found else None
        if (
            last
            and last["until"] == before(release)
            and {k: v for k, v in last["fact"].items() if k != "meaning"} == same
        ):
            last["until"] = release
            last["fact"] = fact
        else:
            found.append({"since": release, "until": release, "fact": fact})
    return [{"since": it["since"], "until": it["until"], **it["fact"]} for it in found]


def before(release):
    return ([None, *VERSIONS])[list(VERSIONS).index(release)]


def write(name, content):
    FACTS.mkdir(parents=True, exist_ok=True)
    (FACTS / name).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def main():
    releases, by_driver = {}, {}
    for release, version in VERSIONS.items():
        folder = unpacked(version)
        magnum = folder / "magnum"
        drivers = entry_points(folder)
        releases[release] = {
            "version": version,
            "microversion": microversion(magnum),
            "engines": engines(magnum),
            "drivers": {driver: provides(magnum, driver) for driver in drivers},
        }
        for driver in drivers:
            for name, fact in labels(magnum, driver).items():
                by_driver.setdefault(driver, {}).setdefault(name, []).append((release, fact))
    write("magnum.json", releases)
    write(
        "heat-labels.json",
        {d: {n: spans(f) for n, f in sorted(names.items())} for d, names in by_driver.items()},
    )


if __name__ == "__main__":
    main()
