import * as pulumi from "@pulumi/pulumi";
import { CertRequest } from "@pulumi/tls/certRequest";
import { PrivateKey } from "@pulumi/tls/privateKey";

import { SignedCertificate } from "./SignedCertificate";

export interface ClientCertificateArgs {
  /** Magnum's id of the cluster. Signs anew. */
  clusterId: pulumi.Input<string>;
  /** Common name: the user's name. Signs anew. */
  user: string;
  /** Organisation: for Kubernetes the user's group. Default: none. Signs anew. */
  group?: string;
  /** Any text; another one makes a new key and certificate. Default empty. */
  serial?: string;
  /** Entry of clouds.yaml. Default: `OS_CLOUD`, else the `OS_*` variables. */
  cloud?: string;
  region?: string;
}

/** A key and the certificate that the cluster's own authority signed for it. */
export class ClientCertificate extends pulumi.ComponentResource {
  /** Secret. */
  readonly keyPem: pulumi.Output<string>;
  readonly certificatePem: pulumi.Output<string>;
  readonly caPem: pulumi.Output<string>;

  constructor(name: string, args: ClientCertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:ClientCertificate", name, {}, opts);
    const { clusterId, user, group, serial = "", cloud, region } = args;
    // RSA, since Magnum's certificate manager of every release signs it.
    const keyName = serial === "" ? `${name}-key` : `${name}-key-${serial}`;
    const key = new PrivateKey(keyName, { algorithm: "RSA", rsaBits: 2048 }, { parent: this });
    const request = new CertRequest(
      `${name}-request`,
      { privateKeyPem: key.privateKeyPem, subject: { commonName: user, organization: group } },
      { parent: this },
    );
    const signed = new SignedCertificate(
      `${name}-certificate`,
      { clusterId, csrPem: request.certRequestPem, serial, cloud, region },
      { parent: this },
    );
    this.keyPem = pulumi.secret(key.privateKeyPem);
    this.certificatePem = signed.certificatePem;
    this.caPem = signed.caPem;
    this.registerOutputs({ keyPem: this.keyPem, certificatePem: this.certificatePem, caPem: this.caPem });
  }
}
