import { UserError } from "../../errors";
import { placementOf } from "../kubernetes/placement";
import { EOS_LOGINS, type EosInstance, type EosLogin, type EosSettings } from "./eosSettings";
import { mirrored } from "./mirror";

export interface EosPlan {
  install: boolean;
  values: Record<string, unknown>;
  storageClass: string;
}

export const EOS_DRIVER = "eosxd.csi.cern.ch";

/** The Secret that holds a keytab which is given as text. */
export const KEYTAB_SECRET = "eos-keytab";

/** Secret and configuration of the chart's own, which know CERN's instances. */
const CHARTS_KEYTAB = "eos-csi-file-etc-eos-keytab";
const CHARTS_KRB5 = "eos-csi-dir-etc-krb5-conf";

/** Ours, under other names: Helm would add ours to what the chart's own have. */
const ETC_EOS = "eos-csi-etc-eos";
const AUTO_MASTER = "eos-csi-etc-auto-master-d";
const KRB5 = "eos-csi-etc-krb5-conf-d";

const KEYTAB = "/etc/eos.keytab";

/** The chart's values (eosxd-csi 1.4.5) for a site. Throws everything that is wrong at once; `at` is the path of its fields. */
export function planEos(settings: EosSettings, at = "analysis.data.eos"): EosPlan {
  const findings = eosFindings(settings, at);
  if (findings.length > 0) throw UserError.all(findings);
  const storageClass = settings.storageClass ?? "eos";
  if (settings.install === false) return { install: false, values: {}, storageClass };
  return { install: true, values: chartValues(settings, storageClass), storageClass };
}

function chartValues(settings: EosSettings, storageClass: string): Record<string, unknown> {
  const { instances, login = "keytab", krb5, imageMirror } = settings;
  return {
    commonStorageClass: { enabled: true, className: storageClass },
    extraConfigMaps: {
      [ETC_EOS]: etcEos(instances, login),
      [AUTO_MASTER]: { "eos.autofs": "/eos /etc/eos/auto.eos\n" },
      ...(krb5 === undefined ? {} : { [KRB5]: { "site.conf": krb5 } }),
    },
    nodeplugin: {
      ...images(imageMirror, ["plugin", "automount", "mountreconciler"]),
      registrar: {
        image: { repository: mirrored("registry.k8s.io/sig-storage/csi-node-driver-registrar", imageMirror) },
      },
      extraVolumes: volumes(settings),
      ...placementOf(settings.placement ?? {}),
      priorityClassName: settings.priorityClass ?? "system-node-critical",
    },
    controllerplugin: {
      ...images(imageMirror, ["plugin"]),
      provisioner: { image: { repository: mirrored("registry.k8s.io/sig-storage/csi-provisioner", imageMirror) } },
    },
  };
}

/** `/etc/eos`: a client's configuration for each instance, and the automounter's map of them. */
function etcEos(instances: Readonly<Record<string, EosInstance>>, login: EosLogin): Record<string, string> {
  const auth = authOf(login);
  const clients = Object.entries(instances).map(([name, { host, path }]) => [
    `fuse.${name}.conf`,
    `${JSON.stringify({ name, hostport: host, remotemountdir: withSlash(path ?? `/eos/${name}`), auth })}\n`,
  ]);
  const map = Object.keys(instances).map((name) => `${name} -fstype=eosx,fsname=${name} :eosxd\n`);
  return {
    "fuse.conf": `${JSON.stringify({ auth })}\n`,
    ...(Object.fromEntries(clients) as Record<string, string>),
    "auto.eos": map.join(""),
  };
}

/**
 * All three are said, since the client tries each that is not (fusex/eosfuse.cc of EOS). OAuth2 tokens travel within SSS,
 * so they need the keytab too; who brings none is the keytab's identity.
 */
function authOf(login: EosLogin): Record<string, string | number> {
  if (login === "kerberos") return { krb5: 1, sss: 0, oauth2: 0 };
  return { krb5: 0, sss: 1, oauth2: login === "oauth2" ? 1 : 0, ssskeytab: KEYTAB };
}

/** The chart's list of volumes, which Helm replaces as a whole; its mounts name them. */
function volumes({ keytabSecret = CHARTS_KEYTAB, krb5 }: EosSettings) {
  return [
    { name: "host-var-cache", hostPath: { path: "/var/cache" } },
    { name: "etc-eos", configMap: { name: ETC_EOS } },
    { name: "etc-auto-master-d", configMap: { name: AUTO_MASTER } },
    { name: "etc-eos-keytab", secret: { secretName: keytabSecret, defaultMode: 0o400 } },
    { name: CHARTS_KRB5, configMap: { name: krb5 === undefined ? CHARTS_KRB5 : KRB5 } },
  ];
}

function images(mirror: string | undefined, containers: readonly string[]) {
  const image = { repository: mirrored("registry.cern.ch/kubernetes/eosxd-csi", mirror) };
  return Object.fromEntries(containers.map((container) => [container, { image }]));
}

function withSlash(path: string): string {
  return path.endsWith("/") ? path : `${path}/`;
}

function eosFindings(settings: EosSettings, at: string): string[] {
  const { instances, login = "keytab", keytabSecret, install } = settings;
  const findings = Object.entries(instances).flatMap(([name, instance]) => instanceFindings(name, instance, at));
  if (Object.keys(instances).length === 0)
    findings.push(
      `\`${at}.instances\` is empty. Name what is mounted below \`/eos\`, such as \`experiment: { host: eospublic.cern.ch }\`.`,
    );
  if (!EOS_LOGINS.includes(login))
    findings.push(`\`${at}.login\` must be one of ${EOS_LOGINS.join(", ")}, got \`${String(login)}\`.`);
  if (install === false) return [...findings, ...uninstalledFindings(settings, at)];
  const foreign = Object.values(instances).find(({ host }) => !/\.cern\.ch(:\d+)?$/.test(host));
  if (login !== "kerberos" && keytabSecret === undefined && foreign !== undefined)
    findings.push(
      `\`${at}.keytab\` is missing: \`${foreign.host}\` does not know the chart's own keytab, which is CERN's. Give your instance's, as a secret, or use \`login: kerberos\`.`,
    );
  return findings;
}

function instanceFindings(name: string, { host, path }: EosInstance, at: string): string[] {
  const field = `${at}.instances.${name}`;
  const findings: string[] = [];
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name))
    findings.push(
      `\`${field}\` names a folder below \`/eos\`: lower-case letters, digits and hyphens, such as \`experiment\`.`,
    );
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i.test(host))
    findings.push(`\`${field}.host\` must be a host such as \`eospublic.cern.ch\`, got \`${host}\`.`);
  if (path !== undefined && !/^\/[^\s"'`$\\{}]*$/.test(path))
    findings.push(`\`${field}.path\` must be an absolute path such as \`/eos/experiment/\`, got \`${path}\`.`);
  return findings;
}

/** Settings that a driver which somebody else installed would never see. */
function uninstalledFindings(settings: EosSettings, at: string): string[] {
  const vain = (["keytabSecret", "krb5", "placement", "priorityClass", "imageMirror"] as const).filter(
    (field) => settings[field] !== undefined,
  );
  if (vain.length === 0) return [];
  return [
    `${vain.map((field) => `\`${at}.${field}\``).join(", ")} would have no effect with \`${at}.install: false\`: the cluster's own driver has its own configuration. Remove them, or let it be installed here.`,
  ];
}
