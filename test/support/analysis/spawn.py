"""Makes the pod that the hub's KubeSpawner would ask Kubernetes for, of each profile, from the chart's values.

Reads `{"values": …, "spawns": [{"profile": slug or null, "groups": […]}]}` and writes a list of pods. What the chart's own
configuration does with `singleuser.*` (jupyterhub 4.4.0) is written down here, for the values that we set.
"""

import asyncio
import json
import re
import sys
import types
from unittest.mock import Mock

import kubespawner.spawner
from jupyterhub.objects import Hub, Server
from kubernetes_asyncio.client import ApiClient
from kubespawner import KubeSpawner
from traitlets.config import Config

# Nobody is asked: what is wanted is the pod that would be sent.
kubespawner.spawner.load_config = lambda *_, **__: None

#: Traits of KubeSpawner that are named otherwise in the values.
RENAMED = {
    "events_enabled": "events",
    "service_account": "serviceAccountName",
    "environment": "extraEnv",
    "node_affinity_required": "extraNodeAffinity.required",
    "mem_limit": "memory.limit",
    "mem_guarantee": "memory.guarantee",
    "cpu_limit": "cpu.limit",
    "cpu_guarantee": "cpu.guarantee",
    "extra_resource_limits": "extraResource.limits",
    "extra_resource_guarantees": "extraResource.guarantees",
}
SAME = ("start_timeout", "extra_labels", "uid", "fs_gid", "node_selector", "init_containers", "profile_list")

#: Of the chart's own values, those that count here.
DEFAULTS = {
    "extraLabels": {"hub.jupyter.org/network-access-hub": "true"},
    "memory": {"guarantee": "1G"},
    "events": True,
}


def looked_up(values, path):
    for part in path.split("."):
        values = values.get(part) if isinstance(values, dict) else None
    return values


def config_of(values):
    single = {**DEFAULTS, **values["singleuser"]}
    config = Config()
    spawner = config.KubeSpawner
    spawner.common_labels = {"app.kubernetes.io/name": "jupyterhub", "app.kubernetes.io/instance": "jupyterhub"}
    spawner.namespace = "jupyterhub"
    for trait in SAME:
        camel = re.sub(r"_([a-z])", lambda match: match.group(1).upper(), trait)
        set_if_given(spawner, trait, single.get(camel))
    for trait, path in RENAMED.items():
        set_if_given(spawner, trait, looked_up(single, path))
    spawner.image = "quay.io/jupyterhub/k8s-singleuser-sample:4.4.0"
    spawner.cmd = ["jupyterhub-singleuser"]
    spawner.tolerations = values["scheduling"]["userPods"]["tolerations"]
    volumes, mounts = {}, {}
    storage = single["storage"]
    if storage["type"] == "dynamic":
        name = "volume-{user_server}"
        spawner.storage_pvc_ensure = True
        set_if_given(spawner, "storage_class", looked_up(storage, "dynamic.storageClass"))
        set_if_given(spawner, "storage_capacity", storage.get("capacity"))
        volumes[name] = {"name": name, "persistentVolumeClaim": {"claimName": "{pvc_name}"}}
        mounts[name] = {"mountPath": "/home/jovyan", "name": name}
    volumes.update({volume["name"]: volume for volume in storage["extraVolumes"]})
    mounts.update({f"{at}-{mount['name']}": mount for at, mount in enumerate(storage["extraVolumeMounts"])})
    spawner.volumes, spawner.volume_mounts = volumes, mounts
    for section, settings in values["hub"]["config"].items():
        config[section].update(settings)
    run_extra_config(config, values)
    return config


def set_if_given(spawner, trait, value):
    if value is not None:
        setattr(spawner, trait, value)


def run_extra_config(config, values):
    """As the chart does: in the order of names, with `c` and its module `z2jh`."""
    module = types.ModuleType("z2jh")
    module.get_config = lambda key, default=None: looked_up(values, key) or default
    sys.modules["z2jh"] = module
    for _, code in sorted(values["hub"].get("extraConfig", {}).items()):
        exec(code, {"c": config, "__name__": "extra_config"})


def user_of(groups):
    user = Mock(escaped_name="alice", url="/user/alice/", base_url="/user/alice/", server=Server(), groups=[])
    user.name = "alice"
    for group in groups:
        member = Mock()
        member.name = group
        user.groups.append(member)
    return user


async def render(config, spawn):
    spawner = KubeSpawner(hub=Hub(), user=user_of(spawn["groups"]), config=config, _mock=True)
    spawner.user_options = {} if spawn["profile"] is None else {"profile": spawn["profile"]}
    try:
        await spawner.load_user_options()
    except ValueError as error:
        return {"refused": str(error)}
    pod = ApiClient().sanitize_for_serialization(await spawner.get_pod_manifest())
    pvc = ApiClient().sanitize_for_serialization(spawner.get_pvc_manifest()) if spawner.storage_pvc_ensure else None
    return {"pod": pod, "pvc": pvc}


async def main():
    given = json.load(sys.stdin)
    json.dump([await render(config_of(given["values"]), spawn) for spawn in given["spawns"]], sys.stdout)


asyncio.run(main())
