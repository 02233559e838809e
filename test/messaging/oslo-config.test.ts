import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { variableName } from "../../components/oslo/environment";
import {
  planRemoteDocument,
  planServiceConfig,
  type ServiceConfigRequest,
  type ServiceFile,
} from "../../components/oslo/serviceConfig";
import { privsepSections, SERVICES } from "../../components/oslo/services";
import {
  type Case,
  type Installed,
  INSTALLED,
  load,
  type Loaded,
  osloLibraries,
  validate,
} from "../support/osloLibraries";
import type { PythonEnv } from "../support/pythonEnv";
import { everyRequest, NASTY, pairsOf, requestFor } from "../support/serviceConfigs";

/** Sections that are a service's own; the validator has libraries only. */
const OWN = ["oslo_messaging", "notification", "agent"];
/** The section that a configuration source has is named by the file that names the source. */
const SOURCE = "fabric";

const RABBIT = { rpc: "rabbit", notifications: "rabbit" } as const;
/** From 2023.2 to 2025.2 oslo.config's driver fails on every document. */
const servesDocuments = (release: Installed) => release !== "2024.1";
const environments = new Map<Installed, PythonEnv>();
const root = mkdtempSync(join(tmpdir(), "fabric-oslo-"));
let folders = 0;

beforeAll(async () => {
  for (const release of INSTALLED) environments.set(release, await osloLibraries(release));
}, 900_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const envOf = (release: Installed) => environments.get(release) as PythonEnv;

/** Writes a service's files below a new folder, as they would lie below `/`. */
function written(files: readonly ServiceFile[], base = join(root, String(folders++))): { base: string; confD: string } {
  for (const { path, content } of files) {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), content);
  }
  const dropIn = files.find(({ path }) => path.endsWith(".conf") && path.includes(".conf.d/"));
  return { base, confD: dirname(join(base, dropIn?.path ?? "")) };
}

/** The option files of requests, written; each with the sections that its validation leaves out. */
function optionFiles(requests: readonly ServiceConfigRequest[]): Record<string, string[]> {
  const dropIns = requests.flatMap(planServiceConfig).filter(({ path }) => path.includes(".conf.d/"));
  // Many are the same text with other drivers.
  const distinct = [...new Map(dropIns.map((file) => [file.content, file])).values()];
  return Object.fromEntries(
    distinct.map((file): [string, string[]] => [join(written([file]).base, file.path), [...OWN, SOURCE]]),
  );
}

const contextsOf = (release: Installed) =>
  Object.keys(SERVICES).flatMap((service) => privsepSections(service, release));

async function complaints(release: Installed, files: Record<string, string[]>): Promise<string[]> {
  const found = await validate(envOf(release), files, contextsOf(release));
  expect(Object.keys(found)).toHaveLength(Object.keys(files).length);
  return Object.entries(found).flatMap(([path, { status, lines }]) =>
    status === 0 && lines.length === 0 ? [] : [`${basename(path)}: ${status} ${lines.join("; ")}`],
  );
}

