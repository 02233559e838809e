import sys

import serving
import settings

_keep: list = []


def main() -> None:
    sys.argv = ["cinder-all", "--config-file", str(settings.ETC / "cinder/cinder.conf")]
    from patches import eventlet_free

    eventlet_free.apply()
    from cinder import coordination, i18n, objects, rpc, version
    from cinder.common import config
    from oslo_config import cfg
    from oslo_log import log
    from oslo_service import wsgi

    i18n.enable_lazy()
    conf = cfg.CONF
    objects.register_all()
    conf(sys.argv[1:], project="cinder", version=version.version_string())
    log.setup(conf, "cinder")
    config.set_middleware_defaults()
    coordination.COORDINATOR.start()
    rpc.init(conf)
    _start_workers()
    serving.run(serving.listen("cinder", wsgi.Loader(conf).load_app(name="osapi_volume")))


def _start_workers() -> None:
    from cinder import service
    from cinder.common import constants

    scheduler = service.Service.create(binary=constants.SCHEDULER_BINARY, host="sandbox")
    volume = service.Service.create(
        binary=constants.VOLUME_BINARY, host="sandbox@fake", service_name="fake", coordination=False
    )
    for worker in (scheduler, volume):
        worker.start()
        _keep.append(worker)
