import sys

import serving
import settings


def main() -> None:
    sys.argv = ["octavia-all", "--config-file", str(settings.ETC / "octavia/octavia.conf")]
    from octavia.api import app

    application = app.setup_app(argv=sys.argv)
    _start_worker()
    serving.run(serving.listen("octavia", application, 8))


def _start_worker() -> None:
    """The controller worker's consumer without its process manager (cotyledon), which would fork
    again."""
    from octavia.common import constants
    from octavia.controller.queue.v2 import consumer
    from oslo_config import cfg
    from oslo_messaging.rpc import dispatcher

    worker = object.__new__(consumer.ConsumerService)
    worker.conf = cfg.CONF
    worker.topic = constants.TOPIC_AMPHORA_V2
    worker.server = cfg.CONF.host
    worker.endpoints = []
    worker.access_policy = dispatcher.DefaultRPCAccessPolicy
    worker.message_listener = None
    worker.run()
