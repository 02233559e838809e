import { UserError } from "../../errors";
import { MAX_BROKERS } from "../brokers/plan";
import { MAX_SITE_INTERIOR } from "../mesh/topology";

/** The last TCP port. */
const MAX_PORT = 65_535;

/** Where the Docker host publishes what clients may reach. */
export interface Published {
  /** Address of the Docker host. */
  ip: string;
  /** Port of the first broker; the other brokers and the routers follow. */
  firstPort: number;
}

/** Ports on the Docker host: a block a role, so that growing one role moves no port of another. */
export function publishedPort({ firstPort }: Published, role: "broker" | "router" | "edge", index: number): number {
  const first = { broker: 0, router: MAX_BROKERS, edge: MAX_BROKERS + MAX_SITE_INTERIOR }[role];
  const port = firstPort + first + index;
  if (port > MAX_PORT) {
    throw new UserError(
      `\`docker.firstPort\` ${firstPort} leaves no port for ${role} ${index + 1}: it would be ${port}. Take a lower one, or fewer routers.`,
    );
  }
  return port;
}
