import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";

import * as exported from "../../components/exports/index";
import { ComponentProvider } from "../../plugin/ComponentProvider";
import { COMPONENTS } from "../../plugin/components";
import type { PackageSchema, PropertySchema } from "../../plugin/schema";
import { inferSchema, type PackageFacts } from "../../tools/package-schema/infer";
import { CHECKOUT } from "../../tools/workspace/workspace";
import { graphOf } from "../support/graph";

const committed = JSON.parse(readFileSync(join(CHECKOUT, "plugin/schema.json"), "utf8")) as PackageSchema;
const manifest = JSON.parse(readFileSync(join(CHECKOUT, "package.json"), "utf8")) as PackageFacts;
const inputsOf = (component: string) =>
  committed.resources[`openstack-fabric:index:${component}`]?.inputProperties ?? {};
const withoutProse = ({ description: _, ...rest }: PropertySchema) => rest;

describe("the schema of the component package", () => {
  it("is what the components' types say: `make docs` writes it", () => {
    const { version, description, license } = manifest;
    const inferred = inferSchema(Object.keys(COMPONENTS), { version, description, license });
    expect(inferred).toEqual(committed);
  }, 60_000);

  it("has every component that other programs import, except those that need Node.js or a server of theirs", () => {
    const others = ["ClientCertificate", "DurableServer", "SignedCertificate"];
    expect([...Object.keys(COMPONENTS), ...others].sort()).toEqual(Object.keys(exported).sort());
  });

  it("keeps plain what decides the graph, lets outputs in elsewhere, and says what changing it costs", () => {
    const { cidr, externalNetworkId } = inputsOf("Network");
    expect(cidr).toMatchObject({ type: "string", plain: true });
    expect(externalNetworkId && withoutProse(externalNetworkId)).toEqual({ type: "string" });
    expect(cidr?.description).toMatch(/REPLACES the subnets/);
    const subnet = committed.types["openstack-fabric:index:ZoneSubnet"]?.properties["subnetId"];
    expect(subnet).toEqual({ type: "string" });
  });

  it("names the texts that are allowed, takes either kind of broker, and leaves out what no other language can give", () => {
    expect(inputsOf("Cluster")["upgrade"]?.description).toMatch(/One of `keep`, `in-place`\./);
    expect(inputsOf("MessagingBackend")["broker"]?.oneOf).toHaveLength(2);
    expect(Object.keys(inputsOf("MessagingBackend"))).not.toContain("rollout");
  });
});

describe("the component package's provider", () => {
  const provider = new ComponentProvider(committed);
  const type = "openstack-fabric:index:Network";
  const args = { prefix: "p", zones: ["az-1"], cidr: "10.20.0.0/16", stack: "p/test" };
  const construct = (inputs: object, token = type) => provider.construct("net", token, inputs, {});

  it("makes the component that was asked for, with its outputs", async () => {
    let made: pulumi.provider.ConstructResult | undefined;
    const graph = await graphOf(() => void construct(args).then((result) => (made = result)));
    expect(graph.map(({ type: made }) => made)).toContain("openstack:networking/network:Network");
    expect(Object.keys(made?.state ?? {}).sort()).toEqual(["networkId", "routerId", "subnetIds"]);
  });

  it("says which arguments are missing, all at once", () => {
    expect(() => construct({ prefix: "p" })).toThrow(/3 problems:\n.*`cidr` is missing\. IPv4 range/s);
  });

  it("says that an output cannot decide which resources there are", () => {
    const outputs = { ...args, cidr: pulumi.output("10.20.0.0/16") };
    expect(() => construct(outputs)).toThrow(/`cidr` decides which resources there are, and must not be an output/);
  });

  it("names the components that there are when asked for another", () => {
    expect(() => construct({}, "openstack-fabric:index:Networks")).toThrow(
      /no component .*Networks; there are .*:Network,/,
    );
  });
});
