"""`python -m seed identity|cloud`: what a fresh cloud has. Run once, when the image is prepared."""

import os
import sys
import time

import settings

os.environ["OS_CLIENT_CONFIG_FILE"] = str(settings.ROOT / "clouds.yaml")

import openstack

ROLES = (
    "service",
    "heat_stack_user",
    "heat_stack_owner",
    "creator",
    "load-balancer_member",
    "load-balancer_admin",
)
SERVICE_USERS = (
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
#: What the project's user may do: deploy everything that the components deploy.
USER_ROLES = ("member", "heat_stack_owner", "creator", "load-balancer_member")
ZONES = ("az-1", "az-2", "az-3")

#: name, type, service that has the port, path
CATALOGUE = (
    ("glance", "image", "glance", ""),
    ("placement", "placement", "placement", ""),
    ("nova", "compute", "nova", "/v2.1"),
    ("neutron", "network", "neutron", ""),
    ("heat", "orchestration", "heat", "/v1/%(tenant_id)s"),
    ("heat-cfn", "cloudformation", "heatcfn", "/v1"),
    ("magnum", "container-infra", "magnum", "/v1"),
    ("cinder", "block-storage", "cinder", "/v3"),
    ("cinderv3", "volumev3", "cinder", "/v3/%(project_id)s"),
    ("octavia", "load-balancer", "octavia", ""),
    ("barbican", "key-manager", "barbican", ""),
)

#: name, vCPUs, MiB of RAM, GiB of disk
FLAVORS = (
    ("m1.tiny", 1, 512, 1),
    ("m1.small", 1, 2048, 10),
    ("m1.medium", 2, 4096, 20),
    ("m1.large", 4, 8192, 40),
)


def identity(cloud) -> None:
    keystone = cloud.identity
    roles = {role.name: role for role in keystone.roles()}
    for name in ROLES:
        if name not in roles:
            roles[name] = keystone.create_role(name=name)
    service = keystone.create_project(name="service", domain_id="default")
    for name in SERVICE_USERS:
        user = keystone.create_user(name=name, domain_id="default", password=settings.PASSWORD)
        for role in ("admin", "service"):
            keystone.assign_project_role_to_user(service, user, roles[role])
    _add_user(keystone, roles)
    _add_catalogue(keystone)
    for domain_name in ("heat", "magnum"):
        # Both services keep the users that they create for stacks and clusters in a domain of their
        # own.
        domain = keystone.create_domain(name=domain_name)
        admin = keystone.create_user(
            name=f"{domain_name}_domain_admin", domain_id=domain.id, password=settings.PASSWORD
        )
        keystone.assign_domain_role_to_user(domain, admin, roles["admin"])


def _add_user(keystone, roles) -> None:
    project = keystone.create_project(name="demo", domain_id="default")
    user = keystone.create_user(
        name="demo", domain_id="default", password=settings.PASSWORD, default_project_id=project.id
    )
    admin = keystone.find_user("admin")
    for role in USER_ROLES:
        keystone.assign_project_role_to_user(project, user, roles[role])
    keystone.assign_project_role_to_user(project, admin, roles["admin"])


def _add_catalogue(keystone) -> None:
    for name, kind, service, path in CATALOGUE:
        created = keystone.create_service(name=name, type=kind)
        url = f"http://{settings.HOST}:{settings.PORTS[service]}{path}"
        for interface in ("public", "internal", "admin"):
            keystone.create_endpoint(
                service_id=created.id, interface=interface, url=url, region_id="RegionOne"
            )


def cloud(cloud) -> None:
    for name, cpus, ram, disk in FLAVORS:
        cloud.compute.create_flavor(name=name, vcpus=cpus, ram=ram, disk=disk)
    for name, properties in (
        ("cirros", {}),
        ("debian-12", {"os_distro": "debian"}),
        # Its guests never get ready, see drivers/nova.py.
        ("debian-12-unready", {"os_distro": "debian", "sandbox_health": "never"}),
        ("fedora-coreos", {"os_distro": "fedora-coreos"}),
        # Its clusters are upgraded where they are, see drivers/magnum/in_place.py.
        ("ubuntu-kubernetes", {"os_distro": "ubuntu"}),
    ):
        # Nothing boots: a few bytes stand for a disk.
        cloud.create_image(
            name,
            data=b"not a disk\n",
            disk_format="raw",
            container_format="bare",
            wait=True,
            visibility="public",
            allow_duplicates=True,
            **properties,
        )
    _add_networks(cloud.network)
    cloud.block_storage.create_type(name="fake", is_public=True)
    _add_zones(cloud.compute)


def _add_networks(neutron) -> None:
    public = neutron.create_network(
        name="public",
        is_router_external=True,
        is_shared=False,
        provider_network_type="flat",
        provider_physical_network="public",
    )
    for name, version, cidr, gateway in (
        ("public-subnet", 4, "172.24.0.0/16", "172.24.0.1"),
        ("public-subnet-v6", 6, "2001:db8::/64", "2001:db8::1"),
    ):
        neutron.create_subnet(
            name=name,
            network_id=public.id,
            ip_version=version,
            cidr=cidr,
            enable_dhcp=False,
            gateway_ip=gateway,
        )


def _add_zones(nova) -> None:
    """Deals the fake hosts out to the zones."""
    hosts = sorted({h.name.split(".")[0] for h in _hypervisors(nova)})
    for index, zone in enumerate(ZONES):
        aggregate = nova.create_aggregate(name=zone, availability_zone=zone)
        for host in hosts[index :: len(ZONES)]:
            nova.add_host_to_aggregate(aggregate, host)


def _hypervisors(nova) -> list:
    for _ in range(120):
        found = list(nova.hypervisors())
        if len(found) >= len(ZONES):
            return found
        time.sleep(0.5)
    raise SystemExit("the computes did not register")


if __name__ == "__main__":
    globals()[sys.argv[1]](openstack.connect(cloud="sandbox-admin"))
