import os
import sys

import serving
import settings


def main() -> None:
    os.environ["OS_NEUTRON_CONFIG_DIR"] = str(settings.ETC / "neutron")
    os.environ["OS_NEUTRON_CONFIG_FILES"] = "neutron.conf"
    sys.argv = ["neutron-api"]
    from neutron import policy, server
    from neutron.server import api

    app = server.boot_server(api.api_server)
    # Made by the first request otherwise; requests beside it would see no rules, and so no public
    # network.
    policy.init()
    serving.run(serving.listen("neutron", app, 32))
