import { createHash } from "node:crypto";

import { Secret } from "@pulumi/kubernetes/core/v1/secret";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy";
import * as pulumi from "@pulumi/pulumi";
import { RandomBytes } from "@pulumi/random/randomBytes";
import { RandomPassword } from "@pulumi/random/randomPassword";

import { UserError } from "../../errors";
import { DataVolumes } from "../data/DataVolumes";
import { dataMounts, type EosCredential } from "../data/mounts";
import { ChartRelease } from "../kubernetes/ChartRelease";
import type { ChartSource } from "../kubernetes/charts";
import { recommendedLabels } from "../kubernetes/labels";
import { API_SERVER_PORTS, mayReach } from "../kubernetes/networkPolicies";
import { WorkloadNamespace } from "../kubernetes/WorkloadNamespace";
import { hubCode } from "./hubCode";
import { HUB_SECRET, type HubPlan, planHub } from "./hubPlan";
import type { HubSettings } from "./hubSettings";
import { NotebookSpark } from "./NotebookSpark";
import type { SessionPlan } from "./sparkSession";

export interface HubArgs {
  settings: HubSettings;
  /** Secret of the client that is registered with the OpenID Connect provider; needed with `oidc`. In place. */
  oidcClientSecret?: pulumi.Input<string>;
  /** Class of the CVMFS driver, as `Cvmfs.storageClass`; mounts `/cvmfs` in servers and executors. Default: none. */
  cvmfsClass?: pulumi.Input<string>;
  /** Class of the EOS driver, as `Eos.storageClass`; mounts `/eos` in servers and executors. Default: none. */
  eosClass?: pulumi.Input<string>;
  /** By what EOS knows servers and executors; its Secret must be in both namespaces. Default: the node's keytab. */
  eosCredential?: EosCredential;
  /** Where the chart is taken from. In place. */
  source?: ChartSource;
  /** Path of the settings in the configuration, for errors. Default `analysis.hub`. */
  field?: string;
}

/** JupyterHub: servers by profiles, logins, users' volumes, software and data, and sessions of Spark in the cluster. */
export class Hub extends pulumi.ComponentResource {
  /** Where users reach it: an address outside the cluster, or the service within. Known once it is ready. */
  readonly url: pulumi.Output<string>;
  /** Namespaces of servers and, with `spark`, of their executors: where `eosCredential.secret` must be. */
  readonly namespaces: { servers: pulumi.Output<string>; executors?: pulumi.Output<string> };
  /** The password that all share, with `shared-password`; secret. */
  readonly sharedPassword: pulumi.Output<string | undefined>;

  constructor(name: string, args: HubArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:Hub", name, {}, opts);
    const { settings, source } = args;
    checkClientSecret(args);
    const plan = planHub(settings, mountsOf(args), hubCode(), args.field);
    const part = { name: "jupyterhub", instance: name };
    const { namespace } = new WorkloadNamespace(
      name,
      { namespace: settings.namespace ?? "jupyterhub", part, quota: settings.quota },
      { parent: this },
    );
    const secrets = this.secrets(name, args, namespace);
    const before = [secrets.secret, this.policy(name, namespace), ...this.volumes(name, args, namespace)];
    const spark = plan.session && this.spark(name, args, namespace, plan.executorsNamespace, plan.session);
    this.namespaces = { servers: namespace, ...(spark && { executors: spark.namespace }) };
    const { ready } = new ChartRelease(
      `${name}-chart`,
      {
        chart: "jupyterhub",
        releaseName: "jupyterhub",
        namespace,
        values: withSecrets(plan, secrets),
        source,
        timeout: 1200,
      },
      { parent: this, dependsOn: [...before, ...(spark ? [spark] : [])] },
    );
    const host = settings.expose?.host;
    this.url = pulumi
      .all([ready, namespace])
      .apply(([, where]) => (host === undefined ? `http://proxy-public.${where}.svc` : `https://${host}`));
    this.sharedPassword = secrets.sharedPassword;
    this.registerOutputs({ url: this.url, sharedPassword: this.sharedPassword });
  }

