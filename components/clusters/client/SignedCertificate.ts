import * as pulumi from "@pulumi/pulumi";

import type * as signingCode from "./signing";
import type { SigningInputs, SigningOutputs } from "./signing";

export interface SignedCertificateArgs {
  /** Magnum's id of the cluster whose authority signs. Signs anew. */
  clusterId: pulumi.Input<string>;
  /** The request, PEM; its subject says who the certificate is for. Signs anew. */
  csrPem: pulumi.Input<string>;
  /** Any text; another one has the same request signed anew. Default empty. */
  serial?: pulumi.Input<string>;
  /** Entry of clouds.yaml to ask Magnum by. Default: `OS_CLOUD`, else the `OS_*` variables. In place. */
  cloud?: pulumi.Input<string>;
  /** Region of the cloud. Default: the entry's. In place. */
  region?: pulumi.Input<string>;
}

/**
 * Runs in a process of its own and is kept in the state as text: so it holds nothing but the way to the code. The
 * program's folder finds that, whether it is this package or one that depends on it.
 */
const provider: pulumi.dynamic.ResourceProvider<SigningInputs, SigningOutputs> = {
  create: (inputs) => {
    const { createRequire } = process.getBuiltinModule("node:module");
    const signing = createRequire(`${process.cwd()}/`)("openstack-fabric/signing") as typeof signingCode;
    return signing.create(inputs);
  },
  diff: async (_id, old, now) => {
    const { createRequire } = process.getBuiltinModule("node:module");
    const signing = createRequire(`${process.cwd()}/`)("openstack-fabric/signing") as typeof signingCode;
    const replaces = await signing.reasonsToSign(old, now);
    return { changes: replaces.length > 0, replaces, deleteBeforeReplace: false };
  },
};

/**
 * A certificate that a Magnum cluster's own authority signed. It is signed anew when its request changes, thirty days
 * before it ends, and after the authority was rotated. Magnum has no way to revoke one: to lock somebody out, rotate
 * the cluster's authority (`openstack coe ca rotate`).
 */
export class SignedCertificate extends pulumi.dynamic.Resource {
  declare readonly certificatePem: pulumi.Output<string>;
  /** The authority's certificate, to know the cluster by. */
  declare readonly caPem: pulumi.Output<string>;

  constructor(name: string, args: SignedCertificateArgs, opts?: pulumi.CustomResourceOptions) {
    const { clusterId, csrPem, serial = "", cloud = "", region = "" } = args;
    const props = { clusterId, csrPem, serial, cloud, region, certificatePem: undefined, caPem: undefined };
    super(provider, name, props, opts, "openstack-fabric", "SignedCertificate");
  }
}
