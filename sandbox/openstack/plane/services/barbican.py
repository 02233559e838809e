import sys

import serving
import settings


def main() -> None:
    sys.argv = ["barbican-api"]
    from paste import deploy

    app = deploy.loadapp(f"config:{settings.ETC}/barbican/barbican-api-paste.ini")
    serving.run(serving.listen("barbican", app, 8))
