import { describe, expect, it } from "vitest";

import { driverNames, findDriver } from "../../components/clusters/engines/registry";
import { checkLabels, type LabelRequest, labelTable } from "../../components/clusters/labels";
import { normalised } from "../../components/clusters/labels/value";
import { within } from "../../components/clusters/magnum";
import { RELEASES } from "../../components/releases";

const check = (labels: LabelRequest["labels"], over: Partial<LabelRequest> = {}) =>
  checkLabels({
    field: "clusters.templates.t.labels",
    release: "2026.1",
    driver: "k8s_fedora_coreos_v1",
    labels,
    ...over,
  });

describe("labels", () => {
  it("are sent as texts, whether YAML had numbers and booleans or texts", () => {
    const labels = { etcd_volume_size: "20", auto_healing_enabled: "true", kube_tag: "v1.28.9-rancher1" };
    expect(check(labels).labels).toEqual(labels);
    expect(check({ ...labels, etcd_volume_size: 20, auto_healing_enabled: true }).labels).toEqual(labels);
  });

  it("of a wrong type or range are refused by name, with what was given and what is allowed", () => {
    const labels = {
      etcd_volume_size: "20G",
      auto_healing_enabled: "yes please",
      flannel_backend: "vlan",
      calico_ipv4pool: "10.100.0.0",
      kube_tag: 1.28,
      container_infra_prefix: "registry.example.org/magnum",
      monitoring_interval_seconds: 0,
    };
    const message = messageOf(() => check(labels));
    expect(message).toContain("7 problems:");
    expect(message).toContain(
      '`clusters.templates.t.labels.etcd_volume_size` must be a whole number from 0 to 65536 (GiB), got "20G".',
    );
    expect(message).toContain("auto_healing_enabled` must be true or false, got");
    expect(message).toContain('flannel_backend` must be one of udp, vxlan, host-gw, got "vlan".');
    expect(message).toContain("calico_ipv4pool` must be an IPv4 network");
    expect(message).toContain("kube_tag` must be a version such as v1.28.9 or v1.28.9-rancher1, got 1.28.");
    expect(message).toContain("container_infra_prefix` must be a text that ends with a slash");
    expect(message).toContain("monitoring_interval_seconds` must be a whole number from 1 to 3600 (s), got 0.");
  });

  it("that the driver ignores are refused, unless they are asked to pass, with a warning", () => {
    expect(() => check({ kube_tagg: "v1.28.9" })).toThrow(
      /`clusters.templates.t.labels.kube_tagg` is not known to k8s_fedora_coreos_v1 of 2026.1 \(Magnum 22.0.0\).*Did you mean `kube_tag`\?/,
    );
    const passed = check({ site_special: 1 }, { acceptUnknownLabels: true });
    expect(passed.labels).toEqual({ site_special: "1" });
    expect(passed.warnings).toEqual([expect.stringContaining("site_special") as unknown]);
  });

  it("depend on the release and the driver", () => {
    expect(check({ tiller_enabled: true }, { release: "train" }).labels).toEqual({ tiller_enabled: "true" });
    expect(() => check({ tiller_enabled: true })).toThrow(/tiller_enabled` is not known/);
    expect(() => check({ octavia_provider: "ovn" }, { driver: "k8s_fedora_coreos_v1", release: "train" })).toThrow();
    expect(check({ octavia_provider: "ovn" }, { driver: "magnum-capi-helm" }).labels).toEqual({
      octavia_provider: "ovn",
    });
    expect(() => check({ etcd_blockdevice_size: 10 })).toThrow(/is not known to k8s_fedora_coreos_v1/);
    const cinder = (release: "ussuri" | "victoria") =>
      labelTable("k8s_fedora_coreos_v1", release)["cinder_csi_enabled"];
    expect([cinder("ussuri")?.fallback, cinder("victoria")?.fallback]).toEqual(["false", "true"]);
  });

  it("of CERN's Magnum are taken there only, with the way that works elsewhere", () => {
    const labels = { cvmfs_csi_enabled: true, eos_enabled: true, cern_enabled: true };
    expect(() => check(labels)).toThrow(/CSI charts.*`clusters.site.magnum: cern`/);
    expect(check(labels, { site: { magnum: "cern" } }).labels).toEqual({
      cern_enabled: "true",
      cvmfs_csi_enabled: "true",
      eos_enabled: "true",
    });
  });

  it("of a template only are refused for a cluster", () => {
    const of = (level: "template" | "cluster") =>
      check({ capi_helm_chart_version: "0.16.0" }, { driver: "magnum-capi-helm", level });
    expect(of("template").labels).toEqual({ capi_helm_chart_version: "0.16.0" });
    expect(() => of("cluster")).toThrow(/is a template's label/);
  });

  it("have defaults that are of their own type, in every driver and release", () => {
    for (const name of driverNames()) {
      const { driver } = findDriver(name) ?? {};
      for (const release of RELEASES.filter((candidate) => driver && within(candidate, driver))) {
        for (const [label, facts] of Object.entries(labelTable(name, release))) {
          if (facts.fallback === undefined) continue;
          expect([name, release, label, facts.fallback, normalised(facts, facts.fallback)]).not.toContain(undefined);
        }
      }
    }
  });
});

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}
