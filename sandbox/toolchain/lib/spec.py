"""The tools, their pinned versions and how each is built. The reasons are in README.md."""

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import NamedTuple

SOURCES = Path(__file__).resolve().parent.parent / "go"
KEY_SUFFIXES = {".go", ".mod", ".sum", ".json"}


class Binary(NamedTuple):
    """One Go main package and the file it becomes."""

    name: str
    package: str
    ldflags: str = ""


class Tool(NamedTuple):
    name: str
    version: str
    source: str = ""  # folder below go/
    binaries: tuple[Binary, ...] = ()
    scripts: tuple[str, ...] = ()  # files of the Pulumi SDK module, copied beside the binaries
    plugin: bool = False  # a resource plugin, which pulumi itself can install
    default: bool = True
    ambient: tuple[str, ...] = ()  # commands that, all on PATH, make a build needless

    @property
    def directory(self) -> Path:
        return SOURCES / self.source

    @property
    def plugin_name(self) -> str:
        """What pulumi calls a plugin; the tool's name where no other tool has it."""
        return self.name.removesuffix("-test-plugin")


SDK = "github.com/pulumi/pulumi/sdk/v3"
PULUMI = "3.253.0"


# Build tags by source. Docker Compose is left out: @pulumi/docker has no resource for it.
TAGS = {"docker": "no_compose"}