describe.each(INSTALLED)("with the libraries of %s", (release) => {
  it("oslo-config-validator knows every option of every file, and calls none deprecated", async () => {
    const remote = { delivery: { kind: "remote", uri: "https://config.example.org" } } as const;
    const requests = [
      ...everyRequest([release]),
      requestFor("nova", release, RABBIT, { delivery: { kind: "environment" } }),
      ...(servesDocuments(release) ? [requestFor("nova", release, RABBIT, remote)] : []),
      requestFor("nova", release, RABBIT, {
        logging: { target: "journal", format: "text", levels: { nova: "DEBUG" } },
        policy: { rules: { nova: { admin: "role:admin" } } },
      }),
    ];
    const files = optionFiles(requests);
    expect(Object.keys(files).length).toBeGreaterThan(60);
    expect(await complaints(release, files)).toEqual([]);
  });

  it("oslo-config-validator refuses the same files with an option or a section that is wrong", async () => {
    const file = planServiceConfig(requestFor("nova", release, RABBIT)).find(({ path }) =>
      path.endsWith("messaging.conf"),
    );
    const content = file?.content ?? "";
    const path = (name: string) => join(root, `${release}-${name}.conf`);
    writeFileSync(path("option"), content.replace("[oslo_messaging_rabbit]\n", "$&rabbit_no_such = true\n"));
    writeFileSync(path("section"), `${content}[oslo_messaging_rabit]\nssl = true\n`);
    const found = await complaints(release, { [path("option")]: OWN, [path("section")]: OWN });
    expect(found).toEqual([
      expect.stringMatching(/: 1 .*rabbit_no_such/) as string,
      expect.stringMatching(/: 1 .*oslo_messaging_rabit/) as string,
    ]);
  });

  describe("oslo.config", () => {
    const odd = ["$HOME", "a$$b", '"quoted"', "'q'", " edges ", "100%", "%(x)s", "a = b # c ; d", "${x}"];
    const pairs = pairsOf(release);
    const names = [
      ...pairs.map(({ rpc, notifications }) => `${rpc}, ${notifications}`),
      "odd",
      "env",
      "served",
      "unchecked",
    ];
    let found: Map<string, Loaded>;

    beforeAll(async () => {
      const tls = await certificate();
      const source = await serve(tls, () => planRemoteDocument(served)?.content);
      const remote = (caFile?: string) => ({ kind: "remote", uri: source.uri, suffix: "?raw", caFile }) as const;
      // What is refused for a release is planned as for another, to see that it fails.
      const asked = servesDocuments(release) ? release : "2023.1";
      const served = requestFor("nova", asked, RABBIT, { delivery: remote(tls.file) });
      const overridden = { nova: { oslo_messaging_notifications: { driver: odd } } };
      const folder = (request: ServiceConfigRequest) => ({
        project: "nova",
        folder: written(planServiceConfig(request)).confD,
      });
      try {
        const all = await load(envOf(release), [
          ...pairs.map((pair) => folder(requestFor("nova", release, pair))),
          folder(requestFor("nova", release, RABBIT, { services: overridden })),
          await inEnvironment(requestFor("nova", release, RABBIT, { delivery: { kind: "environment" } })),
          folder(served),
          folder(requestFor("nova", asked, RABBIT, { delivery: remote() })),
        ]);
        found = new Map(all.map((loaded, at) => [names[at] ?? "", loaded]));
      } finally {
        source.close();
      }
    });
    const of = (name: string) => found.get(name) as Loaded;
    const expectSame = (loaded: Loaded) => {
      expectTransports(loaded, RABBIT);
      for (const section of ["oslo_messaging_rabbit", "oslo_messaging_notifications", "oslo_policy"]) {
        expect(loaded.values[section]).toEqual(of("rabbit, rabbit").values[section]);
      }
      expect(loaded.values["oslo_messaging_rabbit"]?.["ssl"]).toBe(true);
    };

    it.each(pairs.map((pair) => [pair.rpc, pair.notifications] as const))(
      "reads RPC by %s and notifications by %s as they were meant, whatever the password holds",
      (rpc, notifications) => {
        const loaded = of(`${rpc}, ${notifications}`);
        expectTransports(loaded, { rpc, notifications });
        expect(loaded.values["DEFAULT"]).toMatchObject({
          control_exchange: "nova",
          rpc_response_timeout: 60,
          use_json: true,
        });
        expect(loaded.values["oslo_messaging_notifications"]).toMatchObject({
          driver: ["messagingv2"],
          topics: ["notifications"],
        });
        if (rpc !== "amqp") return;
        expect(loaded.values["oslo_messaging_amqp"]).toMatchObject({
          pre_settled: ["rpc-reply"],
          link_retry_delay: 1,
          addressing_mode: "dynamic",
          ssl: true,
        });
      },
    );

    it("gives values with dollars, quotes, blanks and percents back as they were", () => {
      expect(of("odd").values["oslo_messaging_notifications"]?.["driver"]).toEqual(odd);
    });

    it("reads the same from the environment as from files", () => expectSame(of("env")));

    it("reads the same from a document that is served by HTTPS, where its driver works, and nothing from a stranger", () => {
      if (servesDocuments(release)) expectSame(of("served"));
      // The preview refuses it for these releases; when this fails, it need not any more.
      else expect(of("served").values["oslo_messaging_rabbit"]?.["ssl"]).toBe(false);
      expect(of("unchecked").values["oslo_messaging_rabbit"]?.["ssl"]).toBe(false);
    });
  });

  it("oslo.rootwrap reads its file, and oslo.policy the rules", async () => {
    const rules = { nova: { "os:start": 'role:admin or "x":%(y)s', admin: "role:admin" } };
    const { base } = written(planServiceConfig(requestFor("nova", release, RABBIT, { policy: { rules } })));
    const code = `
import configparser, json, sys
from oslo_rootwrap import wrapper
from oslo_policy import policy
parser = configparser.RawConfigParser(); parser.read(sys.argv[1])
rootwrap = wrapper.RootwrapConfig(parser)
rules = policy.Rules.load(open(sys.argv[2]).read())
print(json.dumps({"exec": rootwrap.exec_dirs, "filters": rootwrap.filters_path, "rules": sorted(rules)}))`;
    const files = ["rootwrap.conf", "policy.yaml"].map((name) => join(base, "etc/nova", name));
    const read = JSON.parse(await envOf(release).run(["-W", "ignore", "-c", code, ...files])) as Record<
      string,
      string[]
    >;
    expect(read["exec"]).toContain("/usr/sbin");
    expect(read["filters"]).toEqual(["/etc/nova/rootwrap.d", "/usr/share/nova/rootwrap"]);
    expect(read["rules"]).toEqual(["admin", "os:start"]);
  });
});

