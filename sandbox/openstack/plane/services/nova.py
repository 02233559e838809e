import os
import sys
import threading
import time
import traceback
import urllib.error
import urllib.request

import serving
import settings

#: Fake compute hosts, dealt out to three availability zones: three in each, so that three servers
#: of one zone can be kept apart. Each costs memory and start-up time.
COMPUTES = 9

_keep: list = []


def main() -> None:
    os.environ["OS_NOVA_DISABLE_EVENTLET_PATCHING"] = "true"
    os.environ["OS_NOVA_CONFIG_DIR"] = str(settings.ETC / "nova")
    os.environ["OS_NOVA_CONFIG_FILES"] = "nova.conf"
    sys.argv = ["nova-all", "--config-file", str(settings.ETC / "nova/nova.conf")]
    from nova import monkey_patch

    monkey_patch.patch(backend="threading")
    _configure()
    _start("nova-conductor", "sandbox")
    _start("nova-scheduler", "sandbox")
    server = serving.listen("nova", _api(), 32)
    threading.Thread(target=_start_computes, daemon=True).start()
    serving.run(server)


def _configure() -> None:
    import drivers.nova
    import nova.conf
    import os_brick
    import os_vif
    from nova import config, objects
    from nova.compute import manager
    from oslo_log import log

    # Nova loads drivers by name from below nova.virt only.
    sys.modules["nova.virt.sandbox"] = drivers.nova
    config.parse_args(sys.argv)
    log.setup(nova.conf.CONF, "nova")
    objects.register_all()
    os_brick.setup(nova.conf.CONF)
    os_vif.initialize()
    # Several hosts share a state path; their identity is derived from their names
    # (drivers/nova.py).
    manager.ComputeManager._ensure_existing_node_identity = lambda self, reference: None


def _start(binary: str, host: str, **options) -> None:
    import nova.conf
    from nova import service
    from nova.compute import rpcapi as compute_rpc
    from nova.conductor import rpcapi as conductor_rpc
    from nova.scheduler import rpcapi as scheduler_rpc

    topics = {
        "nova-conductor": conductor_rpc.RPC_TOPIC,
        "nova-scheduler": scheduler_rpc.RPC_TOPIC,
        "nova-compute": compute_rpc.RPC_TOPIC,
    }
    nova.conf.CONF.set_override("host", host)
    worker = service.Service.create(host=host, binary=binary, topic=topics[binary], **options)
    worker.start()
    _keep.append(worker)


def _api():
    import nova.conf
    from nova.api.openstack import wsgi_app
    from oslo_service import _options
    from paste import deploy

    nova.conf.CONF.register_opts(_options.service_opts)
    wsgi_app._setup_service("sandbox", "osapi_compute")
    return deploy.loadapp(f"config:{settings.VENV}/etc/nova/api-paste.ini", name="osapi_compute")


def _start_computes() -> None:
    from nova import context
    from nova.compute import rpcapi
    from nova.objects import host_mapping

    for service in ("keystone", "placement"):
        _wait_for(f"http://{settings.HOST}:{settings.PORTS[service]}/")
    for index in range(COMPUTES):
        _start_compute(f"fake-{index + 1:02d}", rpcapi.RPC_TOPIC_ALT)
    host_mapping.discover_hosts(context.get_admin_context())
    serving.ready("computes")


def _start_compute(host: str, topic_alt: str) -> None:
    """A compute registers with placement, which may be up but busy: it is tried again."""
    for _ in range(30):
        try:
            _start("nova-compute", host, topic_alt=topic_alt)
            return
        except Exception:
            traceback.print_exc()
            time.sleep(1)
    raise RuntimeError(f"{host} does not start")


def _wait_for(url: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
