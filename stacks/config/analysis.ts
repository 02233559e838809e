import { z } from "zod";

import { isLocal, localFiles } from "../../components/localFiles";
import { analysesSchema } from "./analysis/analyses";
import { dataSchema } from "./analysis/data";
import { hubSchema } from "./analysis/hub";
import { apiServerSchema, sparkSchema, standaloneSparkSchema } from "./analysis/spark";
import { name } from "./fields";

export const analysisSchema = z
  .strictObject({
    cluster: name
      .optional()
      .describe(
        "Key of the cluster that it runs on: of this stack, or of the one that `reads.clusters` names. REPLACES everything.",
      ),
    kubeconfig: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Any other cluster's kubeconfig, as text; set it with `--secret`. Another cluster REPLACES everything.",
      ),
    context: z.string().min(1).optional().describe("Context of `kubeconfig`. Default: its current one."),
    charts: z
      .strictObject({
        mirror: z
          .string()
          .min(1)
          .optional()
          .describe(
            "Chart repository, folder of an OCI registry (`oci://…`), or local folder with all charts. Default: where each is published. In place.",
          )
          .register(localFiles, { relativeTo: "project", when: isLocal }),
      })
      .prefault({})
      .describe("Where Helm charts are taken from."),
    apiServer: apiServerSchema.optional(),
    spark: sparkSchema.optional(),
    standalone: standaloneSparkSchema.optional(),
    data: dataSchema.optional(),
    hub: hubSchema.optional(),
    analyses: analysesSchema.default({}),
  })
  .describe("The analysis layer: Spark, JupyterHub, CVMFS and EOS, reusable analyses.");

export type AnalysisConfig = z.output<typeof analysisSchema>;
