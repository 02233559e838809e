import { UserError } from "../../errors";
import { imageFinding } from "../kubernetes/images";
import { connectorFinding, eventLogFindings, type EventLogs, type ObjectStore, storeFindings } from "./objectStore";
import { type ApiServer, type Destination, destinationFindings, networkFindings } from "./policies";
import { sparkVersionOf, versionFinding } from "./versions";

/** Name of the Secret with object storage's credentials, in every namespace of the platform. */
export const CREDENTIALS_SECRET = "spark-object-store";

/** Name of the operator's Helm release. */
export const RELEASE = "spark-operator";

/** Object storage of the platform. */
export interface StoreArgs {
  /** Address with `https://`. Restarts the history server; new runs have it. */
  endpoint: string;
  /** Region that requests are signed for. Default `us-east-1`, Swift's own. */
  region?: string;
  /** Whether the bucket is in the path. Default true, as Ceph and Swift need it. */
  pathStyle?: boolean;
}

/** What shows runs that have ended. */
export interface HistoryArgs {
  /** Image with a tag, of Spark with an S3 connector. Restarts it. */
  image: string;
  /** Spark's version in it. Default: what the image's tag begins with. Restarts it. */
  sparkVersion?: string;
  /** Days after which event logs go. Default 90. Restarts it. */
  keepDays?: number;
  /** MiB of heap. Default 1024. Restarts it. */
  memoryMiB?: number;
  /** Namespaces that may see it, beside its own. Default: none. In place. */
  readers?: string[];
}

/** What the platform is checked by. */
export interface PlatformPlan {
  namespaces: Readonly<Record<string, { egress?: Destination[]; quota?: Record<string, string> }>>;
  systemNamespace: string;
  apiServer: ApiServer;
  egress: Destination[];
  store?: StoreArgs;
  /** Whether the store's credentials are given. */
  credentials: boolean;
  eventLogs?: EventLogs;
  history?: HistoryArgs;
}

/** How pods of the platform find the object storage. */
export function platformStore(store: StoreArgs): ObjectStore {
  return { ...store, credentials: CREDENTIALS_SECRET };
}

/** Refuses a platform that could not work, saying everything at once. */
export function checkPlatform(plan: PlatformPlan): void {
  const findings = [
    ...namespaceFindings(plan),
    ...networkFindings("apiServer", plan.apiServer.cidrs, plan.apiServer.ports ?? [443]),
    ...destinationFindings("egress", plan.egress),
    ...Object.entries(plan.namespaces).flatMap(([name, { egress = [] }]) =>
      destinationFindings(`namespaces.${name}.egress`, egress),
    ),
    ...(plan.store ? storeFindings("store", platformStore(plan.store)) : []),
    ...(plan.eventLogs ? eventLogFindings("eventLogs", plan.eventLogs) : []),
    ...historyFindings(plan),
  ];
  if (findings.length > 0) throw UserError.all(findings);
}

function namespaceFindings({ namespaces, systemNamespace }: PlatformPlan): string[] {
  const names = Object.keys(namespaces);
  const wrong = [systemNamespace, ...names].filter((name) => !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name));
  const findings = wrong.map(
    (name) => `\`namespaces\`: a name must be up to 63 lower-case letters, digits and hyphens, got "${name}".`,
  );
  if (names.length === 0) findings.push("`namespaces` is empty: applications need at least one to run in.");
  if (names.includes(systemNamespace))
    findings.push(`\`namespaces.${systemNamespace}\` is the operator's own namespace. Run applications in another.`);
  return findings;
}

function historyFindings({ store, credentials, eventLogs, history }: PlatformPlan): string[] {
  const findings: (string | undefined)[] = [];
  if (store !== undefined && !credentials)
    findings.push("`credentials` are missing: `store` needs a key and its secret.");
  if (eventLogs !== undefined && store === undefined)
    findings.push("`eventLogs` needs `store`: the object storage that has the bucket.");
  if (history === undefined) return findings.flatMap((finding) => finding ?? []);
  if (eventLogs === undefined) findings.push("`history` needs `eventLogs`: it shows nothing else.");
  findings.push(imageFinding("history.image", history.image) ?? connectorFinding("history.image", history.image));
  findings.push(versionFinding("history.sparkVersion", sparkVersionOf(history.image, history.sparkVersion)));
  if (history.keepDays !== undefined && !(history.keepDays >= 1))
    findings.push(`\`history.keepDays\` must be 1 or more, got ${history.keepDays}.`);
  return findings.flatMap((finding) => finding ?? []);
}
