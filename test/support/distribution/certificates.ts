import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { execa } from "execa";

export interface TestCertificates {
  ca: string;
  /** Server and, for etcd's gateway, which is a client of its own server, client certificate. */
  server: { cert: string; key: string };
  client: { cert: string; key: string };
}

/** An authority, a server on loopback and a client; paths of PEM files. */
export async function makeCertificates(dir: string): Promise<TestCertificates> {
  const ca = join(dir, "ca.pem");
  const caKey = join(dir, "ca-key.pem");
  await openssl(
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"],
    ...["-subj", "/CN=test authority", "-keyout", caKey, "-out", ca],
  );
  const issue = async (name: string, extension: string) => {
    const [key, request, cert, extensions] = ["key.pem", "csr", "pem", "ext"].map((end) => join(dir, `${name}.${end}`));
    if (!key || !request || !cert || !extensions) throw new Error("no path");
    writeFileSync(extensions, `${extension}\nextendedKeyUsage=serverAuth,clientAuth\n`);
    // No CN: while users are on, etcd's gateway takes no client certificate that has one.
    await openssl(
      ...["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
      ...["-subj", `/O=${name}`, "-keyout", key, "-out", request],
    );
    await openssl(
      ...["x509", "-req", "-in", request, "-CA", ca, "-CAkey", caKey, "-CAcreateserial", "-days", "2"],
      ...["-extfile", extensions, "-out", cert],
    );
    return { cert, key };
  };
  return {
    ca,
    server: await issue("server", "subjectAltName=IP:127.0.0.1,DNS:localhost"),
    client: await issue("client", "subjectAltName=DNS:client"),
  };
}

/** A key pair on P-256, as the CLI's help says to make one; paths of PEM files. */
export async function makeKeyPair(dir: string, name: string): Promise<{ privateKey: string; publicKey: string }> {
  const privateKey = join(dir, `${name}.pem`);
  const publicKey = join(dir, `${name}.pub.pem`);
  await openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", privateKey);
  await openssl("pkey", "-in", privateKey, "-pubout", "-out", publicKey);
  return { privateKey, publicKey };
}

async function openssl(...args: string[]): Promise<void> {
  await execa("openssl", args);
}
