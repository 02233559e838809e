import type { types } from "@pulumi/kubernetes";

import { UserError } from "../../errors";
import { imageFinding } from "../kubernetes/images";
import { API_SERVER_PORTS } from "../kubernetes/networkPolicies";
import { RESTRICTED_CONTAINER, restrictedPod } from "../kubernetes/security";

export interface EosTokenSettings {
  /** The provider's token endpoint, https. In place. */
  tokenUrl: string;
  /**
   * Where EOS asks whose token it is, as its token files say it, such as
   * `auth.cern.ch/auth/realms/cern/protocol/openid-connect/userinfo`. In place.
   */
  userinfo: string;
  /** Client at the provider. In place. */
  clientId: string;
  /** Image with Python 3, with a tag, such as `docker.io/library/python:3.13.9-slim`. In place. */
  image: string;
  /** When, as five fields of cron; several times in a token's life. Default every 5 minutes. In place. */
  schedule?: string;
}

export interface EosTokenNames {
  /** Secret that pods have the token from. */
  token: string;
  /** Secret with the client. */
  client: string;
  /** Secret of the newest refresh token. */
  kept: string;
  /** ConfigMap with the code, and service account. */
  own: string;
}

export const EOS_TOKEN_FOLDER = "/opt/eos-token";

export function eosTokenNames(secret: string): EosTokenNames {
  return { token: secret, client: `${secret}-client`, kept: `${secret}-kept`, own: `${secret}-refresh` };
}

/** Everything that is wrong with the settings, at once. */
export function checkEosToken(settings: EosTokenSettings, at: string): void {
  const { tokenUrl, userinfo, image, schedule = "" } = settings;
  const findings = [imageFinding(`${at}.image`, image)].filter((finding) => finding !== undefined);
  if (!/^https:\/\/[^\s/]+/.test(tokenUrl))
    findings.push(`\`${at}.tokenUrl\` must be an https URL, got \`${tokenUrl}\`. The client's secret passes there.`);
  if (/^[a-z]+:\/\//.test(userinfo) || !/^[^\s/:]+\/\S+$/.test(userinfo))
    findings.push(
      `\`${at}.userinfo\` must be a host and a path without \`https://\`, which EOS adds itself, got \`${userinfo}\`.`,
    );
  if (schedule !== "" && schedule.trim().split(/\s+/).length !== 5)
    findings.push(`\`${at}.schedule\` must be five fields of cron, such as \`*/5 * * * *\`, got \`${schedule}\`.`);
  if (findings.length > 0) throw UserError.all(findings);
}

/** What its account may do: read the kept token, replace both, and nothing else. */
export function eosTokenRules({ token, kept }: EosTokenNames): types.input.rbac.v1.PolicyRule[] {
  return [
    { apiGroups: [""], resources: ["secrets"], resourceNames: [kept], verbs: ["get"] },
    { apiGroups: [""], resources: ["secrets"], resourceNames: [token, kept], verbs: ["patch"] },
  ];
}

/** TCP ports of the provider and of Kubernetes' API. */
export function eosTokenPorts({ tokenUrl }: EosTokenSettings): number[] {
  const { port } = new URL(tokenUrl);
  return [...new Set([...API_SERVER_PORTS, ...(port === "" ? [] : [Number(port)])])].sort((a, b) => a - b);
}

/** The pod that renews the token once. */
export function eosTokenJob(
  settings: EosTokenSettings,
  names: EosTokenNames,
  labels: Record<string, string>,
  checksum: string,
): types.input.batch.v1.JobSpec {
  const { tokenUrl, userinfo, image } = settings;
  const secrets = ["--secret", names.token, "--kept", names.kept, "--client", `${EOS_TOKEN_FOLDER}/client`];
  const file = `${EOS_TOKEN_FOLDER}/code/eos_token.py`;
  return {
    backoffLimit: 3,
    activeDeadlineSeconds: 240,
    template: {
      metadata: { labels, annotations: { "checksum/eos-token": checksum } },
      spec: {
        ...{ restartPolicy: "Never", serviceAccountName: names.own, securityContext: restrictedPod(1000) },
        containers: [
          {
            ...{
              name: "refresh",
              image,
              command: ["python3", file, "--url", tokenUrl, "--userinfo", userinfo, ...secrets],
            },
            securityContext: { ...RESTRICTED_CONTAINER, readOnlyRootFilesystem: true },
            resources: { requests: { cpu: "20m", memory: "32Mi" }, limits: { cpu: "500m", memory: "128Mi" } },
            volumeMounts: [
              { name: "code", mountPath: `${EOS_TOKEN_FOLDER}/code`, readOnly: true },
              { name: "client", mountPath: `${EOS_TOKEN_FOLDER}/client`, readOnly: true },
            ],
          },
        ],
        volumes: [
          { name: "code", configMap: { name: names.own } },
          { name: "client", secret: { secretName: names.client } },
        ],
      },
    },
  };
}
