import type { HostFile } from "../../compute/cloudInit";
import { UserError } from "../../errors";

/** A service's configuration file, as it is to be on every node that runs the service. */
export interface DistributedFile extends HostFile {
  /** Encrypted before it leaves the publisher. */
  secret: boolean;
  /** Owner on the node. Default `root`. */
  owner?: string;
  /** Group on the node; with mode `0640` the service reads what others may not. Default `root`. */
  group?: string;
}

/** Files by service, such as `nova`. */
export type ServiceFiles = Readonly<Record<string, readonly DistributedFile[]>>;

/**
 * Most bytes of one file. Consul takes values of 512 KiB at most, etcd requests of 1.5 MiB; encryption and base64 add
 * four thirds. Sources: Consul's `kv_max_value_size`, etcd's `--max-request-bytes`.
 */
export const MAX_FILE_BYTES = 256 * 1024;

const SERVICE = /^[a-z][a-z0-9-]{0,62}$/;
const PATH = /^(\/[A-Za-z0-9_][A-Za-z0-9_.@+-]*)+$/;
const MODE = /^0?[0-7]{3}$/;
const ACCOUNT = /^[a-z_][a-z0-9_-]{0,31}$/;

/** What must not lie in a store in the clear: a URL with a password, an option named like one, a private key. */
const SECRETS = [
  /:\/\/[^\s/:@]+:[^\s/@]+@/,
  /^[ \t]*\w*(password|passwd|secret|secret_key|encryption_key|token)[ \t]*[=:][ \t]*(?!<|true\b|false\b)\S/im,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
];

/** Refuses what a node could not be given; all mistakes at once. */
export function checkFiles(services: ServiceFiles): void {
  const findings: string[] = [];
  const paths = new Map<string, string>();
  if (Object.keys(services).length === 0) findings.push("there is no service to publish files of; give at least one.");
  for (const [service, files] of Object.entries(services)) {
    if (!SERVICE.test(service)) {
      findings.push(`service "${service}" must be lower-case letters, digits and hyphens, such as nova-compute.`);
    }
    for (const file of files) {
      const other = paths.get(file.path);
      if (other !== undefined) {
        findings.push(`${file.path} is given by ${other} and by ${service}: one path belongs to one service.`);
      }
      paths.set(file.path, service);
      findings.push(...fileFindings(service, file));
    }
  }
  if (findings.length > 0) throw UserError.all(findings);
}

function fileFindings(service: string, file: DistributedFile): string[] {
  const where = `${service}: ${file.path}`;
  const findings: string[] = [];
  if (!PATH.test(file.path)) {
    findings.push(
      `${where} must be an absolute path without "..", hidden or empty parts, such as /etc/nova/nova.conf.`,
    );
  }
  if (file.mode !== undefined && !MODE.test(file.mode)) {
    findings.push(`${where} has mode "${file.mode}"; it must be octal and without set-uid, such as 0640.`);
  }
  for (const account of [file.owner, file.group]) {
    if (account !== undefined && !ACCOUNT.test(account)) findings.push(`${where} has owner or group "${account}".`);
  }
  const bytes = Buffer.byteLength(file.content);
  if (bytes > MAX_FILE_BYTES) {
    findings.push(`${where} has ${bytes} bytes; a file may have ${MAX_FILE_BYTES}. Split it or install it otherwise.`);
  }
  // Never quoted: the finding would show what it warns of.
  if (!file.secret && SECRETS.some((pattern) => pattern.test(file.content))) {
    findings.push(`${where} is to be stored in the clear, but holds what looks like a secret. Mark it as secret.`);
  }
  if (file.secret && file.mode !== undefined && (Number.parseInt(file.mode, 8) & 0o007) !== 0) {
    findings.push(`${where} is secret, but mode ${file.mode} lets everyone on the node at it. Use 0640 or 0600.`);
  }
  return findings;
}
