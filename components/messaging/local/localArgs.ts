import type { Input } from "@pulumi/pulumi";

import type { ZoneSubnet } from "../../network/attachment";
import type { Authority } from "../servers/CertificateAuthority";
import type { Published } from "./ports";

/** What the containers of the messaging layer have in common. */
export interface LocalServerArgs {
  /** Prefix of every name, such as `local`. REPLACES the containers (it is in their host names). */
  prefix: string;
  /** Name of the Docker network. REPLACES the containers. */
  networkName: Input<string>;
  /** Ranges of the zones; they are names only. REPLACES the containers. */
  zones: Pick<ZoneSubnet, "zone" | "cidr">[];
  /** Where the Docker host publishes what clients may reach. REPLACES the containers. */
  published: Published;
  /** Registry that stands in for those in the images' names, such as `mirror.example.org:5000`. REPLACES the containers. */
  registry?: string;
  /** Passwords by user name; a user per service. REPLACES the containers. */
  users: Input<Record<string, Input<string>>>;
  /** Authority that signs the certificates. */
  authority: Authority;
  /** The stack that owns everything; written as labels. REPLACES the containers. */
  stack: string;
}

/** Under these a container is reached from the Docker host, beside its own name and address. */
export function hostNames({ published }: Pick<LocalServerArgs, "published">) {
  return { names: ["localhost"], addresses: [published.ip] };
}
