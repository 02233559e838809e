import { z } from "zod";

/** Kinds of values that several sections have. */

export const name = z
  .string()
  .regex(
    /^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/,
    "lower-case letters, digits and hyphens, at most 32, starting with a letter",
  );

export const cidr = z.string().regex(/^[0-9a-fA-F.:]+\/\d{1,3}$/, "a network such as 10.20.0.0/16 or fd00:20::/48");

export const taggedImage = z
  .string()
  .regex(
    /^[^\s:@]+(:\d+)?(\/[^\s:@]+)*(:[\w][\w.-]*(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$/,
    "an image with a tag or digest, such as docker.io/library/rabbitmq:4.1.4",
  );

export const count = (min: number, max: number) => z.int().min(min).max(max);
