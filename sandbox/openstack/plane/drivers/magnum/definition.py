"""The parameters of the sandbox's Heat template, and what Magnum reads from its outputs."""

from pathlib import Path

import yaml
from magnum.drivers.heat import k8s_template_def
from magnum.drivers.k8s_fedora_coreos_v1 import template_def

from drivers.magnum.keeper import KEEPER

TEMPLATE = Path(__file__).parent / "k8s_sandbox.yaml"


class Definition(template_def.FCOSK8sTemplateDefinition):
    """Upstream's definition for another template."""

    def __init__(self) -> None:
        super().__init__()
        for mapping in self.output_mappings:
            if isinstance(mapping, k8s_template_def.K8sApiAddressOutputMapping):
                mapping.set_output = _api_address(mapping.set_output)

    @property
    def template_path(self) -> str:
        return str(TEMPLATE)

    def get_discovery_url(self, cluster):
        if not cluster.discovery_url:
            cluster.discovery_url = "http://127.0.0.1/none"
        return cluster.discovery_url

    def get_env_files(self, cluster_template, cluster, nodegroup=None):
        return []

    def extract_definition(self, context, cluster_template, cluster, **kwargs):
        path, params, env = super().extract_definition(context, cluster_template, cluster, **kwargs)
        known = yaml.safe_load(TEMPLATE.read_text())["parameters"]
        return path, _Only(params, known), env


def _api_address(from_stack):
    """The address is the control plane's where the cluster has one, else the first master's."""

    def set_output(stack, cluster_template, cluster):
        plane = KEEPER.plane(cluster.uuid)
        if plane is None:
            from_stack(stack, cluster_template, cluster)
        else:
            cluster.api_address = plane.url

    return set_output


class _Only(dict):
    """Drops the parameters that the small template does not declare, also on later updates."""

    def __init__(self, params, known):
        self._known = known
        super().__init__((k, v) for k, v in params.items() if k in known and v is not None)

    def __setitem__(self, k, v):
        if k in self._known:
            super().__setitem__(k, v)

    def update(self, other=(), **kw):
        for k, v in dict(other, **kw).items():
            self[k] = v
