import { readFileSync } from "node:fs";
import { join } from "node:path";

import { dataMounts } from "../../../components/analysis/data/mounts";
import { type HubCode, type HubPlan, planHub } from "../../../components/analysis/hub/hubPlan";
import type { HubSettings } from "../../../components/analysis/hub/hubSettings";
import { CHECKOUT } from "../../../tools/workspace/workspace";

const code = (file: string) => readFileSync(join(CHECKOUT, "components/analysis/hub", file), "utf8");

export const HUB_CODE: HubCode = {
  keystone: code("keystone_authenticator.py"),
  profileAccess: code("profile_access.py"),
};

/** A hub with a small profile, one with Spark and one with a GPU that only the group `ml` sees. */
export function hubSettings(over: Partial<HubSettings> = {}): HubSettings {
  return {
    profiles: {
      small: {
        ...{ displayName: "Small", image: "quay.io/jupyter/scipy-notebook:2026-10-05" },
        ...{ cores: { guarantee: 0.5, limit: 2 }, memoryGiB: { guarantee: 1, limit: 4 } },
      },
      spark: {
        ...{ displayName: "Spark", image: "quay.io/jupyter/pyspark-notebook:spark-4.1.1", spark: true },
        ...{ cores: { guarantee: 1 }, memoryGiB: { guarantee: 4 }, placement: { nodeGroups: ["analysis"] } },
      },
      gpu: {
        ...{ displayName: "GPU", image: "quay.io/jupyter/pytorch-notebook:cuda12-2026-10-05", gpus: 1 },
        ...{ cores: { guarantee: 4 }, memoryGiB: { guarantee: 16 } },
        placement: {
          roles: ["gpu"],
          tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
        },
      },
    },
    defaultProfile: "small",
    groupProfiles: { ml: ["gpu"] },
    login: {
      ...{ kind: "oidc", groups: ["physicists"], admins: ["root"] },
      oidc: {
        ...{ clientId: "hub", authorizeUrl: "https://idp.example.org/auth" },
        ...{ tokenUrl: "https://idp.example.org/token", userinfoUrl: "https://idp.example.org/userinfo" },
      },
    },
    home: { storageClass: "cinder", size: "10Gi" },
    spark: { image: "docker.io/apache/spark:4.1.1-python3" },
    expose: { host: "hub.example.org", clusterIssuer: "letsencrypt" },
    ...over,
  };
}

/** The plan with CVMFS and EOS, and a token of EOS's in every pod. */
export function hubPlan(over: Partial<HubSettings> = {}): HubPlan {
  const image = "docker.io/library/busybox:1.37.0";
  const mountsOf = (user: number) =>
    dataMounts({ cvmfs: {}, eos: { credential: { kind: "oauth2", secret: "eos-token", image } } }, user);
  return planHub(hubSettings(over), mountsOf, HUB_CODE);
}
