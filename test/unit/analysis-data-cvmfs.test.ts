import { describe, expect, it } from "vitest";

import { planCvmfs } from "../../components/analysis/data/cvmfsPlan";
import type { CvmfsSettings } from "../../components/analysis/data/cvmfsSettings";

const PROXY = "http://squid-1.example.org:3128|http://squid-2.example.org:3129;DIRECT";
const KEY = "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----\n";

const cvmfs = (over: Partial<CvmfsSettings> = {}): CvmfsSettings => ({
  ...{ repositories: ["sft.cern.ch", "cms.cern.ch"], proxy: PROXY },
  ...over,
});

interface CvmfsValues {
  extraConfigMaps: Record<string, Record<string, string>>;
  cache: { alien: { enabled: boolean; volumeSpec: { persistentVolumeClaim: { claimName: string } } } };
  nodeplugin: {
    prefetcher: { enabled: boolean; jobs: { name: string; schedule: string; script: string }[] };
    plugin: { image: { repository: string } };
    registrar: { image: { repository: string } };
    nodeSelector?: Record<string, string>;
  };
}
const valuesOf = (settings: CvmfsSettings) => planCvmfs(settings).values as unknown as CvmfsValues;

/** A client's file as a shell reads it. */
function assignments(text: string | undefined): Record<string, string> {
  const lines = (text ?? "").split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return Object.fromEntries(
    lines.map((line) => {
      const [, name = "", value = ""] = /^([A-Z_]+)="([^"]*)"$/.exec(line) ?? [];
      expect(name, line).not.toBe("");
      return [name, value];
    }),
  );
}
const defaultLocal = (settings: CvmfsSettings) =>
  assignments(valuesOf(settings).extraConfigMaps["cvmfs-csi-default-local"]?.["default.local"]);

