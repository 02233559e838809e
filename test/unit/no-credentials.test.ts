import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { stringify } from "yaml";

import { findCredentials, leadNowhere, NoCloudsFile } from "../../components/cloud/credentials";
import { reasonsToSign, type SigningOutputs } from "../../components/clusters/client/signing";
import { UserError } from "../../components/errors";

const PLACEHOLDER = {
  auth_url: "https://cloud.invalid/v3",
  username: "nobody",
  password: "none",
  project_name: "none",
};

describe("a machine without credentials of a cloud", () => {
  let dir: string;
  let certificatePem: string;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), "nobody-"));
    const [key, cert] = [join(dir, "key.pem"), join(dir, "cert.pem")];
    const args = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-subj", "/CN=ana"];
    await execa("openssl", [...args, "-keyout", key, "-out", cert, "-days", "365"]);
    certificatePem = readFileSync(cert, "utf8");
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(dir, { recursive: true, force: true });
  });

  const absent = () => join(dir, "absent.yaml");
  const signed = (cloud: string): SigningOutputs => ({
    ...{ clusterId: "c", csrPem: "CSR", serial: "", cloud, region: "", certificatePem, caPem: "CA" },
  });
  /** A clouds.yaml with one entry. */
  const cloudsFile = (auth: Record<string, string>) => {
    const file = join(dir, "clouds.yaml");
    writeFileSync(file, stringify({ clouds: { alps: { auth } } }));
    return file;
  };

  it("has no clouds.yaml, which is told from one that lacks the entry", () => {
    const find = (file: string) => () => findCredentials("berg", { OS_CLIENT_CONFIG_FILE: file }, dir);
    expect(find(absent())).toThrow(NoCloudsFile);
    const lacking = find(cloudsFile(PLACEHOLDER));
    expect(lacking).toThrow(UserError);
    expect(lacking).toThrow(/"berg" is not in .*it has: alps/);
    expect(lacking).not.toThrow(NoCloudsFile);
  });

  it("may have placeholders, which lead nowhere: only what ends in .invalid is one", () => {
    const found = findCredentials("alps", { OS_CLIENT_CONFIG_FILE: cloudsFile(PLACEHOLDER) }, dir);
    expect(found && leadNowhere(found)).toBe(true);
    for (const authUrl of ["https://invalid.example/v3", "https://cloud.example/.invalid", "cloud.invalid", ""]) {
      expect(leadNowhere({ authUrl }), authUrl).toBe(false);
    }
  });

  it("leaves signed certificates as they are, and still sees what changed about them", async () => {
    for (const [file, cloud] of [
      [absent(), "alps"],
      [cloudsFile(PLACEHOLDER), "alps"],
    ] as const) {
      vi.stubEnv("OS_CLIENT_CONFIG_FILE", file);
      const old = signed(cloud);
      expect(await reasonsToSign(old, old)).toEqual([]);
      expect(await reasonsToSign(old, { ...old, csrPem: "another" })).toEqual(["csrPem"]);
    }
  });
});
