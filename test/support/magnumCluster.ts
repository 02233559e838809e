import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { z } from "zod";

/** Node groups with no nodes are what needs the newest of these. */
const MICROVERSION = "container-infra 1.10";

const clusterSchema = z.object({
  uuid: z.string(),
  status: z.string(),
  status_reason: z.string().nullish(),
  cluster_template_id: z.string().nullish(),
  coe_version: z.string().nullish(),
  api_address: z.string().nullish(),
  health_status: z.string().nullish(),
  health_status_reason: z.record(z.string(), z.unknown()).nullish(),
});
type ClusterState = z.output<typeof clusterSchema>;

/** What Magnum's API needs to know of a cloud and a login, as `clouds.yaml` has it. */
export interface MagnumLogin {
  authUrl: string;
  username: string;
  password: string;
  project: string;
}

/** Magnum's own API, as its command line uses it. */
export class Magnum {
  private constructor(
    private readonly root: string,
    private readonly token: string,
  ) {}

  static async connect(login: MagnumLogin): Promise<Magnum> {
    const domain = { name: "Default" };
    const user = { name: login.username, password: login.password, domain };
    const auth = {
      identity: { methods: ["password"], password: { user } },
      scope: { project: { name: login.project, domain } },
    };
    const answer = await fetch(`${login.authUrl}/auth/tokens`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ auth }),
    });
    const endpoint = z.object({ interface: z.string(), url: z.string() });
    const catalog = z.array(z.object({ type: z.string(), endpoints: z.array(endpoint) }));
    const { token } = z.object({ token: z.object({ catalog }) }).parse(await answer.json());
    const service = token.catalog.find(({ type }) => type === "container-infra");
    const root = service?.endpoints.find((one) => one.interface === "public")?.url;
    return new Magnum(root ?? "", answer.headers.get("X-Subject-Token") ?? "");
  }

  /** Sends a request; an answer that is no success is an error, but for a 404, which is `undefined`. */
  async request(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${this.root}${path}`, {
      method,
      headers: {
        "X-Auth-Token": this.token,
        "Content-Type": "application/json",
        "OpenStack-API-Version": MICROVERSION,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? {} : (JSON.parse(text) as unknown);
  }

  /** Creates something; gives its id. */
  async create(path: string, body: unknown): Promise<string> {
    return z.object({ uuid: z.string() }).parse(await this.request("POST", path, body)).uuid;
  }

  async cluster(uuid: string): Promise<ClusterState | undefined> {
    const found = await this.request("GET", `/clusters/${uuid}`);
    return found === undefined ? undefined : clusterSchema.parse(found);
  }

  /** Asks for a change of a cluster, which begins some time after the answer, and waits for its end. */
  async change(uuid: string, method: string, path: string, body?: unknown): Promise<ClusterState | undefined> {
    await this.request(method, path, body);
    for (const end = Date.now() + 30_000; Date.now() < end;) {
      const found = await this.cluster(uuid);
      if (found === undefined || found.status.endsWith("_IN_PROGRESS")) return this.settled(uuid);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${method} ${path} did not begin within 30 s`);
  }

  /** Waits until nobody works on the cluster any more; gives `undefined` once it is gone. A failure ends the wait. */
  async settled(uuid: string, seconds = 300): Promise<ClusterState | undefined> {
    for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
      const found = await this.cluster(uuid);
      if (found?.status.endsWith("_FAILED")) throw new Error(`${found.status}: ${found.status_reason ?? ""}`);
      if (found === undefined || found.status.endsWith("_COMPLETE")) return found;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    throw new Error(`cluster ${uuid} is still being worked on after ${seconds} s`);
  }

  /**
   * Writes the kubeconfig of somebody into a new folder: a key, its certificate signed by the cluster's CA, the CA and
   * the address, as `openstack coe cluster config` does.
   */
  async kubeconfig(uuid: string, subject: string): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
    const at = (name: string) => join(folder, name);
    const files = ["-keyout", at("key.pem"), "-out", at("csr.pem")];
    execFileSync("openssl", ["req", "-new", "-newkey", "rsa:2048", "-noenc", ...files, "-subj", subject], {
      stdio: "ignore",
    });
    const pem = z.object({ pem: z.string() });
    const csr = readFileSync(at("csr.pem"), "utf8");
    const signed = pem.parse(await this.request("POST", "/certificates", { cluster_uuid: uuid, csr }));
    writeFileSync(at("cert.pem"), signed.pem);
    writeFileSync(at("ca.pem"), pem.parse(await this.request("GET", `/certificates/${uuid}`)).pem);
    const config = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: "it",
          cluster: { server: (await this.cluster(uuid))?.api_address, "certificate-authority": at("ca.pem") },
        },
      ],
      users: [{ name: "it", user: { "client-certificate": at("cert.pem"), "client-key": at("key.pem") } }],
      contexts: [{ name: "it", context: { cluster: "it", user: "it" } }],
      "current-context": "it",
    };
    writeFileSync(at("config"), JSON.stringify(config));
    return at("config");
  }
}

/** Removes the folder of a kubeconfig. */
export function removeKubeconfig(config: string): void {
  rmSync(join(config, ".."), { recursive: true, force: true });
}
