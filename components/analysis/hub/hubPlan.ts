import { UserError } from "../../errors";
import type { DataMounts } from "../kubernetes/mounts";
import type { HubExposure, HubSettings } from "./hubSettings";
import { loginConfig, loginFindings } from "./login";
import { profileFindings, profileList, USER_TOLERATIONS } from "./profiles";
import { planSession, type SessionPlan, SPARK_CONFIG, SPARK_FOLDER, sparkFindings } from "./sparkSession";

export interface HubPlan {
  /** The chart's values (jupyterhub 4.4.0), without secrets. */
  values: HubValues;
  executorsNamespace: string;
  /** Where a profile has Spark. */
  session?: SessionPlan;
}

/** The parts of the values that others add to. */
export interface HubValues {
  hub: Record<string, unknown>;
  proxy: Record<string, unknown>;
  singleuser: Record<string, unknown>;
  [section: string]: unknown;
}

/** Code that runs within the hub, by the name of its file. */
export interface HubCode {
  keystone: string;
  profileAccess: string;
}

/** Secret with what the chart reads as `hub.existingSecret`. */
export const HUB_SECRET = "hub-secrets";

/** User and group of the servers of Jupyter's images (https://jupyter-docker-stacks.readthedocs.io). */
const NOTEBOOK_USER = 1000;
const NOTEBOOK_GROUP = 100;

/** Plans the chart's values. Throws everything that is wrong at once; `at` is the path of the settings' fields. */
export function planHub(
  settings: HubSettings,
  mountsOf: (user: number) => DataMounts,
  code: HubCode,
  at = "analysis.hub",
): HubPlan {
  const { namespace = "jupyterhub", spark } = settings;
  const executorsNamespace = `${namespace}-executors`;
  const callback = callbackUrl(settings.expose);
  const findings = [
    ...profileFindings(settings, at, spark !== undefined),
    ...loginFindings(settings.login, `${at}.login`, callback),
    ...exposureFindings(settings.expose, `${at}.expose`),
    ...(spark === undefined ? [] : sparkFindings(spark, `${at}.spark`)),
  ];
  if (findings.length > 0) throw UserError.all(findings);
  const session =
    spark === undefined ? undefined : planSession(spark, { hub: namespace, executors: executorsNamespace }, mountsOf);
  const values = {
    custom: { groupProfiles: settings.groupProfiles ?? {} },
    hub: hubValues(settings, callback, code),
    proxy: proxyValues(),
    singleuser: singleuserValues(settings, mountsOf(NOTEBOOK_USER), session),
    scheduling: schedulingValues(settings),
    prePuller: { hook: { enabled: settings.prePull ?? true }, continuous: { enabled: settings.prePull ?? true } },
    cull: cullValues(settings),
    ...ingressValues(settings.expose),
  };
  return { values, executorsNamespace, session };
}

function hubValues(settings: HubSettings, callback: string | undefined, code: HubCode): Record<string, unknown> {
  const { login, namedServers = 0, groupProfiles = {} } = settings;
  const config = loginConfig(login, callback);
  return {
    existingSecret: HUB_SECRET,
    config: {
      ...config,
      // The chart's default lets administrators into everybody's server.
      JupyterHub: { ...config["JupyterHub"], admin_access: false },
      // What the level `restricted` asks beside the chart's own.
      KubeSpawner: {
        pod_security_context: {
          runAsNonRoot: true,
          fsGroup: NOTEBOOK_GROUP,
          seccompProfile: { type: "RuntimeDefault" },
        },
        container_security_context: {
          ...{ runAsUser: NOTEBOOK_USER, allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
      },
    },
    ...(namedServers > 0 && { allowNamedServers: true, namedServerLimitPerUser: namedServers }),
    db: {
      type: "sqlite-pvc",
      pvc: { storage: "1Gi", ...storageClass("storageClassName", settings.home?.storageClass) },
    },
    extraConfig: {
      ...(login.kind === "keystone" && { "10-keystone": code.keystone }),
      ...(Object.keys(groupProfiles).length > 0 && { "20-profile-access": code.profileAccess }),
    },
    resources: { requests: { cpu: "200m", memory: "512Mi" }, limits: { memory: "2Gi" } },
  };
}

/** The proxy is reached within the cluster only; an ingress in front of it ends TLS. */
function proxyValues(): Record<string, unknown> {
  return {
    service: { type: "ClusterIP" },
    chp: { resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "1Gi" } } },
  };
}

