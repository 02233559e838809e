import { Provider } from "@pulumi/docker/provider";
import * as pulumi from "@pulumi/pulumi";

import { ClientCertificate } from "./ClientCertificate";

export interface SwarmClientArgs {
  /** Magnum's id of the cluster. Makes new credentials. */
  clusterId: pulumi.Input<string>;
  /** Address of the cluster as Magnum says it, such as `tcp://10.0.0.5:2376`. In place. */
  apiAddress: pulumi.Input<string>;
  /** Common name of the certificate. Makes new credentials. */
  user: string;
  /** Any text; another one mints new credentials. Default empty. */
  serial?: string;
  /** Entry of clouds.yaml to ask Magnum by. Default: `OS_CLOUD`, else the `OS_*` variables. */
  cloud?: string;
  region?: string;
}

/** Credentials for a Docker Swarm's API, signed by the cluster's own authority, and a Pulumi provider ready for use. */
export class SwarmClient extends pulumi.ComponentResource {
  /** What `docker --tlsverify` reads from `ca.pem`, `cert.pem` and `key.pem`; secret. */
  readonly tls: pulumi.Output<{ ca: string; cert: string; key: string }>;
  /** For `provider` of Docker resources. */
  readonly provider: Provider;

  constructor(name: string, args: SwarmClientArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:SwarmClient", name, {}, opts);
    const { clusterId, user, serial, cloud, region } = args;
    const parent = { parent: this };
    const credentials = new ClientCertificate(name, { clusterId, user, serial, cloud, region }, parent);
    const { caPem, certificatePem, keyPem } = credentials;
    const material = pulumi.all([caPem, certificatePem, keyPem]);
    this.tls = pulumi.secret(material.apply(([ca, cert, key]) => ({ ca, cert, key })));
    this.provider = new Provider(
      `${name}-provider`,
      { host: args.apiAddress, caMaterial: caPem, certMaterial: certificatePem, keyMaterial: keyPem },
      parent,
    );
    this.registerOutputs({ tls: this.tls });
  }
}
