import os
import sys

import serving
import settings


def main() -> None:
    os.environ["OS_GLANCE_CONFIG_DIR"] = str(settings.ETC / "glance")
    sys.argv = ["glance-api"]
    from glance.common import wsgi_app

    serving.run(serving.listen("glance", wsgi_app.init_app(), 8))