describe("CVMFS", () => {
  it("is refused without a proxy, since the chart's default answers inside CERN only", () => {
    expect(() => planCvmfs(cvmfs({ proxy: undefined }))).toThrow(
      /`analysis\.data\.cvmfs\.proxy` is missing.*CERN.*http:\/\/squid.*DIRECT/,
    );
    expect(() => planCvmfs(cvmfs({ proxy: " " }))).toThrow(/proxy` is missing/);
  });

  it("goes to servers directly only when that is said", () => {
    expect(defaultLocal(cvmfs({ proxy: "DIRECT" }))).toMatchObject({ CVMFS_HTTP_PROXY: "DIRECT" });
  });

  it("refuses a proxy that the client could not read, naming the member", () => {
    expect(() => planCvmfs(cvmfs({ proxy: "http://a.example.org:3128|squid:3128" }))).toThrow(
      /has `squid:3128`, which is no proxy/,
    );
    expect(() => planCvmfs(cvmfs({ proxy: 'http://a:3128";rm' }))).toThrow(/which is no proxy/);
  });

  it("says proxies and repositories to the client, and bounds a node's own cache", () => {
    expect(defaultLocal(cvmfs())).toEqual({
      CVMFS_REPOSITORIES: "sft.cern.ch,cms.cern.ch",
      CVMFS_HTTP_PROXY: PROXY,
      CVMFS_USE_GEOAPI: "yes",
      CVMFS_CACHE_BASE: "/cvmfs-localcache",
      CVMFS_QUOTA_LIMIT: "4000",
    });
    expect(defaultLocal(cvmfs({ quotaMiB: 20_000, clientProfile: "single" }))).toMatchObject({
      ...{ CVMFS_QUOTA_LIMIT: "20000", CVMFS_CLIENT_PROFILE: "single" },
    });
  });

  it("neither bounds nor shares a cache beside an alien one, on a claim that many nodes may write to", () => {
    const shared = cvmfs({ alienCache: { storageClass: "manila", size: "500Gi" } });
    expect(defaultLocal(shared)).toMatchObject({
      ...{ CVMFS_ALIEN_CACHE: "/cvmfs-aliencache", CVMFS_SHARED_CACHE: "no", CVMFS_QUOTA_LIMIT: "-1" },
    });
    const plan = planCvmfs(shared);
    expect(plan.alienClaim).toEqual({ name: "cvmfs-alien-cache", storageClass: "manila", size: "500Gi" });
    expect(valuesOf(shared).cache.alien).toMatchObject({
      enabled: true,
      volumeSpec: { persistentVolumeClaim: { claimName: "cvmfs-alien-cache" } },
    });
    expect(planCvmfs(cvmfs({ alienCache: { claim: "mine" } })).alienClaim).toBeUndefined();
  });

  it("refuses an alien cache with a size that CVMFS would not keep, or without one", () => {
    expect(() => planCvmfs(cvmfs({ quotaMiB: 5000, alienCache: { size: "1Ti" } }))).toThrow(/exclude each other/);
    expect(() => planCvmfs(cvmfs({ alienCache: {} }))).toThrow(/alienCache\.size.*500Gi/);
    expect(() => planCvmfs(cvmfs({ alienCache: { claim: "mine", size: "1Ti" } }))).toThrow(/names a claim/);
  });

  it("takes repositories of one's own with servers and key", () => {
    const own = { "sw.example.org": { servers: ["http://s1.example.org:8000/cvmfs/@fqrn@"], publicKey: KEY } };
    const settings = cvmfs({ repositories: ["sw.example.org"], ownRepositories: own });
    const files = valuesOf(settings).extraConfigMaps["cvmfs-csi-config-d"];
    expect(assignments(files?.["sw.example.org.conf"])).toEqual({
      CVMFS_SERVER_URL: "http://s1.example.org:8000/cvmfs/@fqrn@",
      CVMFS_PUBLIC_KEY: "/etc/cvmfs/config.d/sw.example.org.pub",
    });
    expect(files?.["sw.example.org.pub"]).toBe(KEY);
    expect(() => planCvmfs(cvmfs({ ownRepositories: own }))).toThrow(/not among .*repositories/);
    const keyless = { "sft.cern.ch": { servers: ["http://s1/cvmfs/@fqrn@"], publicKey: "key" } };
    expect(() => planCvmfs(cvmfs({ ownRepositories: keyless }))).toThrow(/PEM public key/);
  });

  it("takes another repository of configuration where the client allows it", () => {
    const settings = cvmfs({
      configRepository: {
        repository: "config-osg.opensciencegrid.org",
        keysDirectory: "/etc/cvmfs/keys/opensciencegrid.org",
      },
    });
    expect(assignments(valuesOf(settings).extraConfigMaps["cvmfs-csi-default-d"]?.["90-local.conf"])).toEqual({
      CVMFS_CONFIG_REPOSITORY: "config-osg.opensciencegrid.org",
      CVMFS_CONFIG_REPO_REQUIRED: "yes",
      CVMFS_KEYS_DIR: "/etc/cvmfs/keys/opensciencegrid.org",
    });
  });

  it("prefetches paths of its repositories at times of cron, and refuses others", () => {
    const prefetch = { lcg: { schedule: "0 5 * * *", paths: ["/cvmfs/sft.cern.ch/lcg/views"] } };
    const { prefetcher } = valuesOf(cvmfs({ prefetch })).nodeplugin;
    expect(prefetcher).toMatchObject({ enabled: true, jobs: [{ name: "lcg", schedule: "0 5 * * *" }] });
    expect(prefetcher.jobs[0]?.script).toMatch(/^#!\/bin\/bash\nfind '\/cvmfs\/sft\.cern\.ch\/lcg\/views' /);
    expect(valuesOf(cvmfs()).nodeplugin.prefetcher.enabled).toBe(false);
    expect(() => planCvmfs(cvmfs({ prefetch: { a: { schedule: "daily", paths: ["/etc/passwd"] } } }))).toThrow(
      /2 problems:[\s\S]*five fields[\s\S]*`\/etc\/passwd`, which is in none/,
    );
  });

  it("opens the ports of its proxies and servers and of Kubernetes' API, and no others", () => {
    expect(planCvmfs(cvmfs({ proxy: "http://squid:3129" })).ports).toEqual([443, 3129, 6443]);
    expect(planCvmfs(cvmfs()).ports).toEqual([80, 443, 3128, 3129, 6443, 8000]);
  });

  it("takes every image from a mirror when there is one", () => {
    const { nodeplugin } = valuesOf(cvmfs({ imageMirror: "registry.example.org/mirror" }));
    expect(nodeplugin.plugin.image.repository).toBe("registry.example.org/mirror/kubernetes/cvmfs-csi");
    expect(nodeplugin.registrar.image.repository).toBe(
      "registry.example.org/mirror/sig-storage/csi-node-driver-registrar",
    );
    expect(JSON.stringify(planCvmfs(cvmfs({ imageMirror: "m.example.org" })).values)).not.toMatch(
      /registry\.(k8s\.io|cern\.ch)/,
    );
  });

  it("leaves a driver alone that the cluster came with, and refuses settings which that would never see", () => {
    const plan = planCvmfs({ install: false, repositories: ["sft.cern.ch"] });
    expect(plan).toEqual({ install: false, values: {}, storageClass: "cvmfs", ports: [] });
    expect(() => planCvmfs(cvmfs({ install: false, quotaMiB: 2000 }))).toThrow(
      /proxy`, .*quotaMiB` would have no effect/,
    );
  });

  it("says all mistakes at once", () => {
    expect(() => planCvmfs({ repositories: ["sft"] }, "x")).toThrow(/2 problems:[\s\S]*x\.repositories[\s\S]*x\.proxy/);
  });
});
