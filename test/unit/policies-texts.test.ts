import { generateKeyPairSync } from "node:crypto";
import { gzipSync } from "node:zlib";

import * as proxy from "@pulumi/policy/proxy";
import * as rpc from "@pulumi/pulumi/runtime/rpc";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";

import { SIGNATURES, UNKNOWNS } from "../../components/engineValues";
import type { BrokerKind } from "../../components/messaging/backend/matrix";
import { BROKERS } from "../../components/messaging/brokers/kinds";
import { planBrokers } from "../../components/messaging/brokers/plan";
import { routerUserData } from "../../components/messaging/mesh/host";
import { planMesh } from "../../components/messaging/mesh/plan";
import { planServiceConfig } from "../../components/oslo/serviceConfig";
import { decodeProps } from "../../policies/decode";
import { filesOf } from "../../policies/files";
import { plaintextSigns } from "../../policies/plaintext";
import { noPlainSecretsInInputs } from "../../policies/rules/noPlainSecretsInInputs";
import { noPlainSecretsInOutputs } from "../../policies/rules/noPlainSecretsInOutputs";
import { tls } from "../../policies/rules/tls";
import { tlsInOutputs } from "../../policies/rules/tlsInOutputs";
import { type Props, Secret, UNKNOWN } from "../../policies/values";
import { findings, resource, stackFindings, stackResource } from "../support/policies";
import { everyRequest } from "../support/serviceConfigs";

const SERVER = "openstack:compute/instance:Instance";
const key = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" });
const material = { caPem: "CA-PEM\n", certPem: "CERT-PEM\n", keyPem: key.toString() };
const zones = [{ zone: "az-1", cidr: "10.20.0.0/19", subnetId: "s" }];
const users = [{ name: "nova", password: "hunter2hunter2" }];

function brokerData(kind: BrokerKind): string {
  const plan = planBrokers("prod", 3, zones);
  const [member] = plan.members;
  const input = { plan, member: member!, image: "image:1", tls: material, secret: "S", vhost: "openstack", users };
  return BROKERS[kind].userData(input);
}

function routerData(): string {
  const [router] = planMesh("prod", { interior: 3 }, zones).routers;
  return routerUserData({
    router: router!,
    implementation: "skupper-router",
    image: "router:3",
    tls: material,
    users,
  });
}

const OURS = { rabbitmq: brokerData("rabbitmq"), artemis: brokerData("artemis"), kafka: brokerData("kafka") };
const server = (userData: Props[string]) => resource(SERVER, { name: "prod-broker-01", userData });

describe("properties as they come from the engine", () => {
  it("are read by the signatures that the SDKs write", () => {
    const { specialSigKey, specialSecretSig, specialOutputValueSig } = rpc;
    expect(SIGNATURES).toEqual({ key: specialSigKey, secret: specialSecretSig, output: specialOutputValueSig });
    const sentinels = Object.entries(proxy as Record<string, unknown>).filter(([name]) =>
      /^unknown\w+Value$/.test(name),
    );
    expect(UNKNOWNS.toSorted()).toEqual(sentinels.map(([, value]) => value).toSorted());
  });

  it("keep their secrets marked, and what is unknown apart from texts", () => {
    const secret = (value: unknown) => ({ [SIGNATURES.key]: SIGNATURES.secret, value });
    const raw = { a: secret("x"), b: [rpc.unknownValue, 1], c: { __defaults: [], d: secret(rpc.unknownValue) } };
    expect(decodeProps(raw)).toEqual({
      a: new Secret("x"),
      b: [UNKNOWN, 1],
      c: { d: new Secret(UNKNOWN) },
    });
  });
});

describe("files within texts", () => {
  const conf = "listeners.tcp.default = 5672\n";
  const base64 = (text: string | Buffer) => Buffer.from(text).toString("base64");
  const cloud = (content: string) => `#cloud-config\n${stringify({ write_files: [{ path: "/etc/r.conf", content }] })}`;
  const found = (text: string) => filesOf({ path: "userData", text }).find((file) => file.text === conf)?.where;

  it("are found in cloud-config, plain, in base64 and compressed", () => {
    const padded = conf.padEnd(90, "#");
    expect(found(cloud(conf))).toBe("userData › /etc/r.conf");
    expect(found(base64(gzipSync(cloud(conf))))).toBe("userData › /etc/r.conf");
    const [, inner] = filesOf({ path: "userData", text: cloud(base64(gzipSync(padded))) });
    expect(inner?.text).toBe(padded);
  });

  it("are the text itself where it is no cloud-config, or not one that can be read", () => {
    expect(found(conf)).toBe("userData");
    expect(filesOf({ path: "p", text: "#cloud-config\n\t- {" })).toHaveLength(1);
    const id = "0123456789abcdef".repeat(4);
    expect(filesOf({ path: "p", text: id })).toEqual([{ where: "p", text: id }]);
  });
});

