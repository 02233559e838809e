import os
import sys

import serving
import settings


def main() -> None:
    os.environ["OS_KEYSTONE_CONFIG_FILES"] = str(settings.ETC / "keystone/keystone.conf")
    os.environ["OS_KEYSTONE_CONFIG_DIR"] = str(settings.ETC / "keystone")
    sys.argv = ["keystone"]
    from keystone.server import wsgi

    serving.run(serving.listen("keystone", wsgi.initialize_public_application()))
