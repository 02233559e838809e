import * as pulumi from "@pulumi/pulumi";

import type { StoreCredentials } from "../components/analysis/spark/SparkJobNamespace";

/** Credentials of object storage as the configuration has them, secret from here on. */
export function storeCredentials({ accessKey, secretKey }: { accessKey: string; secretKey: string }): StoreCredentials {
  return { accessKey: pulumi.secret(accessKey), secretKey: pulumi.secret(secretKey) };
}
