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

const path = z.string().regex(/^\//, "a path on the services' servers");

const deliverySchema = z
  .strictObject({
    kind: z
      .enum(["files", "environment", "remote"])
      .default("files")
      .describe("`files`: drop-ins. `environment`: variables. `remote`: a document without secrets, served. In place."),
    uri: z
      .string()
      .regex(/^https:\/\//, "an https:// address")
      .optional()
      .describe("Where documents are served, for `remote`: a service's is `<uri>/<service><suffix>`. In place."),
    suffix: z.string().optional().describe("What follows the service's name, such as `?raw` for consul. In place."),
    caFile: path.optional().describe("File with the source's authority. Default: the system's. In place."),
    clientCert: path.optional().describe("Certificate by which a service is known to the source. In place."),
    clientKey: path.optional().describe("Key of `clientCert`. In place."),
  })
  .superRefine((delivery, context) => {
    if ((delivery.kind === "remote") === (delivery.uri !== undefined)) return;
    const message =
      delivery.uri === undefined ? "an https:// address: `remote` needs one" : "nothing: only `remote` uses it";
    context.addIssue({ code: "custom", path: ["uri"], input: delivery.uri, message });
  })
  .describe("How options reach the services.");

const optionValue = z.union([z.boolean(), z.number(), z.string(), z.array(z.string())]);

export const osloSchema = z
  .strictObject({
    rpcResponseTimeout: count(1, 86_400)
      .default(60)
      .describe("Seconds until an RPC call without a reply fails. In place."),
    logging: loggingSchema.prefault({}),
    policy: policySchema.prefault({}),
    delivery: deliverySchema.prefault({}),
    services: z
      .record(name, z.record(z.string().min(1), z.record(z.string().min(1), optionValue)))
      .default({})
      .describe(
        "Options of oslo's libraries by service and section, over everything else; checked against the release. In place.",
      ),
  })
  .describe("The oslo configuration of the services: output `serviceConfig`.");
