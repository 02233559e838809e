import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { transportUrl } from "../../components/messaging/backend/transportUrl";
import {
  planServiceConfig,
  type ServiceConfigRequest,
  type ServiceTransport,
} from "../../components/oslo/serviceConfig";
import { OsloAgent } from "../../tools/blend/oslo/OsloAgent";
import { ensureDebian } from "./debian";
import { libraryCommand } from "./libraries";
import { type PythonEnv, pythonEnv } from "./pythonEnv";
import type { RabbitmqCluster } from "./rabbitmqCluster";

/** oslo.messaging 14.7.3 (2024.1) with what its AMQP 1.0 driver needs; python-qpid-proton is compiled, with SASL and TLS. */
export async function osloWithAmqp(): Promise<PythonEnv> {
  await ensureDebian(
    ["libssl-dev", "libsasl2-dev", "libsasl2-modules", "pkg-config", "gcc", "python3-dev", "python3-venv"],
    ["pkg-config", "gcc", "../include/openssl/ssl.h", "../include/sasl/sasl.h", libraryCommand("sasl2/libplain.so")],
  );
  const list = readFileSync(join("test", "fixtures", "python", "oslo-2024.1.txt"), "utf8")
    .trim()
    .split("\n");
  // The driver's two packages; proton's compiled part needs a cffi that is newer than the release's.
  const driver = ["pyngus==2.3.1", "python-qpid-proton==0.40.0", "cffi==2.1.1", "pycparser==3.0"];
  const rest = list.filter((requirement) => !/^(cffi|pycparser)==/.test(requirement));
  return pythonEnv("oslo-2024.1-amqp", [...rest, ...driver], { complete: true });
}

/** Agents of one service: each reads the files that the project renders for it, from a folder instead of `/etc`. */
export class OsloService {
  private readonly folder = mkdtempSync(join(tmpdir(), "fabric-service-"));
  private readonly files: string[];
  private readonly agents: OsloAgent[] = [];

  constructor(
    private readonly python: string,
    request: ServiceConfigRequest,
    private readonly environment: Readonly<Record<string, string>> = {},
  ) {
    const etc = `/etc/${request.service}`;
    const files = planServiceConfig(request).map(({ path, content }) => ({
      path: path.replaceAll(etc, this.folder),
      content: content.replaceAll(etc, this.folder),
    }));
    for (const { path, content } of files) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content, { mode: 0o600 });
    }
    // What the service's own file has: the queue manager of oslo.messaging keeps its counter under a lock.
    const own = join(this.folder, "own.conf");
    writeFileSync(own, `[oslo_concurrency]\nlock_path = ${this.folder}\n`);
    this.files = [own, ...files.map(({ path }) => path).filter((path) => path.endsWith(".conf"))];
  }

  /** Starts another process of the service. */
  agent(): OsloAgent {
    const agent = new OsloAgent(this.python, this.files, this.environment);
    this.agents.push(agent);
    return agent;
  }

  /** Ends all its processes. */
  async stop(): Promise<void> {
    await Promise.all(this.agents.map((agent) => agent.end()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A service's transport over every node of a cluster. */
export function rabbitTransport(cluster: RabbitmqCluster, user: string): ServiceTransport {
  const password = cluster.users.find(({ name }) => name === user)?.password ?? "";
  const endpoints = cluster.nodes.map(({ endpoint }) => endpoint);
  return {
    driver: "rabbit",
    url: transportUrl({ driver: "rabbit", endpoints, user, password, vhost: cluster.vhost }),
    caPem: cluster.authority.caPem,
  };
}
