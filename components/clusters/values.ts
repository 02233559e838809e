import { z } from "zod";

import { driverNames, engineNames } from "./engines/registry";

/**
 * What a template may say, wherever it says it: in the catalogue, in the site's defaults, or in the stack. One schema for
 * all, so that a value can move between them. Attributes are those of Magnum's cluster templates.
 */

const text = z.string().min(1).max(255);

export const labelsSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** Promises of a template that are given up knowingly. */
export const ACCEPTABLE = ["plaintext-api", "plaintext-registry"] as const;
export type Accepted = (typeof ACCEPTABLE)[number];

const whatRuns = {
  engine: z
    .enum(engineNames())
    .optional()
    .describe("Orchestration engine (`coe`). Default: the catalogue entry's, else `kubernetes`. Makes a new template."),
  driver: z
    .enum(driverNames())
    .optional()
    .describe(
      "Magnum's driver. Default: by the image's `os_distro`, else the site's, else the release's own. In place.",
    ),
  serverType: z
    .enum(["vm", "bm"])
    .optional()
    .describe("Virtual machines or bare metal. Default: `vm`. Makes a new template."),
  image: text.optional().describe("Image with the property `os_distro`. Default: the site's. Makes a new template."),
  flavor: text.optional().describe("Flavor of the nodes. Default: the site's. Makes a new template."),
  masterFlavor: text.optional().describe("Flavor of the masters. Default: `flavor`. Makes a new template."),
  keyPair: text
    .optional()
    .describe("Nova key pair of the nodes, where the cluster has none. Default: none. Makes a new template."),
};

const storage = {
  volumeDriver: text.optional().describe("Volume driver, such as `cinder`. Default: none. Makes a new template."),
  dockerVolumeSize: z
    .int()
    .min(1)
    .max(16_384)
    .optional()
    .describe("Volume for container images in GiB. Default: none. Makes a new template."),
  dockerStorageDriver: z
    .enum(["overlay2", "overlay", "devicemapper", "btrfs"])
    .optional()
    .describe("Docker's storage driver. Default: Magnum's. Makes a new template."),
  registryEnabled: z
    .boolean()
    .optional()
    .describe("A registry on the cluster, backed by Swift. Default: `false`. Makes a new template."),
  insecureRegistry: text
    .optional()
    .describe(
      "Registry without TLS, as `host:port`; must be accepted by `accept: [plaintext-registry]`. Default: none. Makes a new template.",
    ),
};

const network = {
  networkDriver: text.optional().describe("Network driver, such as `calico`. Default: Magnum's. Makes a new template."),
  masterLoadBalancer: z
    .boolean()
    .optional()
    .describe("Load balancer before the masters; needed for more than one. Default: `false`. Makes a new template."),
  floatingIps: z.boolean().optional().describe("A floating IP for every node. Default: `false`. Makes a new template."),
  fixedNetwork: text
    .optional()
    .describe("Network of the nodes, where a cluster says none. Default: Magnum makes one. Makes a new template."),
  fixedSubnet: text
    .optional()
    .describe("Subnet of the nodes, on `fixedNetwork`. Default: Magnum makes one. Makes a new template."),
  dnsNameservers: z
    .array(z.ipv4())
    .min(1)
    .max(16)
    .optional()
    .describe("Resolvers of the nodes, IPv4 only. Default: Magnum's, 8.8.8.8. Makes a new template."),
  httpProxy: text
    .regex(/^https?:\/\/\S+$/, "a URL with the port, such as http://proxy.example.org:3128")
    .optional()
    .describe("Proxy of the nodes for HTTP. Default: none. Makes a new template."),
  httpsProxy: text
    .regex(/^https?:\/\/\S+$/, "a URL with the port, such as http://proxy.example.org:3128")
    .optional()
    .describe("Proxy of the nodes for HTTPS. Default: none. Makes a new template."),
  noProxy: z
    .array(z.string().min(1).max(64))
    .min(1)
    .max(32)
    .optional()
    .describe("Addresses and names that need no proxy. Default: none. Makes a new template."),
  apiserverPort: z
    .int()
    .min(1024)
    .max(65_535)
    .optional()
    .describe("Port of the engine's API. Default: the engine's. Makes a new template."),
  tlsDisabled: z
    .boolean()
    .optional()
    .describe(
      "The engine's API without TLS; must be accepted by `accept: [plaintext-api]`. Default: `false`. Makes a new template.",
    ),
};

export const templateValuesSchema = z.strictObject({
  ...whatRuns,
  ...network,
  ...storage,
  labels: labelsSchema.optional().describe("Labels of Magnum's driver; typed. Default: none. Makes a new template."),
});

export type TemplateValues = z.output<typeof templateValuesSchema>;

/** The values among other things that a template says. */
export function templateValuesIn(template: Readonly<Record<string, unknown>>): TemplateValues {
  const keys = Object.keys(templateValuesSchema.shape);
  return Object.fromEntries(Object.entries(template).filter(([key]) => keys.includes(key)));
}
