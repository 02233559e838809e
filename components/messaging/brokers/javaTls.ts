import { createPrivateKey } from "node:crypto";

import type { HostFile } from "../../compute/cloudInit";
import type { TlsMaterial } from "../servers/tls";

/** The files of a Java broker's TLS, as PEM: what it trusts, and its own key and certificate in one file. */
export function javaTlsFiles(directory: string, tls: TlsMaterial): HostFile[] {
  return [
    { path: `${directory}/tls/ca.pem`, content: tls.caPem },
    { path: `${directory}/tls/keystore.pem`, content: toPkcs8(tls.keyPem) + tls.certPem, mode: "0400" },
  ];
}

/** The same key as PKCS #8: Java reads no other, and the `tls` provider writes elliptic curves' keys as SEC 1. */
export function toPkcs8(keyPem: string): string {
  if (!/-----BEGIN (EC|RSA) PRIVATE KEY-----/.test(keyPem)) return keyPem;
  return createPrivateKey(keyPem).export({ type: "pkcs8", format: "pem" }) as string;
}
