import type { HubLogin } from "./login";
import type { HubProfile } from "./profiles";
import type { HubSpark } from "./sparkSession";

export interface HubHome {
  /** Storage class of users' volumes, such as Cinder's. Default: the cluster's. New volumes have it. */
  storageClass?: string;
  /** Size of a user's volume, such as `10Gi`. New volumes have it. */
  size: string;
}

export interface HubIdle {
  /** Seconds after which a server that nobody uses is stopped; 0 never. Default 3600. In place. */
  after?: number;
  /** Seconds between looks. Default 600. In place. */
  every?: number;
  /** Seconds after which a server is stopped however busy it is; 0 never. Default 0. In place. */
  atMost?: number;
  /** Whether a named server that is stopped is forgotten. Default `true`. In place. */
  removeNamedServers?: boolean;
}

export interface HubExposure {
  /** Host under which users reach it. In place. */
  host: string;
  /** Class of the ingress. Default: the cluster's. In place. */
  ingressClass?: string;
  /** Secret in the hub's namespace with `tls.crt` and `tls.key`. Default: made by `clusterIssuer`. In place. */
  tlsSecret?: string;
  /** cert-manager's cluster issuer of the certificate. In place. */
  clusterIssuer?: string;
  /** Annotations of the ingress beside it. Default: none. In place. */
  annotations?: Record<string, string>;
}

export interface HubSettings {
  /** Namespace, made by this. Default `jupyterhub`. REPLACES the hub, and with it all users' volumes. */
  namespace?: string;
  /** What users choose from, by key, in this order. */
  profiles: Record<string, HubProfile>;
  /** Key of the profile of users who do not choose. In place. */
  defaultProfile: string;
  /** Profiles that only these groups of users see, by group. Default: everybody sees all. In place. */
  groupProfiles?: Record<string, string[]>;
  login: HubLogin;
  /** Users' volumes. Default: none, and nothing is kept when a server stops. */
  home?: HubHome;
  idle?: HubIdle;
  /** Servers that a user may have beside the first one. Default 0. In place. */
  namedServers?: number;
  /** Seconds that a server may take to start; the first one of an image on a node pulls it. Default 600. In place. */
  startTimeout?: number;
  /** Whether nodes pull profiles' images before they are asked for. Default `true`. In place. */
  prePull?: boolean;
  /**
   * Whether servers fill one node before another, by a scheduler of the hub's own, so that an autoscaler can remove
   * empty ones. That scheduler (the chart's is 1.30) must know the cluster's API. Default `false`. In place.
   */
  packUsers?: boolean;
  /** Sessions of Spark whose executors run in the cluster. Default: no profile has any. */
  spark?: HubSpark;
  /** Where users reach it from outside the cluster. Default: nowhere; it has an address in the cluster only. */
  expose?: HubExposure;
  /** Quota of the hub's namespace, such as `limits.memory: 500Gi`. Default: none. In place. */
  quota?: Record<string, string>;
}
