import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { dcosEndpoints, mesosEndpoints } from "../../components/clusters/client/endpoints";
import { renderKeystoneKubeconfig, renderKubeconfig } from "../../components/clusters/client/kubeconfig";

describe("a kubeconfig", () => {
  const parts = {
    cluster: "prod-analysis",
    server: "https://10.0.0.5:6443",
    user: "ana",
    caPem: "CA\n",
    certificatePem: "CERT\n",
    keyPem: "KEY\n",
  };

  it("holds all that a client needs, and is ready for use", () => {
    const config = parse(renderKubeconfig(parts)) as Record<string, unknown>;
    expect(config).toEqual({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "prod-analysis", cluster: { server: parts.server, "certificate-authority-data": "Q0EK" } }],
      users: [{ name: "ana", user: { "client-certificate-data": "Q0VSVAo=", "client-key-data": "S0VZCg==" } }],
      contexts: [{ name: "prod-analysis", context: { cluster: "prod-analysis", user: "ana" } }],
      "current-context": "prod-analysis",
    });
  });

  it("names the namespace that its user is bound in", () => {
    const config = parse(renderKubeconfig({ ...parts, namespace: "spark" })) as { contexts: unknown };
    expect(config.contexts).toEqual([
      { name: "prod-analysis", context: { cluster: "prod-analysis", user: "ana", namespace: "spark" } },
    ]);
  });
});

describe("a kubeconfig for those who log in with Keystone", () => {
  it("knows the cluster, and holds no credential", () => {
    const text = renderKeystoneKubeconfig({ cluster: "c", server: "https://10.0.0.5:6443", caPem: "CA\n" });
    expect(text).not.toMatch(/client-key-data|client-certificate-data|token|password/);
    expect(parse(text)).toMatchObject({
      clusters: [{ cluster: { "certificate-authority-data": "Q0EK" } }],
      users: [{ user: { exec: { command: "client-keystone-auth" } } }],
    });
  });
});

describe("the endpoints of engines without a client of their own", () => {
  it("are Marathon's and Mesos' ports on the master, whichever way Magnum says the address", () => {
    const expected = { marathon: "http://10.0.0.5:8080", mesos: "http://10.0.0.5:5050" };
    for (const address of ["10.0.0.5", "http://10.0.0.5", "tcp://10.0.0.5:2376"]) {
      expect(mesosEndpoints(address)).toEqual(expected);
    }
    expect(mesosEndpoints("fd00::5").marathon).toBe("http://[fd00::5]:8080");
  });

  it("are paths behind the gate of a DC/OS master", () => {
    expect(dcosEndpoints("10.0.0.5").marathon).toBe("http://10.0.0.5/service/marathon");
  });
});