# Other names of a tool's first binary, by tool: it does what it is called.
LINKS = {"kubernetes": ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl")}

# What only those get who ask for it with `--with`.
FOR_TESTS = ("kubernetes-test-plugin",)


def _plugin(name: str, version: str, default: bool = True) -> Tool:
    binary = f"pulumi-resource-{name}"
    flag = f"-X openstack-fabric/toolchain/{name}/provider.Version={version}"
    binaries = (Binary(binary, "./plugin", flag),)
    return Tool(name, version, name, binaries, plugin=True, default=default, ambient=(binary,))


def _schema(name: str, version: str) -> Tool:
    """Prints what the bridge derives from a provider; only the tests need it."""
    binary = Binary(f"pulumi-schema-{name}", "./schema")
    return Tool(f"{name}-schema", version, name, (binary,), default=False)


def _language(name: str) -> tuple[str, tuple[Binary, ...]]:
    """Source and binary of a language host of our own."""
    flag = f"-X openstack-fabric/toolchain/language-hosts/host.version={PULUMI}"
    return "language-hosts", (Binary(f"pulumi-language-{name}", f"./{name}", flag),)


_OPENSTACK, _RANDOM, _TLS, _DOCKER = "3.15.2", "4.21.2", "5.6.1", "5.2.0"
_YAML = "1.32.0"
_TOFU, _TOFU_OPENSTACK = "1.11.4", "1.54.1"
_ETCD, _CONSUL = "3.6.8", "1.14.11"
_KUBERNETES, _KWOK = "1.36.3", "0.8.0"
# What @pulumi/kubernetes asks for.
_KUBERNETES_PLUGIN = "4.34.2"


def _kubernetes_flags() -> str:
    """Without them the API server says that its version is v0.0.0-master."""
    major, minor, _ = _KUBERNETES.split(".")
    values = {"gitVersion": f"v{_KUBERNETES}", "gitMajor": major, "gitMinor": minor}
    packages = ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
    return " ".join(f"-X {package}.{name}={value}" for package in packages for name, value in values.items())


TOOLS: dict[str, Tool] = {
    tool.name: tool
    for tool in (
        Tool("node", "24.21.0", ambient=("node",)),
        Tool(
            "pulumi",
            PULUMI,
            "pulumi",
            (
                Binary(
                    "pulumi",
                    "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
                    f"-X {SDK}/go/common/version.Version=v{PULUMI}",
                ),
            ),
            ambient=("pulumi",),
        ),
        Tool(
            "language-nodejs",
            PULUMI,
            *_language("nodejs"),
            scripts=("nodejs/dist/pulumi-resource-pulumi-nodejs",),
            ambient=("pulumi-language-nodejs",),
        ),
        # Hosts of other languages, for programs that use the component package.
        Tool(
            "language-python",
            PULUMI,
            *_language("python"),
            scripts=("python/cmd/pulumi-language-python-exec",),
            default=False,
            ambient=("pulumi-language-python",),
        ),
        Tool(
            "language-yaml",
            _YAML,
            "language-yaml",
            (
                Binary(
                    "pulumi-language-yaml",
                    "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
                    f"-X github.com/pulumi/pulumi-yaml/pkg/version.Version=v{_YAML}",
                ),
            ),
            default=False,
            ambient=("pulumi-language-yaml",),
        ),
        _plugin("openstack", _OPENSTACK),
        _plugin("random", _RANDOM),
        _plugin("tls", _TLS),
        # Only stacks on Docker need it.
        _plugin("docker", _DOCKER, default=False),
        _schema("openstack", _OPENSTACK),
        _schema("random", _RANDOM),
        _schema("tls", _TLS),
        _schema("docker", _DOCKER),
        Tool(
            "tofu",
            _TOFU,
            "tofu",
            (
                Binary(
                    "tofu",
                    "github.com/opentofu/opentofu/cmd/tofu",
                    "-X github.com/opentofu/opentofu/version.dev=no",
                ),
            ),
            default=False,
            ambient=("tofu",),
        ),
        Tool(
            "tofu-openstack",
            _TOFU_OPENSTACK,
            "tofu-openstack",
            (
                Binary(
                    f"terraform-provider-openstack_v{_TOFU_OPENSTACK}",
                    "github.com/terraform-provider-openstack/terraform-provider-openstack",
                ),
            ),
            default=False,
        ),
        # Never PATH's: Debian's etcd 3.4.23 hangs on requests, and newer Consuls than this are not open source.
        Tool("etcd", _ETCD, "etcd", (Binary("etcd", "go.etcd.io/etcd/server/v3"),), default=False),
        Tool("consul", _CONSUL, "consul", (Binary("consul", "github.com/hashicorp/consul"),), default=False),
        # Only a sandbox whose clusters have a Kubernetes needs these two, besides etcd.
        Tool(
            "kubernetes",
            _KUBERNETES,
            "kubernetes",
            (Binary("kubernetes", ".", _kubernetes_flags()),),
            default=False,
            ambient=LINKS["kubernetes"],
        ),
        Tool(
            "kwok",
            _KWOK,
            "kwok",
            (Binary("kwok", "sigs.k8s.io/kwok/cmd/kwok"),),
            default=False,
            ambient=("kwok",),
        ),
        # Of our own, since no module proxy serves Pulumi's; only tests put something on a Kubernetes with it.
        Tool(
            "kubernetes-test-plugin",
            _KUBERNETES_PLUGIN,
            "kubernetes-test-plugin",
            (Binary("pulumi-resource-kubernetes", ".", f"-X main.version={_KUBERNETES_PLUGIN}"),),
            plugin=True,
            default=False,
            ambient=("pulumi-resource-kubernetes",),
        ),
    )
}

DEFAULT_TOOLS = [tool.name for tool in TOOLS.values() if tool.default]

CLI_CONFIG = "cli.tfrc"  # beside tofu-openstack

NODE_MINIMUM = 22
NODE_INTEGRITY = {
    "linux-x64": "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
    "linux-arm64": "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
}


def system() -> tuple[str, str]:
    """Operating system and processor by Go's names."""
    uname = os.uname()
    machine = uname.machine.lower()
    arch = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}.get(machine, machine)
    return uname.sysname.lower(), arch


@cache
def key(tool: Tool) -> str:
    """Changes whenever a build would give something else."""
    pins = NODE_INTEGRITY if tool.name == "node" else _digest(tool.source)
    tagged = (TAGS[tool.source],) if tool.source in TAGS else ()
    linked = LINKS.get(tool.name, ())
    return hashlib.sha256(repr((tool, system(), pins, *tagged, *linked)).encode()).hexdigest()[:16]


@cache
def _digest(source: str) -> str:
    """Over names and contents of everything that a build reads."""
    digest = hashlib.sha256()
    for folder, folders, files in os.walk(SOURCES / source):
        folders.sort()
        for name in sorted(files):
            path = os.path.join(folder, name)
            if os.path.splitext(name)[1] in KEY_SUFFIXES:
                with open(path, "rb") as file:
                    digest.update(f"{os.path.relpath(path, SOURCES)}\0".encode() + file.read() + b"\0")
    return digest.hexdigest()
