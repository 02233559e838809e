import { describe, expect, it } from "vitest";

import { parseConfig } from "../../stacks/config/parse";
import { protectVolumes } from "../../stacks/protect";

const source = { file: "stacks/Pulumi.test.yaml" };

describe("a stack that protects its volumes", () => {
  const protect = (type: string) => protectVolumes({ type, name: "n", props: {}, opts: {}, resource: {} as never });

  it("protects these, and nothing else of it", () => {
    expect(protect("openstack:blockstorage/volume:Volume")).toEqual({ props: {}, opts: { protect: true } });
    expect(protect("openstack:compute/instance:Instance")).toBeUndefined();
    expect(protect("openstack-fabric:index:DurableServer")).toBeUndefined();
  });

  it("is on a cloud: with containers it is refused, and so is any other value", () => {
    const parse = (cloud: object, more = {}) =>
      parseConfig({ cloud: { release: "2026.1", ...cloud }, ...more }, source);
    expect(parse({ protectVolumes: true }).cloud.protectVolumes).toBe(true);
    expect(() => parse({ protectVolumes: true }, { docker: {} })).toThrow(
      /`cloud.protectVolumes` is of no use beside `docker`: Docker's volumes go with their stack/,
    );
    expect(() => parse({ protectVolumes: "yes" })).toThrow(/`cloud.protectVolumes` must be a boolean/);
  });
});
