import { z } from "zod";

import { isLocal, localFiles } from "../../localFiles";

/** What an `analysis.yaml` says: one file, one analysis. This is the single source of its checks, its JSON Schema and its reference. */

const name = z
  .string()
  .regex(
    /^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/,
    "lower-case letters, digits and hyphens, at most 32, starting with a letter",
  );

const image = z
  .string()
  .regex(
    /^[^\s:@]+(:\d+)?(\/[^\s:@]+)*(:(?!latest$)[\w][\w.-]*(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$/,
    "an image with a tag other than `latest`, or a digest, such as docker.io/apache/spark:4.0.4",
  );

const relativePath = z
  .string()
  .regex(
    /^(?!\/)(?!.*(^|\/)\.\.(\/|$))[\w@+.\-/]+$/,
    "a path below this file's folder, of letters, digits and _ @ + . - /",
  );

const identifier = z.string().regex(/^[A-Za-z_]\w*$/, "a name of letters, digits and _");

const quantity = z.string().regex(/^[1-9]\d*(Mi|Gi)$/, "a quantity such as 512Mi or 4Gi");

const cpu = z.number().positive().max(1024).multipleOf(0.1);

const count = (min: number, max: number) => z.int().min(min).max(max);

export const PARAMETER_TYPES = ["integer", "number", "string", "boolean", "choice"] as const;

const parameterSchema = z
  .strictObject({
    type: z.enum(PARAMETER_TYPES).describe("What it is; a `choice` is one of `choices`."),
    describe: z.string().min(1).optional().describe("Its meaning and unit. Default: nothing."),
    default: z
      .union([z.number(), z.string(), z.boolean()])
      .optional()
      .describe("Its value when a run gives none. Default: none, every run must give one."),
    min: z.number().optional().describe("Smallest value of an `integer` or `number`. Default: no limit."),
    max: z.number().optional().describe("Largest value of an `integer` or `number`. Default: no limit."),
    choices: z.array(z.string().min(1)).min(1).optional().describe("What a `choice` may be. Default: none."),
  })
  .describe("A parameter.");

const inputSchema = z
  .strictObject({
    from: z
      .string()
      .regex(
        /^(root:\/\/|s3a:\/\/|https:\/\/|\/eos\/)\S+$|^(?!\w+:)(?!\/)\S+$/,
        "root://…, s3a://…, https://…, /eos/…, or for development a path below this file's folder",
      )
      .describe("Where it is. A path below this file's folder is for development; a cluster refuses it. New address.")
      .register(localFiles, { relativeTo: "file", when: isLocal }),
    checksum: z
      .string()
      .regex(
        /^(sha256:[0-9a-f]{64}|md5:[0-9a-f]{32})$/,
        "sha256:<64 digits> or md5:<32 digits>, lower-case hexadecimal",
      )
      .optional()
      .describe("Of its content, which is checked before the run. Default: not checked. New address."),
    revision: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Any text that you change when the data change, such as a version or a date. Default: none. New address.",
      ),
    observe: z
      .boolean()
      .default(false)
      .describe(
        "Each run looks whether it has changed (tag, size and time of writing; content of https://), and is a new one if so. New address.",
      ),
  })
  .describe(
    "An input. One of `checksum`, `revision` and `observe` says which data are meant; of a path below this file's folder its content does.",
  );

const environmentSchema = z
  .strictObject({
    over: image.describe("Image that the packages are laid over. New address."),
    lock: relativePath
      .describe(
        "Requirements file with a hash for every package, as `uv pip compile --generate-hashes` writes. New address.",
      )
      .register(localFiles, { relativeTo: "file" }),
    index: z
      .url()
      .optional()
      .describe("Package index that they come from, such as a mirror; hashes decide what is accepted. Default: PyPI."),
  })
  .describe("Packages laid over an image when a pod starts. Many executors are better off with an image of their own.");

const podResources = (cores: number, memory: string) => ({
  cores: count(1, 256).default(cores).describe("Cores of each."),
  memory: quantity.default(memory).describe("Memory of each, without Spark's overhead."),
});

const resourcesSchema = z
  .strictObject({
    driver: z.strictObject(podResources(1, "1Gi")).prefault({}).describe("Spark's driver."),
    executor: z
      .strictObject({ ...podResources(1, "2Gi"), instances: count(1, 10_000).default(2).describe("Executors.") })
      .prefault({})
      .describe("Spark's executors."),
    job: z
      .strictObject({
        cpu: cpu.default(1).describe("Cores, in tenths."),
        memory: quantity.default("2Gi").describe("Memory."),
        gpu: count(0, 16).default(0).describe("GPUs, as the resource `nvidia.com/gpu`."),
      })
      .prefault({})
      .describe("The container of a Job."),
  })
  .describe("What a run takes. Changes no result, and so no address.");

export const scheduleSchema = z
  .strictObject({
    cron: z
      .string()
      .regex(/^\S+( \S+){4}$|^@(hourly|daily|weekly|monthly|yearly)$/, "five fields such as `0 3 * * *`, or @daily")
      .describe("When it runs."),
    timeZone: z
      .string()
      .refine(isTimeZone, { error: "must be a time zone of the IANA database, such as Europe/Zurich" })
      .default("Etc/UTC")
      .describe("Time zone of `cron`."),
    concurrency: z
      .enum(["Forbid", "Replace", "Allow"])
      .default("Forbid")
      .describe(
        "What happens when a run is due while the last one runs: left out, put in its place, or run beside it.",
      ),
    each: z
      .enum(["changed", "always"])
      .default("changed")
      .describe("Whether a run that is due ends at once unless an observed input has changed, or always runs."),
  })
  .describe("Runs at given times. A `changed` one needs an input with `observe: true`.");

export const definitionSchema = z
  .strictObject({
    name: name.describe("Its name; a part of objects' names and of where results lie."),
    description: z.string().min(1).optional().describe("What it finds out. Default: nothing."),
    runs: z.enum(["spark", "job"]).describe("As a Spark application, or as one container. New address."),
    image: image.optional().describe("Image that has everything it needs. Default: `environment`. New address."),
    sparkVersion: z
      .string()
      .regex(/^[34]\.\d+\.\d+$/, "a version of Spark such as 4.0.4")
      .optional()
      .describe("Spark's version in the image. Default: what the image's tag begins with. New address."),
    environment: environmentSchema.optional().describe("Packages over an image. Default: `image`."),
    code: z
      .strictObject({
        files: z
          .array(relativePath)
          .min(1)
          .max(500)
          .describe("Files and folders, relative to this file. New address.")
          .register(localFiles, { relativeTo: "file" }),
        entry: z
          .string()
          .regex(/^[\w./-]+\.py(:[A-Za-z_]\w*)?$/, "a Python file, or file.py:function")
          .describe(
            "What runs: `file.py` (its function `run`), or `file.py:function`; it gets a context. New address.",
          ),
      })
      .describe("The analysis itself."),
    parameters: z
      .record(identifier, parameterSchema)
      .default({})
      .describe("Parameters. A value is part of the address."),
    inputs: z.record(identifier, inputSchema).default({}).describe("Inputs."),
    outputs: z
      .strictObject({
        to: z
          .string()
          .regex(/^(root:\/\/|s3a:\/\/|\/)\S+$/, "s3a://bucket/…, root://…, or an absolute path such as /eos/…")
          .describe("Prefix that results lie below, as `<to>/<name>/<address>/`."),
        files: z
          .array(relativePath)
          .min(1)
          .max(500)
          .describe("Files and folders that a finished run has written. New address."),
      })
      .describe("Results."),
    resources: resourcesSchema.prefault({}),
    schedule: scheduleSchema.optional().describe("When it runs by itself. Default: once, when it is deployed."),
    retries: count(0, 20).default(0).describe("How often a failed run is tried again."),
    timeout: count(10, 2_592_000).default(86_400).describe("Seconds that a run may take; it is ended then."),
    keep: z
      .strictObject({
        results: count(1, 36_500)
          .optional()
          .describe("Days; later runs of the analysis remove older results. Default: for ever."),
        logs: count(1, 3_650)
          .default(7)
          .describe("Days that a finished run's object, and so its pods' logs, are kept."),
      })
      .prefault({})
      .describe("How long what a run leaves is kept."),
  })
  .describe("An analysis.");

export type Definition = z.infer<typeof definitionSchema>;
export type Parameter = z.infer<typeof parameterSchema>;
export type AnalysisInput = z.infer<typeof inputSchema>;

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
