import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import type { TlsMaterial } from "../../components/messaging/servers/tls";

/** A certificate authority as a file's worth of PEM. */
export interface TestAuthority {
  caPem: string;
  caKeyPem: string;
}

/** The curve of the project's own certificates. */
const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"];

/** A new private authority, good for a day. */
export async function createAuthority(commonName = "test authority"): Promise<TestAuthority> {
  return inFolder(async (folder) => {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const extensions = ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign"];
    await execa("openssl", [
      ...["req", "-x509", ...NEW_KEY, "-keyout", key, "-out", cert],
      ...["-days", "1", "-subj", `/CN=${commonName}`, ...extensions],
    ]);
    return { caPem: readFileSync(cert, "utf8"), caKeyPem: readFileSync(key, "utf8") };
  });
}

/** A certificate for a server, a client or both, as the project's own authority issues them: the first name is the CN. */
export async function issue(
  authority: TestAuthority,
  dnsNames: readonly [string, ...string[]],
  addresses: readonly string[] = [],
): Promise<TlsMaterial> {
  return inFolder(async (folder) => {
    const at = (name: string) => join(folder, name);
    writeFileSync(at("ca.pem"), authority.caPem);
    writeFileSync(at("ca-key.pem"), authority.caKeyPem, { mode: 0o600 });
    const names = [...dnsNames.map((name) => `DNS:${name}`), ...addresses.map((address) => `IP:${address}`)];
    const extensions = [
      `subjectAltName=${names.join(",")}`,
      "basicConstraints=critical,CA:FALSE",
      "keyUsage=critical,digitalSignature,keyEncipherment",
      "extendedKeyUsage=serverAuth,clientAuth",
    ];
    writeFileSync(at("extensions"), extensions.join("\n"));
    const request = ["req", "-new", ...NEW_KEY, "-keyout", at("key.pem"), "-out", at("request")];
    await execa("openssl", [...request, "-subj", `/CN=${dnsNames[0]}`]);
    await execa("openssl", [
      ...["x509", "-req", "-in", at("request"), "-CA", at("ca.pem"), "-CAkey", at("ca-key.pem"), "-CAcreateserial"],
      ...["-days", "1", "-extfile", at("extensions"), "-out", at("cert.pem")],
    ]);
    const read = (name: string) => readFileSync(at(name), "utf8");
    return { caPem: authority.caPem, certPem: read("cert.pem"), keyPem: read("key.pem") };
  });
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "fabric-certificates-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
