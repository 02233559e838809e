import type { HostFile } from "../../compute/cloudInit";

/** A server's own certificate and the authority that its peers are checked against, as PEM. */
export interface TlsMaterial {
  caPem: string;
  certPem: string;
  keyPem: string;
}

/** The three files of a server's TLS, below its configuration directory. */
export function tlsFiles(directory: string, tls: TlsMaterial): HostFile[] {
  return [
    { path: `${directory}/tls/ca.pem`, content: tls.caPem },
    { path: `${directory}/tls/cert.pem`, content: tls.certPem },
    { path: `${directory}/tls/key.pem`, content: tls.keyPem, mode: "0400" },
  ];
}
