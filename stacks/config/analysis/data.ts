import { z } from "zod";

import { EOS_LOGINS } from "../../../components/analysis/data/eosSettings";
import { count, taggedImage } from "../fields";
import { placementSchema } from "./placement";

const quantity = z.string().regex(/^[1-9]\d*(Mi|Gi|Ti)$/, "a quantity such as 500Gi");
const driverFields = {
  storageClass: z.string().min(1).optional().describe("Storage class of claims on it. REPLACES the claims."),
  imageMirror: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Registry with copies of all its images under their own paths. Default: where each is published. In place.",
    ),
  placement: placementSchema.optional().describe("Nodes that can mount it. Default: all without taints. In place."),
  priorityClass: z
    .string()
    .min(1)
    .optional()
    .describe("Priority class of the plug-in of nodes. Default: `system-node-critical`. In place."),
};

const cvmfsSchema = z
  .strictObject({
    install: z
      .boolean()
      .default(true)
      .describe("Whether to install the driver; not where the cluster came with it (`cvmfs_csi_enabled`)."),
    repositories: z
      .array(z.string().min(1))
      .min(1)
      .describe("Repositories that analyses use, such as `sft.cern.ch`. In place."),
    proxy: z
      .string()
      .min(1)
      .optional()
      .describe(
        "The site's proxies, as CVMFS writes them, such as `http://squid-1:3128|http://squid-2:3128;DIRECT`. Needed with `install`. A node takes up a change when its plug-in's pod is deleted.",
      ),
    clientProfile: z
      .literal("single")
      .optional()
      .describe("`single` for a few nodes that no proxy serves. As `proxy`."),
    quotaMiB: count(1000, 10_000_000)
      .optional()
      .describe("Size of a node's own cache, in MiB. Default: 4000. Not with `alienCache`. As `proxy`."),
    alienCache: z
      .strictObject({
        claim: z
          .string()
          .min(1)
          .optional()
          .describe("Existing claim that many nodes may write to. Default: one is made."),
        storageClass: z
          .string()
          .min(1)
          .optional()
          .describe("Class of the claim that is made; it must give ReadWriteMany. REPLACES the cache."),
        size: quantity.optional().describe("Size of the claim that is made. In place, upwards."),
      })
      .optional()
      .describe("A cache that all nodes share, whose size CVMFS does not govern. Default: none. As `proxy`."),
    configRepository: z
      .strictObject({
        repository: z.string().min(1).describe("Its name, such as `config-osg.opensciencegrid.org`."),
        keysDirectory: z.string().min(1).optional().describe("Folder of the keys that it is checked with."),
      })
      .optional()
      .describe("Repository with the configuration of others. Default: CERN's. As `proxy`."),
    ownRepositories: z
      .record(
        z.string(),
        z.strictObject({
          servers: z.array(z.string()).min(1).describe("URLs of its servers; `@fqrn@` stands for its name."),
          publicKey: z.string().min(1).describe("Its public key, PEM."),
        }),
      )
      .optional()
      .describe("Repositories that no other configuration knows, by name. As `proxy`."),
    prefetch: z
      .record(
        z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, "lower-case letters, digits and hyphens"),
        z.strictObject({
          schedule: z.string().min(1).describe("When, as five fields of cron."),
          paths: z.array(z.string().min(1)).min(1).describe("Files and folders below `/cvmfs` that are read whole."),
        }),
      )
      .optional()
      .describe("Jobs on every node that read software before it is asked for, by name. As `proxy`."),
    ...driverFields,
  })
  .describe("CVMFS, mounted as `/cvmfs`.");

