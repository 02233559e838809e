import sys

import serving
import settings


def main() -> None:
    sys.argv = ["magnum-all", "--config-file", str(settings.ETC / "magnum/magnum.conf")]
    import magnum.conf
    from magnum.common import rpc_service, service, short_id

    conf = magnum.conf.CONF
    service.prepare_service(sys.argv)
    conductor = rpc_service.Service.create(
        conf.conductor.topic, short_id.generate_id(), _endpoints(), binary="magnum-conductor"
    )
    _look_often()
    conductor.create_periodic_tasks()
    conductor.start()
    from drivers.magnum.keeper import KEEPER
    from magnum.api import app

    KEEPER.start()

    serving.run(serving.listen("magnum", app.load_app(), 8))


def _look_often() -> None:
    from patches import magnum as patches

    patches.apply()


def _endpoints() -> list:
    from magnum.conductor.handlers import (
        ca_conductor,
        cluster_conductor,
        conductor_listener,
        credential_conductor,
        federation_conductor,
        indirection_api,
        nodegroup_conductor,
    )

    handlers = (cluster_conductor, conductor_listener, credential_conductor, ca_conductor)
    return [
        h.Handler() for h in (indirection_api, *handlers, federation_conductor, nodegroup_conductor)
    ]