describe("the rule on TLS", () => {
  const count = (type: string, props: Props) => findings(tls, resource(type, props)).length;

  it("lets everything pass that this project renders: brokers, routers, and every service at every release", () => {
    for (const text of [...Object.values(OURS), routerData()]) expect(findings(tls, server(text))).toEqual([]);
    const files = everyRequest().flatMap((request) => planServiceConfig(request));
    expect(files.length).toBeGreaterThan(1000);
    for (const { content } of files) expect(plaintextSigns(content)).toEqual([]);
  });

  it.each([
    ["RabbitMQ", OURS.rabbitmq, "listeners.tcp = none", "listeners.tcp.default = 5672"],
    ["RabbitMQ's management", OURS.rabbitmq, "listeners.tcp = none", "management.tcp.port = 15672"],
    ["Artemis", OURS.artemis, /(<acceptor [^<]*)sslEnabled=true;?/, "$1"],
    ["Kafka", OURS.kafka, "CLIENTS:SASL_SSL", "CLIENTS:SASL_PLAINTEXT"],
    ["a router", routerData(), /"sslProfile": "mesh",/, ""],
  ])("refuses %s without it, in a server's user data", (_, text, from, to) => {
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    const [found, ...more] = findings(tls, server(new Secret(changed)));
    expect(found?.found).toMatch(/^`userData › \/\S+`: /);
    expect(more).toEqual([]);
  });

  it.each([
    ["a service's URL", "transport_url = rabbit://nova:hunter2@10.0.0.1:5671,nova:hunter2@10.0.0.2:5672/openstack"],
    ["Kafka's", "transport_url=kafka://a:b@k1:9092/"],
    ["an application's", `{"url": "amqp://broker.example.org:5672"}`],
    ["a service that does without", "[oslo_messaging_rabbit]\nssl = false\n"],
    ["podman's registries", '[[registry]]\nlocation = "mirror"\ninsecure = true\n'],
    ["Docker's registries", '{"insecure-registries": ["mirror:5000"]}'],
  ])("refuses %s in the clear, and quotes no password", (_, text) => {
    const signs = plaintextSigns(text);
    expect(signs).toHaveLength(1);
    expect(JSON.stringify(signs)).not.toContain("hunter2");
  });

  it("lets pass what does not leave the machine", () => {
    expect(plaintextSigns("listeners.tcp.local = 127.0.0.1:5672\n")).toEqual([]);
    expect(plaintextSigns("amqp://guest@localhost:5672")).toEqual([]);
    const local = ["listener", { name: "local", host: "127.0.0.1", port: "5672" }];
    expect(plaintextSigns(JSON.stringify([["router", {}], local]))).toEqual([]);
  });

  it("reads templates, providers, load balancers and Ingresses", () => {
    const template = "openstack:containerinfra/clusterTemplate:ClusterTemplate";
    expect(count(template, { tlsDisabled: true, insecureRegistry: "10.0.0.9:5000" })).toBe(2);
    expect(count(template, { tlsDisabled: false, masterLbEnabled: true })).toBe(0);
    const provider = "pulumi:providers:openstack";
    expect(count(provider, { insecure: "true", authUrl: "http://keystone.example.org:5000/v3" })).toBe(2);
    expect(count(provider, { authUrl: "http://127.0.0.1:5000/v3" })).toBe(0);
    const listener = "openstack:loadbalancer/listener:Listener";
    expect([count(listener, { protocol: "HTTP" }), count(listener, { protocol: "TERMINATED_HTTPS" })]).toEqual([1, 0]);
    const ingress = "kubernetes:networking.k8s.io/v1:Ingress";
    const rules = [{ host: "hub.example.org" }];
    expect(count(ingress, { spec: { rules } })).toBe(1);
    expect(count(ingress, { spec: { rules, tls: [{ hosts: ["hub.example.org"], secretName: "hub" }] } })).toBe(0);
    expect(count(ingress, { spec: { rules, tls: UNKNOWN } })).toBe(0);
  });

  it("leaves out what is accepted by name", () => {
    const judged = resource("openstack:loadbalancer/listener:Listener", { protocol: "HTTP" }, { name: "lab-web" });
    expect(findings(tls, judged, { accept: ["lab-*"] })).toEqual([]);
    expect(findings(tls, judged, { accept: ["web"] })).toHaveLength(1);
  });
});

