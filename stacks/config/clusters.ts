import { z } from "zod";

import { driverNames } from "../../components/clusters/engines/registry";
import { ACCEPTABLE, labelsSchema, templateValuesSchema } from "../../components/clusters/values";
import { count, name } from "./fields";

const siteSchema = z
  .strictObject({
    magnum: z
      .enum(["upstream", "cern"])
      .default("upstream")
      .describe("Whose Magnum the cloud runs: CERN's knows labels for CVMFS, EOS and more. In place."),
    drivers: z
      .array(z.enum(driverNames()))
      .default([])
      .describe("Drivers that the cloud has beside Magnum's own, the preferred one first. In place."),
    defaults: templateValuesSchema
      .prefault({})
      .describe("What every template has on this cloud, such as image, flavor, proxies. Makes new templates."),
  })
  .describe("What the cloud's operators did to its Magnum.");

const templateSchema = templateValuesSchema
  .extend({
    from: z
      .string()
      .regex(/^[a-z-]+\/[a-z0-9-]+$/, "an entry of the catalogue, such as kubernetes/ha")
      .optional()
      .describe(
        "Entry of the catalogue to start from, such as `kubernetes/ha`. Default: none. Makes a new template where it changes a value.",
      ),
    accept: z.array(z.enum(ACCEPTABLE)).default([]).describe("Promises that are given up knowingly. In place."),
    acceptUnknownLabels: z
      .boolean()
      .default(false)
      .describe("Labels that the driver does not know pass, with a warning. In place."),
    public: z
      .boolean()
      .optional()
      .describe("Every project may use it; needs Magnum's right to publish. Default: `false`. In place."),
    hidden: z
      .boolean()
      .optional()
      .describe("Only administrators see it in lists; needs Magnum's right to publish. Default: `false`. In place."),
    retain: z
      .boolean()
      .optional()
      .describe(
        "Whether versions that are replaced or removed stay in the cloud, since other projects' clusters may use them. Default: as `public`. In place.",
      ),
  })
  .describe("A cluster template.");

const nodeGroupSchema = z
  .strictObject({
    nodes: count(0, 10_000)
      .default(1)
      .describe("Nodes; with `maxNodes` those to begin with, and the autoscaler's from then on. In place."),
    minNodes: count(0, 10_000).optional().describe("The autoscaler's lower limit. In place."),
    maxNodes: count(1, 10_000).optional().describe("The autoscaler's upper limit. In place."),
    flavor: z.string().min(1).optional().describe("Flavor. Default: the cluster's. REPLACES the group."),
    image: z.string().min(1).optional().describe("Image. Default: the template's. REPLACES the group."),
    role: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, "lower-case letters, digits and hyphens")
      .optional()
      .describe("Label `magnum.openstack.org/role` of its nodes. Default: `worker`. REPLACES the group."),
    dockerVolumeSize: count(1, 10_000)
      .optional()
      .describe("Volume for container images, in GiB. Default: the cluster's. REPLACES the group."),
    labels: labelsSchema.default({}).describe("Labels over the cluster's. REPLACES the group."),
  })
  .describe("A group of nodes beside the default one.");

const userSchema = z
  .strictObject({
    clusterRole: z
      .string()
      .min(1)
      .describe("Cluster role to bind, such as `view`, `edit`, `admin`, or one of yours. In place."),
    namespaces: z
      .array(name)
      .min(1)
      .optional()
      .describe("Namespaces that it is bound in; they must exist. Default: the whole cluster. In place."),
  })
  .describe("A user of the cluster's Kubernetes, by a certificate of the cluster's own authority.");

const clusterSchema = z
  .strictObject({
    template: z.string().min(1).describe("Key of a template in `templates`."),
    upgrade: z
      .enum(["keep", "in-place"])
      .default("keep")
      .describe(
        "What a changed template does: `keep` leaves the cluster on the version it has, `in-place` has Magnum upgrade it. In place.",
      ),
    generation: count(1, 10_000)
      .default(1)
      .describe(
        "Another number makes a new cluster of the template of now, before the old one goes. REPLACES the cluster.",
      ),
    nodes: count(0, 10_000).default(1).describe("Worker nodes of the default group. In place."),
    masters: z
      .union([z.literal(1), z.literal(3), z.literal(5)])
      .default(1)
      .describe("Masters; odd, since etcd votes. REPLACES the cluster."),
    flavor: z
      .string()
      .min(1)
      .optional()
      .describe("Flavor of the nodes. Default: the template's. REPLACES the cluster."),
    masterFlavor: z
      .string()
      .min(1)
      .optional()
      .describe("Flavor of the masters. Default: the template's. REPLACES the cluster."),
    dockerVolumeSize: count(1, 10_000)
      .optional()
      .describe("Volume for container images, in GiB. Default: the template's. REPLACES the cluster."),
    floatingIps: z
      .boolean()
      .optional()
      .describe("Whether every node gets a floating IP. Default: the template's. REPLACES the cluster."),
    labels: labelsSchema
      .default({})
      .describe(
        "Labels over the template's. REPLACES the cluster; with `upgrade: in-place` a change is for its next `generation`.",
      ),
    nodeGroups: z
      .record(name, nodeGroupSchema)
      .default({})
      .describe("Groups of nodes beside the default one, by name."),
    users: z
      .record(name, userSchema)
      .default({})
      .describe("Users of the cluster's Kubernetes, each with a kubeconfig."),
    credentials: z
      .string()
      .regex(/^[a-z0-9-]*$/, "lower-case letters, digits and hyphens")
      .default("")
      .describe("Any text; another one mints all kubeconfigs anew. In place."),
    ownNetwork: z
      .boolean()
      .default(false)
      .describe(
        "Whether Magnum makes a network for the cluster, instead of the network layer's. REPLACES the cluster.",
      ),
  })
  .describe("A cluster.");

export const clustersSchema = z
  .strictObject({
    external: z.string().min(1).optional().describe("External network of the clusters. Default: `network.external`."),
    site: siteSchema.prefault({}),
    templates: z.record(name, templateSchema).describe("Cluster templates by key."),
    clusters: z.record(name, clusterSchema).default({}).describe("Clusters by key."),
  })
  .superRefine((layer, context) => {
    for (const [key, cluster] of Object.entries(layer.clusters)) {
      if (cluster.template in layer.templates) continue;
      context.addIssue({
        code: "custom",
        path: ["clusters", key, "template"],
        input: cluster.template,
        message: `one of the templates of this stack (${Object.keys(layer.templates).join(", ") || "none"})`,
      });
    }
  })
  .describe("The clusters layer: Magnum cluster templates and clusters.");

export type ClustersConfig = z.output<typeof clustersSchema>;
export type SiteConfig = ClustersConfig["site"];
export type TemplateConfig = ClustersConfig["templates"][string];
export type NodeGroupConfig = ClusterConfig["nodeGroups"][string];
export type ClusterConfig = ClustersConfig["clusters"][string];

/** Values that neither a template nor its site gives: path and message. */
export function missingClusterValues({ templates, site }: ClustersConfig): { path: string[]; message: string }[] {
  return Object.entries(templates).flatMap(([key, template]) =>
    (["image", "flavor"] as const)
      .filter((what) => template[what] === undefined && site.defaults[what] === undefined)
      .map((what) => ({
        path: ["clusters", "templates", key, what],
        message: `\`clusters.templates.${key}.${what}\` is missing; give it here, or for all templates as \`clusters.site.defaults.${what}\``,
      })),
  );
}
