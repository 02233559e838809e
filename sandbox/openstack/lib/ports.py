"""Free ports on loopback, kept by an instance as long as nobody else takes them."""

import socket

SERVICES = (
    "keystone",
    "glance",
    "placement",
    "nova",
    "neutron",
    "heat",
    "heatcfn",
    "magnum",
    "cinder",
    "octavia",
    "barbican",
)

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def listens(port: int) -> bool:
    """Whether somebody accepts connections; a port can also be unfree for a while after its
    listener has gone."""
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex((HOST, port)) == 0


def choose(before: dict[str, int]) -> dict[str, int]:
    """The ports of last time where they are still free, others where they are not."""
    ports: dict[str, int] = {}
    for service in SERVICES:
        kept = before.get(service)
        ports[service] = kept if kept and is_free(kept) else _free(set(ports.values()))
    return ports


def _free(taken: set[int]) -> int:
    while True:
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            port = probe.getsockname()[1]
        if port not in taken:
            return port