describe("the rule on TLS in outputs", () => {
  const found = (type: string, props: Props) =>
    stackFindings(tlsInOutputs, [stackResource(type, "s", props)]).map((finding) => finding.found);
  const urls = (port: number) => ({
    messaging: { rpc: new Secret({ nova: `rabbit://nova:hunter2@10.0.0.1:${port}/` }) },
  });

  it("reads transport URLs that leave the stack, secret as they are, and quotes no password", () => {
    expect(found("pulumi:pulumi:Stack", urls(5672))).toEqual([
      "the output `messaging.rpc.nova`: a rabbit:// URL leads to 10.0.0.1:5672, the port without TLS",
    ]);
    expect(found("openstack-fabric:index:MessagingBackend", urls(5672))).toHaveLength(1);
  });

  it("lets pass what has TLS, what is not known yet, and what only a provider says", () => {
    expect(found("pulumi:pulumi:Stack", urls(5671))).toEqual([]);
    expect(found("pulumi:pulumi:Stack", { messaging: new Secret(UNKNOWN) })).toEqual([]);
    expect(found("docker:index/container:Container", urls(5672))).toEqual([]);
  });
});

describe("the rules on plain secrets", () => {
  const found = (props: Props) => findings(noPlainSecretsInInputs, resource(SERVER, props));

  it.each(Object.entries({ ...OURS, router: routerData() }))(
    "refuse the user data of %s in the clear, and let it pass as a secret or unknown",
    (_, text) => {
      expect(found({ userData: text }).length).toBeGreaterThan(0);
      expect(found({ userData: new Secret(text) })).toEqual([]);
      expect(found({ userData: new Secret(UNKNOWN), metadata: UNKNOWN })).toEqual([]);
    },
  );

  it.each([
    ["a private key", { userData: key.toString() }, "a private key"],
    ["an OpenSSH key", { user: "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n" }, "a private key"],
    ["a URL with a password", { url: "rabbit://nova:hunter2@10.0.0.1:5671/openstack" }, "a URL with a password"],
    ["a line of a configuration", { conf: "[keystone_authtoken]\npassword = hunter2\n" }, "a password"],
    ["a prefixed key", { conf: "admin_password: hunter2" }, "a password"],
    ["JSON", { conf: '{"client_secret":"hunter2"}' }, "a password"],
    ["a server's password", { adminPass: "hunter2" }, "a password or key"],
    ["a list", { args: ["--x", "--db-password=hunter2"] }, "a password"],
  ])("find %s, say where, and quote nothing", (_, props, what) => {
    const [finding, ...more] = found(props);
    expect(finding?.found).toContain(`has what looks like ${what} and is no secret`);
    expect(JSON.stringify(finding)).not.toContain("hunter2");
    expect(more).toEqual([]);
  });

  it.each([
    ["a certificate", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"],
    ["a URL without a password", "rabbit://nova@10.0.0.1:5671/openstack"],
    ["a URL with a port and a path", "https://cloud.example.org:5000/v3/users@default"],
    ["a placeholder", "password = ${DB_PASSWORD}"],
    ["a path to a file", "password_file=/etc/x\npassword: /run/secrets/db"],
    ["a URL with a placeholder", "amqps://app:$PASSWORD@broker:5671"],
    ["prose", "the password is made by the stack; secrets: yes"],
    ["a name of a secret", "secretName: hub-tls"],
  ])("let %s pass", (_, text) => expect(found({ text })).toEqual([]));

  it("judge the outputs of the stack and of components, not those of providers", () => {
    const url = "rabbit://nova:hunter2@10.0.0.1:5671/openstack";
    const outputs = (type: string, value: Props[string]) =>
      stackFindings(noPlainSecretsInOutputs, [stackResource(type, "s", { messaging: { rpcTransportUrls: value } })]);
    expect(outputs("pulumi:pulumi:Stack", { nova: url })[0]?.found).toContain("`messaging.rpcTransportUrls.nova`");
    expect(outputs("openstack-fabric:index:MessagingBackend", url)).toHaveLength(1);
    expect(outputs("pulumi:pulumi:Stack", new Secret({ nova: url }))).toEqual([]);
    expect(outputs("openstack:compute/instance:Instance", url)).toEqual([]);
  });
});
