/** Object storage that speaks S3: Ceph's gateway, or Swift through its S3 API. */
export interface ObjectStore {
  /** Address with `https://`. New runs have it. */
  endpoint: string;
  /** Region that requests are signed for. Default `us-east-1`, which is Swift's own (`location` of its s3api). */
  region?: string;
  /** Name of the Secret, in the namespace of the pods, with `access-key` and `secret-key`. New runs have it. */
  credentials: string;
  /** Whether the bucket is in the path, not in the host name. Default true, as Ceph and Swift need it. */
  pathStyle?: boolean;
}

/** Where runs leave what the history server shows. */
export interface EventLogs {
  /** An existing bucket. New runs have it. */
  bucket: string;
  /** Folder in the bucket. Default `spark-events`. New runs have it. */
  prefix?: string;
}

/** Keys of the Secret, and the variables by which the S3 client finds them. */
export const CREDENTIAL_KEYS = { "access-key": "AWS_ACCESS_KEY_ID", "secret-key": "AWS_SECRET_ACCESS_KEY" } as const;

/** Takes credentials from the environment; the SDK of Hadoop 3.4, which Spark 4 has, is another than that of Spark 3. */
const PROVIDERS = {
  3: "com.amazonaws.auth.EnvironmentVariableCredentialsProvider",
  4: "software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider",
} as const;

export function storeFindings(path: string, store: ObjectStore): string[] {
  const findings: string[] = [];
  if (!/^https:\/\/[^/\s@]+(\/\S*)?$/.test(store.endpoint))
    findings.push(`\`${path}.endpoint\` must be an address with https://, got "${withoutUser(store.endpoint)}".`);
  return findings;
}

/** An address without what might be a password in it. */
function withoutUser(address: string): string {
  return address.replace(/\/\/[^/]*@/, "//…@");
}

export function eventLogFindings(path: string, logs: EventLogs): string[] {
  const findings: string[] = [];
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(logs.bucket))
    findings.push(
      `\`${path}.bucket\` must be a bucket's name of 3 to 63 lower-case letters, digits, dots and hyphens, got "${logs.bucket}".`,
    );
  if (logs.prefix !== undefined && !/^[\w-]+(\/[\w-]+)*$/.test(logs.prefix))
    findings.push(`\`${path}.prefix\` must be a folder such as spark-events, got "${logs.prefix}".`);
  return findings;
}

/** The connector's settings; credentials are never among them, since properties are shown in every UI and log. */
export function s3aConf(store: ObjectStore, sparkVersion: string): Record<string, string> {
  const s3a = (key: string) => `spark.hadoop.fs.s3a.${key}`;
  return {
    [s3a("endpoint")]: store.endpoint,
    [s3a("endpoint.region")]: store.region ?? "us-east-1",
    [s3a("path.style.access")]: String(store.pathStyle ?? true),
    [s3a("connection.ssl.enabled")]: "true",
    [s3a("aws.credentials.provider")]: PROVIDERS[sparkVersion.startsWith("3.") ? 3 : 4],
  };
}

/** Folder of the event logs, as Hadoop writes it. */
export function eventLogDirectory({ bucket, prefix = "spark-events" }: EventLogs): string {
  return `s3a://${bucket}/${prefix}`;
}

/** Logs in pieces: object storage shows a file only once it is closed, and a long run would stay invisible till its end. */
export function eventLogConf(directory: string): Record<string, string> {
  return {
    "spark.eventLog.enabled": "true",
    "spark.eventLog.dir": directory,
    "spark.eventLog.compress": "true",
    "spark.eventLog.rolling.enabled": "true",
    "spark.eventLog.rolling.maxFileSize": "16m",
  };
}

/** The credentials as a container's environment takes them from the Secret. */
export function credentialsEnv(store: ObjectStore) {
  return Object.entries(CREDENTIAL_KEYS).map(([key, name]) => ({
    name,
    valueFrom: { secretKeyRef: { name: store.credentials, key } },
  }));
}

/**
 * Apache's own images have no S3 connector: an image that is to read or write object storage must add it.
 * @returns what is wrong with the image, if anything
 */
export function connectorFinding(path: string, image: string, packages: readonly string[] = []): string | undefined {
  const bare = /^(docker\.io\/)?(apache\/spark(-py|-r)?|(library\/)?spark)[:@]/.test(image);
  if (!bare || packages.some((coordinates) => coordinates.includes(":hadoop-aws:"))) return undefined;
  return `\`${path}\` is ${image}, which has no S3 connector. Use an image of yours that adds hadoop-aws of its Hadoop's version and the AWS SDK (${CONNECTOR}) to /opt/spark/jars.`;
}

/** What Spark 4.0.4 needs: its Hadoop is 3.4.1 (spark-parent's and hadoop-project's POM at Maven Central). */
export const CONNECTOR = "org.apache.hadoop:hadoop-aws:3.4.1 and software.amazon.awssdk:bundle:2.24.6 for Spark 4.0.4";
