"""Writes an instance's configuration: conf/*.conf are the services' own files with ${…} for paths,
ports and logins."""

import json
import shutil
import subprocess
from pathlib import Path
from string import Template

from . import kubernetes, paths, ports
from .errors import UserError

#: Every service user's password, and the demo user's: the cloud listens on loopback and holds
#: nothing.
PASSWORD = "sandbox"

_USERS = (
    "nova",
    "glance",
    "placement",
    "neutron",
    "cinder",
    "heat",
    "magnum",
    "octavia",
    "barbican",
)

#: Where each service looks for its configuration below etc/.
_FILES = {
    "keystone": "keystone/keystone.conf",
    "placement": "placement/placement.conf",
    "glance": "glance/glance-api.conf",
    "nova": "nova/nova.conf",
    "neutron": "neutron/neutron.conf",
    "cinder": "cinder/cinder.conf",
    "heat": "heat/heat.conf",
    "magnum": "magnum/magnum.conf",
    "octavia": "octavia/octavia.conf",
    "barbican": "barbican/barbican.conf",
}

_FOLDERS = (
    "db",
    "glance/images",
    "glance/staging",
    "glance/tasks",
    "nova",
    "fernet",
    "cred",
    "lock",
    "magnum",
    "cinder",
    "home",
)


def write(instance: paths.Instance, venv: Path, chosen: dict[str, int]) -> None:
    """Writes etc/, clouds.yaml and instance.json; makes the folders that the services expect."""
    for folder in _FOLDERS:
        (instance.var / folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    instance.log.mkdir(exist_ok=True)
    for service, file in _FILES.items():
        target = instance.etc / file
        target.parent.mkdir(parents=True, exist_ok=True)
        text = Template((paths.SOURCES / "conf" / f"{service}.conf").read_text())
        target.write_text(text.substitute(_values(instance, venv, chosen, service)))
    _write_extras(instance, venv)
    _write_clouds(instance, chosen)
    settings = {
        "ports": chosen,
        "venv": str(venv),
        "password": PASSWORD,
        "kubernetes": kubernetes.tools(),
    }
    instance.settings.write_text(json.dumps(settings, indent=2))


def _values(
    instance: paths.Instance, venv: Path, chosen: dict[str, int], service: str
) -> dict[str, str]:
    auth = {f"auth_{user}": _auth(user, chosen) for user in _USERS}
    return {
        **auth,
        "auth": auth.get(f"auth_{service}", ""),
        **{f"{name}_port": str(port) for name, port in chosen.items()},
        "venv": str(venv),
        "var": str(instance.var),
        "etc": str(instance.etc),
        "log": str(instance.log),
        "password": PASSWORD,
    }


def auth_url(chosen: dict[str, int]) -> str:
    return f"http://{ports.HOST}:{chosen['keystone']}/v3"


def _auth(user: str, chosen: dict[str, int]) -> str:
    return "\n".join(
        [
            f"www_authenticate_uri = {auth_url(chosen)}",
            f"auth_url = {auth_url(chosen)}",
            "auth_type = password",
            f"username = {user}",
            f"password = {PASSWORD}",
            "project_name = service",
            "user_domain_name = Default",
            "project_domain_name = Default",
            "region_name = RegionOne",
        ]
    )


def _write_extras(instance: paths.Instance, venv: Path) -> None:
    """Files beside the configuration that some services insist on."""
    (instance.etc / "magnum/k8s_keystone_auth_default_policy.json").write_text("[]\n")
    paste = (venv / "etc/barbican/barbican-api-paste.ini").read_text()
    factory = "paste.filter_factory = keystonemiddleware.auth_token:filter_factory"
    # Without the project's name the middleware reads its options from nowhere.
    paste = paste.replace(factory, f"{factory}\noslo_config_project = barbican")
    (instance.etc / "barbican/barbican-api-paste.ini").write_text(paste)
    # Barbican looks for its configuration below the home folder only.
    link = instance.var / "home/.barbican"
    if not link.is_symlink():
        link.symlink_to(instance.etc / "barbican")
    if not (instance.etc / "octavia/ca.pem").exists():
        _make_octavia_ca(instance.etc / "octavia")


def _make_octavia_ca(folder: Path) -> None:
    if shutil.which("openssl") is None:
        raise UserError("The command openssl is missing; Octavia needs a certificate authority.")
    subject = [
        "-x509",
        "-newkey",
        "rsa:2048",
        "-passout",
        "pass:sandpass",
        "-days",
        "3650",
        "-subj",
        "/CN=sandbox",
    ]
    subprocess.run(
        ["openssl", "req", *subject, "-keyout", folder / "ca.key", "-out", folder / "ca.pem"],
        check=True,
        capture_output=True,
    )


def _write_clouds(instance: paths.Instance, chosen: dict[str, int]) -> None:
    def entry(user: str, project: str) -> str:
        return f"""    region_name: RegionOne
    identity_api_version: 3
    auth:
      auth_url: {auth_url(chosen)}
      username: {user}
      password: {PASSWORD}
      project_name: {project}
      user_domain_name: Default
      project_domain_name: Default
"""

    text = (
        f"clouds:\n  sandbox:\n{entry('demo', 'demo')}  sandbox-admin:\n{entry('admin', 'admin')}"
    )
    instance.clouds.touch(mode=0o600)
    instance.clouds.write_text(text)