/** What a service finds whose unit has the environment file; a shell reads it as systemd does. */
async function inEnvironment(request: ServiceConfigRequest): Promise<Case> {
  const { base, confD } = written(planServiceConfig(request));
  const read = `set -a; . ${join(base, "etc/nova/fabric.env")}; env -0`;
  const { stdout } = await execa("sh", ["-c", read], { extendEnv: false, env: { PATH: "/usr/bin:/bin" } });
  const variables = stdout
    .split("\0")
    .filter((entry) => entry.startsWith("OS_"))
    .map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]);
  const env = Object.fromEntries(variables) as Record<string, string>;
  expect(env).toHaveProperty(variableName("DEFAULT", "transport_url"));
  return { project: "nova", folder: confD, env };
}

/** Serves the document of nova over HTTPS, as consul's key-value store would. */
async function serve(tls: { key: string; cert: string }, content: () => string | undefined) {
  const server = createServer(tls, (asked, answer) => {
    if (asked.url === "/kv/nova?raw") answer.end(content());
    else answer.writeHead(404).end();
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  return { uri: `https://localhost:${port}/kv`, close: () => server.close() };
}

function expectTransports({ transports }: Loaded, pair: { rpc: string; notifications: string }): void {
  for (const pattern of ["rpc", "notifications"] as const) {
    const url = transports[pattern];
    expect(url?.driver).toBe(pair[pattern]);
    expect(url?.hosts.map(([host, , user, password]) => [host, user, password])).toEqual([
      ["one.example.org", "nova", NASTY],
      ["two.example.org", "nova", NASTY],
    ]);
  }
}

async function certificate(): Promise<{ key: string; cert: string; file: string }> {
  const [key, file] = [join(root, "server-key.pem"), join(root, "server.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  await execa("openssl", [
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-days",
    "2",
    ...subject,
    "-keyout",
    key,
    "-out",
    file,
  ]);
  return { key: readFileSync(key, "utf8"), cert: readFileSync(file, "utf8"), file };
}
