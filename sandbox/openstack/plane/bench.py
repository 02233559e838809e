"""`python -m bench SERVERS PARALLEL`: what a server with a port costs."""

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import settings

os.environ["OS_CLIENT_CONFIG_FILE"] = str(settings.ROOT / "clouds.yaml")

import json

import openstack


def processor_seconds() -> dict[str, float]:
    """Processor time of each of the control plane's processes so far."""
    seconds = {}
    for name, process in json.loads((settings.ROOT / "plane.json").read_text()).items():
        fields = Path(f"/proc/{process['pid']}/stat").read_text().rpartition(")")[2].split()
        seconds[name] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


def spent(since: dict[str, float], servers: int) -> str:
    """What each server has cost since then, in all and in the dearest services."""
    each = {name: (now - since[name]) / servers for name, now in processor_seconds().items()}
    dearest = sorted(each, key=lambda name: -each[name])[:4]
    shares = ", ".join(f"{name} {each[name]:.2f}" for name in dearest)
    return f"{sum(each.values()):.2f} processor-s each ({shares})"


def main(servers: int, parallel: int) -> None:
    cloud = openstack.connect(cloud="sandbox")
    network = cloud.network.create_network(name="bench")
    subnet = cloud.network.create_subnet(
        name="bench", network_id=network.id, ip_version=4, cidr="10.99.0.0/16"
    )
    flavor, image = cloud.compute.find_flavor("m1.tiny"), cloud.image.find_image("cirros")

    def create(index: int):
        port = cloud.network.create_port(name=f"bench-{index}", network_id=network.id)
        server = cloud.compute.create_server(
            name=f"bench-{index}",
            flavor_id=flavor.id,
            image_id=image.id,
            networks=[{"port": port.id}],
        )
        return cloud.compute.wait_for_server(server, interval=1, wait=600), port

    def delete(made) -> None:
        server, port = made
        cloud.compute.delete_server(server)
        cloud.compute.wait_for_delete(server, interval=1, wait=600)
        cloud.network.delete_port(port)

    with ThreadPoolExecutor(parallel) as pool:
        made: list = []
        for what, work in (
            ("created", lambda: made.extend(pool.map(create, range(servers)))),
            ("deleted", lambda: list(pool.map(delete, made))),
        ):
            started, used = time.monotonic(), processor_seconds()
            work()
            seconds = time.monotonic() - started
            pace = f"{parallel} at a time: {seconds:.1f} s"
            print(f"{servers} servers {what}, {pace}, {spent(used, servers)}", flush=True)
    cloud.network.delete_subnet(subnet)
    cloud.network.delete_network(network)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
