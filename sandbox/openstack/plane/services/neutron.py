import os
import sys

import serving
import settings


def main() -> None:
    os.environ["OS_NEUTRON_CONFIG_DIR"] = str(settings.ETC / "neutron")
    os.environ["OS_NEUTRON_CONFIG_FILES"] = "neutron.conf"
    sys.argv = ["neutron-api"]
    from neutron import server
    from neutron.server import api

    serving.run(serving.listen("neutron", server.boot_server(api.api_server), 32))
