import { z } from "zod";

import { definitionSchema, scheduleSchema } from "../../../components/analysis/runs/definition";
import { localFiles } from "../../../components/localFiles";
import { name } from "../fields";

const value = z.union([z.number(), z.string(), z.boolean()]);

const analysisSchema = z
  .strictObject({
    definition: z
      .string()
      .regex(/\.ya?ml$/, "the path of an analysis.yaml, relative to this file")
      .describe("Path of its `analysis.yaml`, relative to the stack's file. Another definition is another run.")
      .register(localFiles, { relativeTo: "file", document: definitionSchema }),
    namespace: name
      .optional()
      .describe("Namespace that it runs in. Default: the first of the Spark platform's. REPLACES the run."),
    parameters: z
      .record(z.string(), value)
      .default({})
      .describe("Values of parameters. Another value is another run; one that is under way is ended."),
    rerun: z
      .string()
      .min(1)
      .optional()
      .describe("Any text; another one runs it again, beside the results that are there. Default: none."),
    to: z
      .string()
      .regex(/^(root:\/\/|s3a:\/\/|\/)\S+$/, "s3a://bucket/…, root://…, or an absolute path such as /eos/…")
      .optional()
      .describe("Where results go. Default: as its definition says. New runs have it."),
    schedule: scheduleSchema.optional().describe("When it runs. Default: as its definition says. In place."),
    nodeGroups: z
      .array(name)
      .min(1)
      .optional()
      .describe("Node groups that its pods run on. Default: every node. New runs have it."),
  })
  .describe("An analysis.");

export const analysesSchema = z
  .record(name, analysisSchema)
  .describe("Reusable analyses that run in the cluster, by key. One whose result is there ends at once.");

export type AnalysesConfig = z.infer<typeof analysesSchema>;
