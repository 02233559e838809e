"""`python -m bench SERVERS PARALLEL`: what a server with a port costs."""

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import settings

os.environ["OS_CLIENT_CONFIG_FILE"] = str(settings.ROOT / "clouds.yaml")

import json  # noqa: E402

import openstack  # noqa: E402


def processor_seconds() -> float:
    """Processor time of the whole control plane so far."""
    ticks = 0
    for process in json.loads((settings.ROOT / "plane.json").read_text()).values():
        fields = Path(f"/proc/{process['pid']}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def main(servers: int, parallel: int) -> None:
    cloud = openstack.connect(cloud="sandbox")
    network = cloud.network.create_network(name="bench")
    subnet = cloud.network.create_subnet(name="bench", network_id=network.id, ip_version=4, cidr="10.99.0.0/16")
    flavor, image = cloud.compute.find_flavor("m1.tiny"), cloud.image.find_image("cirros")

    def create(index: int):
        port = cloud.network.create_port(name=f"bench-{index}", network_id=network.id)
        server = cloud.compute.create_server(
            name=f"bench-{index}", flavor_id=flavor.id, image_id=image.id, networks=[{"port": port.id}]
        )
        return cloud.compute.wait_for_server(server, interval=1, wait=600), port

    def delete(made) -> None:
        server, port = made
        cloud.compute.delete_server(server)
        cloud.compute.wait_for_delete(server, interval=1, wait=600)
        cloud.network.delete_port(port)

    with ThreadPoolExecutor(parallel) as pool:
        started, used = time.monotonic(), processor_seconds()
        made = list(pool.map(create, range(servers)))
        seconds, processor = time.monotonic() - started, processor_seconds() - used
        print(f"{servers} servers, {parallel} at a time: {seconds:.1f} s, {processor / servers:.2f} processor-s each")
        started = time.monotonic()
        list(pool.map(delete, made))
        print(f"deleted in {time.monotonic() - started:.1f} s")
    cloud.network.delete_subnet(subnet)
    cloud.network.delete_network(network)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
