import * as pulumi from "@pulumi/pulumi";
import { CertRequest } from "@pulumi/tls/certRequest";
import { LocallySignedCert } from "@pulumi/tls/locallySignedCert";
import { PrivateKey } from "@pulumi/tls/privateKey";
import { SelfSignedCert } from "@pulumi/tls/selfSignedCert";

import type { TlsMaterial } from "./tls";

export interface CertificateAuthorityArgs {
  /** Common name of the authority. REPLACES it, and with it every certificate. */
  commonName: string;
  /** Life of the authority in hours. Default 87,600 (10 years). REPLACES it. */
  validityHours?: number;
}

/** Curve of every key: small certificates, and every TLS 1.2 and 1.3 stack speaks it. */
const KEY = { algorithm: "ECDSA", ecdsaCurve: "P256" } as const;
const YEARS_10 = 87_600;
/** A certificate is signed anew by the first update in its last 90 days. */
const RENEWAL_HOURS = 2_160;

/** An authority's certificate and key. */
export interface Authority {
  caPem: pulumi.Input<string>;
  /** Must be a secret. */
  caKeyPem: pulumi.Input<string>;
}

/** A private certificate authority: servers of one messaging backend trust it, and nothing else. */
export class CertificateAuthority extends pulumi.ComponentResource {
  readonly caPem: pulumi.Output<string>;
  /** The authority's key; a secret. */
  readonly caKeyPem: pulumi.Output<string>;

  constructor(name: string, args: CertificateAuthorityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:CertificateAuthority", name, {}, opts);
    const key = new PrivateKey(`${name}-key`, KEY, { parent: this });
    const certificate = new SelfSignedCert(
      `${name}-cert`,
      {
        privateKeyPem: key.privateKeyPem,
        subject: { commonName: args.commonName },
        isCaCertificate: true,
        allowedUses: ["cert_signing", "crl_signing"],
        validityPeriodHours: args.validityHours ?? YEARS_10,
      },
      { parent: this },
    );
    this.caPem = certificate.certPem;
    this.caKeyPem = pulumi.secret(key.privateKeyPem);
    this.registerOutputs({ caPem: this.caPem, caKeyPem: this.caKeyPem });
  }
}

/** Whom a certificate is for. */
export interface CertificateSubject {
  hostName: string;
  /** Planned address. Default: the certificate is for the name alone. */
  address?: string;
  /** Further names and addresses under which clients reach the server. Default: none. */
  others?: { names: string[]; addresses: string[] };
}

/** Issues a server's certificate, valid for its name and its planned address, as client and as server. */
export function issueCertificate(
  name: string,
  authority: Authority,
  subject: CertificateSubject,
  parent: pulumi.Resource,
): pulumi.Output<TlsMaterial> {
  const addresses = [...(subject.address === undefined ? [] : [subject.address]), ...(subject.others?.addresses ?? [])];
  const key = new PrivateKey(`${name}-key`, KEY, { parent });
  const request = new CertRequest(
    `${name}-request`,
    {
      privateKeyPem: key.privateKeyPem,
      subject: { commonName: subject.hostName },
      dnsNames: [subject.hostName, ...(subject.others?.names ?? [])],
      ipAddresses: addresses.length === 0 ? undefined : addresses,
    },
    { parent },
  );
  const certificate = new LocallySignedCert(
    `${name}-cert`,
    {
      certRequestPem: request.certRequestPem,
      caPrivateKeyPem: authority.caKeyPem,
      caCertPem: authority.caPem,
      allowedUses: ["digital_signature", "key_encipherment", "server_auth", "client_auth"],
      validityPeriodHours: YEARS_10,
      earlyRenewalHours: RENEWAL_HOURS,
    },
    { parent },
  );
  return pulumi.secret(
    pulumi
      .all([authority.caPem, certificate.certPem, key.privateKeyPem])
      .apply(([caPem, certPem, keyPem]) => ({ caPem, certPem, keyPem })),
  );
}
