import { createHash } from "node:crypto";

import { CronJob } from "@pulumi/kubernetes/batch/v1/cronJob";
import { Job } from "@pulumi/kubernetes/batch/v1/job";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap";
import { Secret } from "@pulumi/kubernetes/core/v1/secret";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy";
import { Role } from "@pulumi/kubernetes/rbac/v1/role";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding";
import * as pulumi from "@pulumi/pulumi";

import { recommendedLabels } from "../kubernetes/labels";
import { mayReach } from "../kubernetes/networkPolicies";
import { codeOf } from "./code";
import {
  checkEosToken,
  eosTokenJob,
  eosTokenNames,
  type EosTokenNames,
  eosTokenPorts,
  eosTokenRules,
  type EosTokenSettings,
} from "./eosTokenPlan";

export interface EosTokenArgs {
  /** Namespace of the pods that use it, which must exist. REPLACES everything. */
  namespace: pulumi.Input<string>;
  settings: EosTokenSettings;
  /** The client's secret. In place. */
  clientSecret: pulumi.Input<string>;
  /** A refresh token of the user whom pods act for. Default: the client acts for itself. In place. */
  refreshToken?: pulumi.Input<string>;
  /** Secret that pods have the token from, as `EosCredential.secret`. Default `eos-token`. REPLACES everything. */
  secret?: string;
  /** Path of the settings in the configuration, for errors. Default `analysis.data.eos.token`. */
  field?: string;
}

/**
 * Keeps an OAuth2 token for EOS fresh in a Secret, of which `dataMounts` gives pods a file. CERN's clusters have a
 * controller for it (oauth2-refresh-controller); no chart of it is published.
 */
export class EosToken extends pulumi.ComponentResource {
  /** Name of the Secret, known once the first token is in it. */
  readonly secret: pulumi.Output<string>;

  constructor(name: string, args: EosTokenArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:EosToken", name, {}, opts);
    const { settings, namespace } = args;
    checkEosToken(settings, args.field ?? "analysis.data.eos.token");
    const names = eosTokenNames(args.secret ?? "eos-token");
    const part = { name: "eos-token", instance: name };
    const labels = recommendedLabels(part);
    const metadata = (object: string) => ({ name: object, namespace, labels });
    const code = codeOf("eos_token.py");
    const before = [
      ...this.secrets(name, args, names, metadata),
      ...this.rights(name, names, metadata),
      new ConfigMap(
        `${name}-code`,
        { metadata: metadata(names.own), data: { "eos_token.py": code } },
        { parent: this },
      ),
      new NetworkPolicy(
        `${name}-reach`,
        { metadata: metadata(names.own), spec: mayReach(labels, [], eosTokenPorts(settings)) },
        { parent: this },
      ),
    ];
    const job = eosTokenJob(settings, names, labels, createHash("sha256").update(code).digest("hex"));
    const schedule = settings.schedule ?? "*/5 * * * *";
    new CronJob(
      `${name}-schedule`,
      { metadata: metadata(names.own), spec: { schedule, concurrencyPolicy: "Forbid", jobTemplate: { spec: job } } },
      { parent: this, dependsOn: before },
    );
    // Without a name: another one takes its place when anything changes. Pods that use the token wait for it.
    const first = new Job(name, { metadata: { namespace, labels }, spec: job }, { parent: this, dependsOn: before });
    this.secret = first.status.apply(() => names.token);
    this.registerOutputs({ secret: this.secret });
  }

  private secrets(name: string, args: EosTokenArgs, names: EosTokenNames, metadata: (object: string) => object) {
    const parent = { parent: this };
    // Their content is the job's, from the first token on.
    const filled = { ...parent, ignoreChanges: ["data", "stringData"] };
    const { refreshToken } = args;
    const client = {
      id: args.settings.clientId,
      secret: pulumi.secret(args.clientSecret),
      ...(refreshToken !== undefined && { refresh_token: pulumi.secret(refreshToken) }),
    };
    return [
      new Secret(`${name}-client`, { metadata: metadata(names.client), stringData: client }, parent),
      new Secret(`${name}-token`, { metadata: metadata(names.token) }, filled),
      new Secret(`${name}-kept`, { metadata: metadata(names.kept) }, filled),
    ];
  }

  private rights(
    name: string,
    names: EosTokenNames,
    metadata: (object: string) => { namespace: pulumi.Input<string> },
  ) {
    const parent = { parent: this };
    const own = metadata(names.own);
    const { namespace } = own;
    return [
      new ServiceAccount(`${name}-account`, { metadata: own }, parent),
      new Role(`${name}-role`, { metadata: own, rules: eosTokenRules(names) }, parent),
      new RoleBinding(
        `${name}-binding`,
        {
          metadata: own,
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: names.own },
          subjects: [{ kind: "ServiceAccount", name: names.own, namespace }],
        },
        parent,
      ),
    ];
  }
}
