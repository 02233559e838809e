import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { explainStack } from "../../tools/explain/explain";
import { renderText } from "../../tools/explain/render";

const CONFIG = `config:
  openstack-fabric:cloud:
    release: "2026.1"
  openstack-fabric:clusters:
    external: public
    site:
      defaults:
        image: fedora-coreos
    templates:
      ha:
        from: kubernetes/ha
        flavor: m1.large
        labels:
          etcd_volume_size: 50
    clusters:
      trial:
        template: ha
        masters: 3
        labels:
          kube_tag: v1.27.8
`;
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "explain-"));
  mkdirSync(join(root, "stacks"));
  writeFileSync(join(root, "stacks", "Pulumi.x.yaml"), CONFIG);
});
afterEach(() => rmSync(root, { recursive: true }));

const valueOf = (values: readonly { name: string }[], name: string) => values.find((value) => value.name === name);

describe("the explanation of a stack's clusters", () => {
  it("says of every value the layer, the file and the line, the unit, and what it took the place of", () => {
    const { values, driver, magnum } = explainStack(root, "x").templates["ha"] ?? {
      values: [],
      driver: "",
      magnum: "",
    };
    expect([driver, magnum]).toEqual(["k8s_fedora_coreos_v1", "22.0.0"]);
    expect(valueOf(values, "image")).toMatchObject({ layer: "site", source: "stacks/Pulumi.x.yaml:8" });
    expect(valueOf(values, "labels.etcd_volume_size")).toMatchObject({
      value: 50,
      unit: "GiB",
      layer: "template",
      source: "stacks/Pulumi.x.yaml:14",
      overrides: [
        { layer: "catalogue", value: 20 },
        { layer: "driver", value: "0" },
      ],
    });
    expect(valueOf(values, "labels.kube_tag")).toMatchObject({
      layer: "catalogue",
      source: "components/clusters/catalogue/kubernetes.yaml",
    });
  });

  it("lays a cluster's labels over those of its template", () => {
    const { values } = explainStack(root, "x").clusters["trial"] ?? { values: [] };
    expect(valueOf(values, "labels.kube_tag")).toMatchObject({
      value: "v1.27.8",
      layer: "cluster",
      source: "stacks/Pulumi.x.yaml:20",
      overrides: [{ layer: "catalogue", value: "v1.28.9-rancher1" }, { layer: "driver" }],
    });
    expect(valueOf(values, "labels.etcd_volume_size")).toMatchObject({ layer: "template" });
  });

  it("shows what Magnum is told, and its own defaults only where they are asked for", () => {
    const explained = explainStack(root, "x");
    const text = renderText(explained, { keys: ["ha"], defaults: false });
    expect(text).toMatch(/^Template ha: x-ha-[0-9a-f]{8}, kubernetes by k8s_fedora_coreos_v1 \(Magnum 22.0.0\)/);
    expect(text).toMatch(
      /labels.etcd_volume_size +50 +GiB +template +stacks\/Pulumi.x.yaml:14 +20 \(catalogue\), 0 \(driver\)/,
    );
    expect(text).not.toContain("kube_dashboard_enabled");
    expect(text).not.toContain("Cluster trial");
    expect(renderText(explained, { keys: [], defaults: true })).toMatch(/kube_dashboard_enabled +true +driver/);
  });
});
