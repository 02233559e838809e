import { z } from "zod";

const endpointSchema = z.object({ interface: z.string(), region: z.string().nullish(), url: z.string() });

/** Keystone's service catalogue, as a token carries it. */
export const catalogSchema = z.array(z.object({ type: z.string(), endpoints: z.array(endpointSchema) })).default([]);

/** Services by the types they go by in catalogues (the current one first), and the version that paths begin with. */
const SERVICES = {
  compute: { types: ["compute"] },
  network: { types: ["network"], version: "v2.0" },
  image: { types: ["image"], version: "v2" },
  volume: { types: ["block-storage", "volumev3", "block-store"], project: true },
  containerInfra: { types: ["container-infra", "container-infrastructure-management"] },
  orchestration: { types: ["orchestration"] },
  loadBalancer: { types: ["load-balancer"], version: "v2.0" },
  keyManager: { types: ["key-manager"], version: "v1" },
} as const satisfies Record<string, { types: readonly string[]; version?: string; project?: boolean }>;

export type Service = keyof typeof SERVICES;

/** Whose endpoints are wanted. */
export interface EndpointChoice {
  region?: string;
  /** `public`, `internal` or `admin`, with or without `URL`. */
  interface: string;
  projectId: string;
}

/** The root of a service's paths, without a slash at the end; `undefined` where the catalogue does not have it. */
export function serviceRoot(
  catalog: z.output<typeof catalogSchema>,
  service: Service,
  choice: EndpointChoice,
): string | undefined {
  const { types, version, project }: { types: readonly string[]; version?: string; project?: boolean } =
    SERVICES[service];
  const found = types
    .flatMap((type) => catalog.filter((entry) => entry.type === type))
    .flatMap((entry) => entry.endpoints)
    .find((endpoint) => fits(endpoint, choice));
  if (found === undefined) return undefined;
  const url = found.url.replace(/\/+$/, "");
  if (version !== undefined) return `${url.replace(/\/v\d+(\.\d+)?$/, "")}/${version}`;
  // Cinder takes paths without the project only since Yoga, and with it always.
  return project === true && !url.endsWith(choice.projectId) ? `${url}/${choice.projectId}` : url;
}

function fits(endpoint: z.output<typeof endpointSchema>, choice: EndpointChoice): boolean {
  const sameRegion = choice.region === undefined || endpoint.region == null || endpoint.region === choice.region;
  return sameRegion && endpoint.interface === choice.interface.replace(/URL$/, "");
}
