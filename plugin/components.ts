import { Cluster } from "../components/clusters/Cluster";
import { ClusterTemplate } from "../components/clusters/ClusterTemplate";
import { NodeGroup } from "../components/clusters/NodeGroup";
import { MessagingBackend } from "../components/messaging/backend/MessagingBackend";
import { BrokerCluster } from "../components/messaging/brokers/BrokerCluster";
import { RouterMesh } from "../components/messaging/mesh/RouterMesh";
import { CertificateAuthority } from "../components/messaging/servers/CertificateAuthority";
import { Network } from "../components/network/Network";
import { SecurityGroup } from "../components/network/SecurityGroup";
import { DeployCredential } from "../components/tenancy/DeployCredential";
import { Tenant } from "../components/tenancy/Tenant";

/** Name of the Pulumi package, which begins its components' types. */
export const PACKAGE = "openstack-fabric";

/**
 * Components that programs of every language can use. Clients of clusters are none of them: they hold a dynamic
 * resource, which the engine can only run for programs of Node.js.
 */
export const COMPONENTS = {
  BrokerCluster,
  CertificateAuthority,
  Cluster,
  ClusterTemplate,
  DeployCredential,
  MessagingBackend,
  Network,
  NodeGroup,
  RouterMesh,
  SecurityGroup,
  Tenant,
} as const;

/** A component's type in the schema and in states. */
export function tokenOf(component: string): string {
  return `${PACKAGE}:index:${component}`;
}
