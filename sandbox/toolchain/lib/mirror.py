"""Lay the Terraform provider out so that `tofu` and `terraform` need no network."""

from pathlib import Path

from . import cache, spec

# Terraform's own source address on both default registries.
SOURCE = "terraform-provider-openstack/openstack"
REGISTRIES = ("registry.opentofu.org", "registry.terraform.io")


def lay_out(tool: spec.Tool, target: Path) -> None:
    [binary] = (target / "bin").iterdir()
    for registry in REGISTRIES:
        folder = target / "mirror" / registry / SOURCE / tool.version / "_".join(spec.system())
        folder.mkdir(parents=True)
        (folder / binary.name).hardlink_to(binary)
    mirror = cache.path(tool) / "mirror"
    text = f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n'
    (target / spec.CLI_CONFIG).write_text(text, encoding="utf-8")