function singleuserValues(settings: HubSettings, mounts: DataMounts, session: SessionPlan | undefined) {
  const spark = session !== undefined;
  const environment: Record<string, unknown> = {};
  for (const { name, value } of mounts.env ?? []) environment[name as string] = value;
  return {
    profileList: profileList(settings, session?.override),
    // Settled by the policy, which the chart's privileged container would only repeat.
    cloudMetadata: { blockWithIptables: false },
    networkPolicy: { enabled: true, ingress: session?.notebook.ingress ?? [], egress: session?.notebook.egress ?? [] },
    uid: NOTEBOOK_USER,
    fsGid: NOTEBOOK_GROUP,
    startTimeout: settings.startTimeout ?? 600,
    extraEnv: environment,
    initContainers: mounts.initContainers ?? [],
    storage: {
      ...homeValues(settings),
      extraVolumes: [...mounts.volumes, ...(spark ? [{ name: "spark", configMap: { name: SPARK_CONFIG } }] : [])],
      extraVolumeMounts: [
        ...mounts.volumeMounts,
        ...(spark ? [{ name: "spark", mountPath: SPARK_FOLDER, readOnly: true }] : []),
      ],
    },
  };
}

function homeValues({ home }: HubSettings): Record<string, unknown> {
  if (home === undefined) return { type: "none" };
  return { type: "dynamic", capacity: home.size, dynamic: storageClass("storageClass", home.storageClass) };
}

function storageClass(key: string, name: string | undefined): Record<string, string> {
  return name === undefined ? {} : { [key]: name };
}

function schedulingValues({ packUsers = false }: HubSettings): Record<string, unknown> {
  return {
    userScheduler: { enabled: packUsers },
    userPods: { tolerations: USER_TOLERATIONS },
  };
}

function cullValues({ idle = {} }: HubSettings): Record<string, unknown> {
  const { after = 3600, every = 600, atMost = 0, removeNamedServers = true } = idle;
  return {
    enabled: after > 0,
    timeout: after,
    every: Math.min(every, Math.max(after, 1)),
    maxAge: atMost,
    removeNamedServers,
  };
}

function callbackUrl(expose: HubExposure | undefined): string | undefined {
  return expose === undefined ? undefined : `https://${expose.host}/hub/oauth_callback`;
}

function ingressValues(expose: HubExposure | undefined): Record<string, unknown> {
  if (expose === undefined) return { ingress: { enabled: false } };
  const { host, ingressClass, tlsSecret, clusterIssuer, annotations = {} } = expose;
  const issuer = clusterIssuer === undefined ? {} : { "cert-manager.io/cluster-issuer": clusterIssuer };
  return {
    ingress: {
      ...{ enabled: true, hosts: [host], annotations: { ...issuer, ...annotations } },
      ...(ingressClass !== undefined && { ingressClassName: ingressClass }),
      tls: [{ hosts: [host], secretName: tlsSecret ?? "hub-tls" }],
    },
  };
}

function exposureFindings(expose: HubExposure | undefined, at: string): string[] {
  if (expose === undefined) return [];
  const findings: string[] = [];
  if (!/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]+$/.test(expose.host))
    findings.push(`\`${at}.host\` must be a host's full name, such as \`hub.example.org\`, got \`${expose.host}\`.`);
  if (expose.tlsSecret === undefined && expose.clusterIssuer === undefined)
    findings.push(
      `\`${at}\` has no certificate; logins would pass in the clear. Name \`tlsSecret\`, or cert-manager's \`clusterIssuer\`.`,
    );
  return findings;
}
