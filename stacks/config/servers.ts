import { z } from "zod";

import { INSTALL_METHODS } from "../../components/compute/host/plan";

const host = z.string().regex(/^[\w.-]+$/, "a host name or an IPv4 address");
const location = z
  .string()
  .regex(/^[\w.-]+(:\d{1,5})?(\/[\w.-]+)*$/, "a registry or a part of one, such as mirror.example.org/docker");

const packageMirrorSchema = z
  .strictObject({
    main: z.url({ protocol: /^https?$/ }).describe("Archive of the distribution."),
    security: z.url({ protocol: /^https?$/ }).describe("Archive of its security updates."),
  })
  .describe(
    "Archives of Debian's or Ubuntu's packages. Default: the ones of the servers' image, which are asked only for what it lacks.",
  );

const logsSchema = z
  .strictObject({
    host: host.describe("Collector that takes syslog over TLS (RFC 5425); its certificate must carry this name."),
    port: z.int().min(1).max(65_535).default(6514).describe("Its port."),
  })
  .describe("Where the journals of the servers are sent to. Default: nowhere.");

/** How the servers of the messaging layer are installed, from where, and where their logs go. */
export const serversSchema = z
  .strictObject({
    install: z
      .enum(INSTALL_METHODS)
      .default("container")
      .describe(
        "`container`: podman runs the image under systemd. `package`: the distribution's package; there is one for `rabbitmq` only. REPLACES the servers, not their data.",
      ),
    registryMirrors: z
      .record(location, location)
      .default({})
      .describe(
        "Where images come from, by the prefix of their names, such as `docker.io: mirror.example.org/docker`. The registry of the name is then not asked. REPLACES the servers, not their data.",
      ),
    packageMirror: packageMirrorSchema.optional(),
    caPem: z
      .string()
      .startsWith("-----BEGIN CERTIFICATE-----", "a PEM certificate")
      .optional()
      .describe("Authority that servers trust beside the system's: of mirrors and of the log collector."),
    logs: logsSchema.optional(),
  })
  .describe("How the layer's servers are installed, and what they share. Changing it REPLACES them, not their data.");