const eosSchema = z
  .strictObject({
    install: z
      .boolean()
      .default(true)
      .describe("Whether to install the driver; not where the cluster came with it (`eos_enabled`)."),
    instances: z
      .record(
        z.string(),
        z.strictObject({
          host: z.string().min(1).describe("Host of its manager, such as `eospublic.cern.ch`."),
          path: z.string().startsWith("/").optional().describe("Folder on it. Default: `/eos/<key>/`."),
        }),
      )
      .describe("What is mounted below `/eos`, by the folder's name. Rolling, node by node."),
    login: z
      .enum(EOS_LOGINS)
      .default("keytab")
      .describe(
        "`keytab`: every pod is the identity of the node's keytab; `oauth2`: who its token says; `kerberos`: who its ticket says. Rolling, node by node.",
      ),
    keytab: z.string().min(1).optional().describe("The node's keytab; a secret. Needed outside CERN. In place."),
    krb5: z
      .string()
      .min(1)
      .optional()
      .describe("Kerberos' configuration. Default: the chart's. Rolling, node by node."),
    credential: z
      .strictObject({
        secret: z
          .string()
          .min(1)
          .describe("Secret of every namespace that mounts EOS, kept fresh by somebody. New pods have it."),
        key: z
          .string()
          .min(1)
          .optional()
          .describe("Its key with the file. Default: `token` or `ticket`. New pods have it."),
        image: taggedImage.describe(
          "Image with a shell that hands it to pods, such as `docker.io/library/busybox:1.37.0`.",
        ),
      })
      .optional()
      .describe("Token or ticket of pods, with `oauth2` and `kerberos`. Default: none. New pods have it."),
    token: z
      .strictObject({
        tokenUrl: z
          .url({ protocol: /^https$/, error: "an https URL" })
          .describe("The provider's token endpoint. In place."),
        userinfo: z
          .string()
          .min(1)
          .describe("Where EOS asks whose token it is, host and path without `https://`. In place."),
        clientId: z.string().min(1).describe("Client at the provider. In place."),
        clientSecret: z.string().min(1).describe("Its secret; a secret. In place."),
        refreshToken: z
          .string()
          .min(1)
          .optional()
          .describe(
            "Refresh token of the user whom pods act for; a secret. Default: the client acts for itself. In place.",
          ),
        image: taggedImage.describe("Image with Python 3. In place."),
        schedule: z
          .string()
          .min(1)
          .optional()
          .describe("When, as five fields of cron. Default: `*/5 * * * *`. In place."),
      })
      .optional()
      .describe("Keeps `credential.secret` fresh, in every namespace that mounts EOS. Default: somebody else does."),
    ...driverFields,
  })
  .describe("EOS, mounted as `/eos`.");

const canarySchema = z
  .strictObject({
    image: taggedImage.describe("Image with Python 3, such as `docker.io/library/python:3.13.9-slim`. Runs it again."),
    schedule: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Repeat it at these times, five fields of cron. Default: once, and when anything of it changes. In place.",
      ),
    timeout: count(1, 3600).default(120).describe("Seconds for each mount. Runs it again."),
    files: z
      .record(z.string(), z.string().min(1))
      .default({})
      .describe("A file instead of the first one found, by repository or instance. Runs it again."),
    spark: z
      .strictObject({
        image: taggedImage.describe("Image of Spark with Python. Runs it again."),
        sparkVersion: z
          .string()
          .min(1)
          .optional()
          .describe("Spark's version in it. Default: what its tag begins with."),
        executors: count(1, 1000).default(2).describe("Executors that must all read. Runs it again."),
      })
      .optional()
      .describe("Reads from a Spark driver and its executors too. Default: from a pod only."),
  })
  .describe("Reads from every mount and fails the update where one is missing.");

export const dataSchema = z
  .strictObject({
    cvmfs: cvmfsSchema.optional(),
    eos: eosSchema.optional(),
    canary: canarySchema.optional(),
  })
  .superRefine((data, context) => {
    const { credential, token, login } = data.eos ?? {};
    if (credential !== undefined && login === "keytab")
      context.addIssue({
        code: "custom",
        path: ["eos", "credential"],
        input: credential,
        message: "only with `login: oauth2` or `kerberos`; with `keytab` EOS asks no pod who it is",
      });
    if (token !== undefined && (credential === undefined || login !== "oauth2"))
      context.addIssue({
        code: "custom",
        path: ["eos", "token"],
        input: "given",
        message: "only with `login: oauth2` and a `credential`, whose Secret it keeps fresh",
      });
  })
  .describe("Software and data: CVMFS and EOS in drivers, executors and notebooks.");

export type DataConfig = z.output<typeof dataSchema>;
export type EosConfig = NonNullable<DataConfig["eos"]>;
