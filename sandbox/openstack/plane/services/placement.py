import os
import sys

import serving
import settings


def main() -> None:
    os.environ["OS_PLACEMENT_CONFIG_DIR"] = str(settings.ETC / "placement")
    sys.argv = ["placement-api"]
    from placement import wsgi

    serving.run(serving.listen("placement", wsgi.init_application()))
