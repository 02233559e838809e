// `openstack-fabric/docker`: what runs containers on a Docker host or a Swarm; the program brings @pulumi/docker.
export * from "../analysis/spark/HostDaemon";
export * from "../analysis/spark/StandaloneSpark";
export * from "../analysis/spark/SwarmDaemon";
export * from "../clusters/client/SwarmClient";
export * from "../docker/ContainerNetwork";
export * from "../docker/ContainerServer";
export * from "../messaging/local/LocalBrokers";
export * from "../messaging/local/LocalMesh";
export * from "../messaging/local/LocalMessaging";
