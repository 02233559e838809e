import { createPrivateKey } from "node:crypto";

import type { TlsMaterial } from "../../components/messaging/servers/tls";

/** The same, with the key written as Pulumi's `tls` provider writes it. */
export function sec1(tls: TlsMaterial): TlsMaterial {
  return { ...tls, keyPem: createPrivateKey(tls.keyPem).export({ type: "sec1", format: "pem" }) as string };
}
