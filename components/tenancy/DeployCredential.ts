import { ApplicationCredential } from "@pulumi/openstack/identity/applicationCredential";
import * as pulumi from "@pulumi/pulumi";

export interface DeployCredentialArgs {
  /** Name in Keystone. REPLACES the credential. */
  credentialName: string;
  /**
   * Whether stacks with Magnum clusters are deployed by it. Magnum then creates trusts, which Keystone allows to an
   * unrestricted application credential only ("Failed to create trustee" otherwise). Such a credential can also
   * create and remove further credentials of its user: keep it like the user's password. Since Keystone 29.1.0 (2026.1)
   * not even these may, unless its operators set `allow_insecure_application_credential_trust_escalation`: deploy
   * clusters by a password there. Default false. REPLACES it.
   */
  clusters?: boolean;
  /** Roles that it has. Default: all that the user has in the project. REPLACES the credential. */
  roles?: string[];
  /** When it ends, as RFC 3339. Default: never. REPLACES the credential. */
  expiresAt?: string;
}

/**
 * An application credential that a project's stacks are deployed by. Its provider must be logged in as the user, to the
 * project: Keystone gives credentials to their own users only, so that an administrator cannot make one for a tenant.
 * (With OS_CLOUD set every provider takes that login, whatever its own arguments say.)
 */
export class DeployCredential extends pulumi.ComponentResource {
  readonly credentialId: pulumi.Output<string>;
  /** Secret. */
  readonly secret: pulumi.Output<string>;

  constructor(name: string, args: DeployCredentialArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:DeployCredential", name, {}, opts);
    const unrestricted = args.clusters ?? false;
    if (unrestricted) {
      void pulumi.log.warn(
        `Application credential "${args.credentialName}" is unrestricted, as Magnum's trusts need it: who has it can make further credentials of its user.`,
        this,
      );
    }
    const credential = new ApplicationCredential(
      name,
      { name: args.credentialName, unrestricted, roles: args.roles, expiresAt: args.expiresAt },
      { parent: this, additionalSecretOutputs: ["secret"] },
    );
    this.credentialId = credential.id;
    this.secret = pulumi.secret(credential.secret);
    this.registerOutputs({ credentialId: this.credentialId, secret: this.secret });
  }
}
