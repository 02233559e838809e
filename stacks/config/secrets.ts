import { isGiven } from "./given";

/** Fields that hold secrets; `*` stands for every key. */
const SECRETS = [
  "messaging.authority.keyPem",
  "messaging.matchmaker.password",
  "messaging.broker.external.users.*",
  "analysis.kubeconfig",
  "analysis.spark.credentials.secretKey",
  "analysis.standalone.credentials.secretKey",
  "analysis.data.eos.keytab",
  "analysis.data.eos.token.clientSecret",
  "analysis.data.eos.token.refreshToken",
  "analysis.hub.login.oidc.clientSecret",
];

/** Secrets that a configuration has in the clear, by their paths: the engine would write them into the state as they are. */
export function plainSecrets(sections: Readonly<Record<string, unknown>>, secret: ReadonlySet<string>): string[] {
  return SECRETS.filter((path) => {
    const [section = "", ...rest] = path.split(".");
    return !secret.has(section) && isGiven(sections[section], rest);
  });
}