  /** What the hub reads beside the chart's values, so that those are no secret. */
  private secrets(name: string, { settings, oidcClientSecret }: HubArgs, namespace: pulumi.Input<string>): HubSecrets {
    const parent = { parent: this };
    const hex = (what: string) => new RandomBytes(`${name}-${what}`, { length: 32 }, parent).hex;
    const [cookies, state] = [hex("cookies"), hex("state")];
    const password = (what: string) =>
      pulumi.secret(new RandomPassword(`${name}-${what}`, { length: 48, special: false }, parent).result);
    const sharedPassword = settings.login.kind === "shared-password" ? password("login") : undefined;
    const overlay = pulumi
      .all([oidcClientSecret, sharedPassword])
      .apply(([client, shared]) => JSON.stringify(secretValues(client, shared)));
    const stringData = {
      "values.yaml": pulumi.secret(overlay),
      "hub.config.JupyterHub.cookie_secret": pulumi.secret(cookies),
      "hub.config.CryptKeeper.keys": pulumi.secret(state),
    };
    const labels = recommendedLabels({ name: "jupyterhub", instance: name });
    const secret = new Secret(
      `${name}-secrets`,
      { metadata: { name: HUB_SECRET, namespace, labels }, stringData },
      parent,
    );
    const checksum = pulumi.all(Object.values(stringData)).apply((all) => digest(all.join("\n")));
    return {
      ...{ secret, proxyToken: password("proxy"), checksum },
      sharedPassword: sharedPassword ?? pulumi.output(undefined),
    };
  }

  /** The way to Kubernetes' API, for those of the chart's pods that have no policy of the chart's. */
  private policy(name: string, namespace: pulumi.Input<string>): pulumi.Resource {
    const labels = recommendedLabels({ name: "jupyterhub", instance: name });
    const components = ["user-scheduler", "image-puller"];
    const podSelector = {
      matchExpressions: [{ key: "app.kubernetes.io/component", operator: "In", values: components }],
    };
    const spec = { ...mayReach({}, [], API_SERVER_PORTS), podSelector };
    return new NetworkPolicy(`${name}-api`, { metadata: { name: "api", namespace, labels }, spec }, { parent: this });
  }

  private spark(
    name: string,
    { settings, cvmfsClass, eosClass }: HubArgs,
    notebookNamespace: pulumi.Output<string>,
    namespace: string,
    session: SessionPlan,
  ): NotebookSpark {
    const { quota } = settings.spark ?? {};
    const args = { notebookNamespace, namespace, session, quota, cvmfsClass, eosClass };
    return new NotebookSpark(`${name}-spark`, args, { parent: this });
  }

  private volumes(name: string, { cvmfsClass, eosClass }: HubArgs, namespace: pulumi.Input<string>): pulumi.Resource[] {
    if (cvmfsClass === undefined && eosClass === undefined) return [];
    return [new DataVolumes(`${name}-data`, { namespace, instance: name, cvmfsClass, eosClass }, { parent: this })];
  }
}

interface HubSecrets {
  secret: pulumi.Resource;
  proxyToken: pulumi.Output<string>;
  sharedPassword: pulumi.Output<string | undefined>;
  checksum: pulumi.Output<string>;
}

function checkClientSecret({ settings, oidcClientSecret, field = "analysis.hub" }: HubArgs): void {
  if (settings.login.kind === "oidc" && oidcClientSecret === undefined)
    throw new UserError(
      `\`${field}.login.oidc\` needs the client's secret, which the provider gave with its id. Give it as a secret of the stack.`,
    );
}

function mountsOf({ cvmfsClass, eosClass, eosCredential }: HubArgs) {
  const cvmfs = cvmfsClass === undefined ? undefined : {};
  const eos = eosClass === undefined ? undefined : { credential: eosCredential };
  return (user: number) => dataMounts({ cvmfs, eos }, user);
}

/** Merged by the hub over the chart's values (`hub.existingSecret`). */
function secretValues(client: string | undefined, shared: string | undefined) {
  return {
    hub: {
      config: {
        ...(client !== undefined && { GenericOAuthenticator: { client_secret: client } }),
        ...(shared !== undefined && { DummyAuthenticator: { password: shared } }),
      },
    },
  };
}

/** The proxy's token is in two pods, so the chart has it; and a changed secret starts the hub anew. */
function withSecrets({ values }: HubPlan, { proxyToken, checksum }: HubSecrets): pulumi.Inputs {
  return {
    ...values,
    proxy: { ...values.proxy, secretToken: proxyToken },
    hub: { ...values.hub, annotations: { "checksum/hub-secrets": checksum } },
  };
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
