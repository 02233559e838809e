import { z } from "zod";

import { count, name } from "./fields";

const LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] as const;

const loggingSchema = z
  .strictObject({
    target: z
      .enum(["stderr", "journal", "syslog"])
      .default("stderr")
      .describe("Where services log; `journal` needs systemd's Python module. In place."),
    format: z.enum(["json", "text"]).default("json").describe("`json`: an object a line. In place."),
    debug: z.boolean().default(false).describe("Whether DEBUG messages are logged. In place."),
    levels: z
      .record(z.string().min(1), z.enum(LEVELS))
      .default({})
      .describe("Levels by logger, over the library's list, such as `oslo.messaging: WARNING`. In place."),
  })
  .describe("Logging of the services (oslo.log).");

const policySchema = z
  .strictObject({
    enforceScope: z
      .boolean()
      .optional()
      .describe("Whether a token's scope must fit the rule. Default: the release's own. In place."),
    enforceNewDefaults: z
      .boolean()
      .optional()
      .describe("Whether rules hold without their deprecated forms. Default: the release's own. In place."),
    rules: z
      .record(name, z.record(z.string().min(1), z.string()))
      .default({})
      .describe("Rules by service that go over its own, as in `policy.yaml`. In place."),
  })
  .describe("Authorization in the services (oslo.policy).");

const deliverySchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("files") }),
    z.strictObject({ kind: z.literal("environment") }),
    z.strictObject({
      kind: z.literal("remote"),
      uri: z.string().startsWith("https://", "an https:// address"),
      suffix: z.string().optional(),
      caFile: z.string().startsWith("/", "a path on the services' servers").optional(),
      clientCert: z.string().startsWith("/", "a path on the services' servers").optional(),
      clientKey: z.string().startsWith("/", "a path on the services' servers").optional(),
    }),
  ])
  .describe(
    "How options reach the services. `files`: drop-ins. `environment`: variables. `remote`: a document at `<uri>/<service><suffix>`, " +
      "read with `caFile`, `clientCert` and `clientKey`, which holds no secrets. In place.",
  );

const optionValue = z.union([z.boolean(), z.number(), z.string(), z.array(z.string())]);

export const osloSchema = z
  .strictObject({
    rpcResponseTimeout: count(1, 86_400)
      .default(60)
      .describe("Seconds until an RPC call without a reply fails. In place."),
    logging: loggingSchema.prefault({}),
    policy: policySchema.prefault({}),
    delivery: deliverySchema.default({ kind: "files" }),
    services: z
      .record(name, z.record(z.string().min(1), z.record(z.string().min(1), optionValue)))
      .default({})
      .describe(
        "Options of oslo's libraries by service and section, over everything else; checked against the release. In place.",
      ),
  })
  .describe("The oslo configuration of the services: output `serviceConfig`.");
