import { z } from "zod";

import { count } from "./fields";

export const dockerSchema = z
  .strictObject({
    host: z
      .string()
      .regex(/^(unix|tcp|ssh):\/\/\S+$/, "an address such as unix:///var/run/docker.sock or ssh://user@host")
      .optional()
      .describe("Docker's address. Default: `DOCKER_HOST`, else the local socket. REPLACES everything."),
    publish: z
      .string()
      .regex(/^127(\.\d{1,3}){3}$/, "a loopback address such as 127.0.0.1")
      .default("127.0.0.1")
      .describe("Address of the Docker host on which clients reach the containers: loopback only. REPLACES them."),
    firstPort: count(1024, 65_000)
      .default(25_671)
      .describe("Port of the first broker; a block of 7 for brokers, then 64 for routers, then edges. REPLACES them."),
    registry: z
      .string()
      .regex(/^[\w.-]+(:\d+)?(\/[\w./-]+)?$/, "a registry such as mirror.example.org:5000")
      .optional()
      .describe("Registry that stands in for those in the images' names. Default: none. REPLACES the containers."),
  })
  .describe("Containers on one Docker host, instead of servers on a cloud: messaging only.");

export type DockerConfig = z.output<typeof dockerSchema>;
