// What other programs import as `openstack-fabric`: components and the types of their arguments, and nothing else.
export * from "../clusters/client/ClientCertificate";
export * from "../clusters/client/SignedCertificate";
export * from "../clusters/Cluster";
export * from "../clusters/ClusterTemplate";
export * from "../clusters/NodeGroup";
export * from "../compute/DurableServer";
export type { NewServer, Rollout } from "../compute/Rollout";
export * from "../messaging/backend/MessagingBackend";
export * from "../messaging/brokers/BrokerCluster";
export * from "../messaging/mesh/RouterMesh";
export {
  type Authority,
  CertificateAuthority,
  type CertificateAuthorityArgs,
} from "../messaging/servers/CertificateAuthority";
export type { NetworkAttachment, ZoneSubnet } from "../network/attachment";
export * from "../network/Network";
export * from "../network/SecurityGroup";
export * from "../tenancy/DeployCredential";
export * from "../tenancy/Tenant";
