import sys

import serving
import settings


def main() -> None:
    sys.argv = ["heat-all", "--config-file", str(settings.ETC / "heat/heat.conf")]
    import oslo_i18n
    from oslo_config import cfg
    from oslo_log import log

    oslo_i18n.enable_lazy()
    conf = cfg.CONF
    from heat.common import config, messaging, wsgi
    from heat.engine import service, template
    from heat.rpc import api as rpc_api
    from patches import heat as patches

    patches.apply()
    log.register_options(conf)
    conf(project="heat", prog="heat-engine")
    log.setup(conf, "heat")
    config.set_config_defaults()
    messaging.setup()
    config.startup_sanity_check()
    template._get_template_extension_manager()
    service.EngineService(conf.host, rpc_api.ENGINE_TOPIC).start()
    ini = f"{settings.VENV}/etc/heat/api-paste.ini"
    serving.run(
        serving.listen("heat", wsgi.paste_deploy_app(ini, "heat-api", conf), 16),
        serving.listen("heatcfn", wsgi.paste_deploy_app(ini, "heat-api-cfn", conf), 8),
    )
