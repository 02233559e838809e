import { getRoleOutput } from "@pulumi/openstack/identity/getRole";
import { Project } from "@pulumi/openstack/identity/project";
import { RoleAssignment } from "@pulumi/openstack/identity/roleAssignment";
import { User } from "@pulumi/openstack/identity/user";
import { Provider } from "@pulumi/openstack/provider";
import * as pulumi from "@pulumi/pulumi";

import { DeployCredential } from "../../../../components/tenancy/DeployCredential";
import { Tenant } from "../../../../components/tenancy/Tenant";
import type { TenantQuotas } from "../../../../components/tenancy/tenantQuotas";

/** What a project's user needs to deploy clusters. */
const ROLES = ["member", "heat_stack_owner", "creator", "load-balancer_member"];

const config = new pulumi.Config("openstack-fabric");
const password = config.require("password");

// What an administrator makes: a project, somebody to deploy in it, and its quotas.
const administrator = new Provider("administrator", { cloud: "sandbox-admin" });
const asAdministrator = { provider: administrator };
const project = new Project("lab", { name: "lab", domainId: "default" }, asAdministrator);
const user = new User("deployer", { name: "lab-deployer", password, domainId: "default" }, asAdministrator);
const granted = ROLES.map((name) => {
  const { id: roleId } = getRoleOutput({ name }, asAdministrator);
  return new RoleAssignment(`deployer-${name}`, { projectId: project.id, userId: user.id, roleId }, asAdministrator);
});
const quotas = config.requireObject<TenantQuotas>("quotas");
const tenant = new Tenant("lab", { projectId: project.id, quotas }, { providers: [administrator] });

// What the user makes, who can log in to the project once its roles are granted.
const deployer = new Provider("deployer", {
  authUrl: config.require("authUrl"),
  userName: user.name,
  userDomainName: "Default",
  password,
  projectDomainName: "Default",
  tenantId: pulumi.all(granted.map(({ id }) => id)).apply(() => tenant.projectId),
});
const asDeployer = { providers: [deployer] };
const restricted = new DeployCredential("restricted", { credentialName: "lab-restricted" }, asDeployer);
const clusters = new DeployCredential("clusters", { credentialName: "lab-clusters", clusters: true }, asDeployer);

export const projectId = tenant.projectId;
export const credentials = {
  restricted: { id: restricted.credentialId, secret: restricted.secret },
  clusters: { id: clusters.credentialId, secret: clusters.secret },
};
