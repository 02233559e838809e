import { UserError } from "../../../components/errors";
import { checkEndpoints } from "../../../components/oslo/distribution/agentHost";
import { Consul } from "./consul";
import { Etcd } from "./etcd";
import { httpOf, type StoreAccess, type StoreAddress } from "./http";
import type { Store } from "./store";

const ADDRESS = /^(etcd|consul)\+(https?):\/\/([^/]+)(?:\/([\w./-]*?))?\/?$/;

/** Reads `etcd+https://host:port[,host:port…][/prefix]`. */
export function parseAddress(text: string): StoreAddress {
  const [, kind, scheme, hosts, prefix] = ADDRESS.exec(text) ?? [];
  if (kind === undefined || hosts === undefined || hosts.includes("@")) {
    throw new UserError(
      `\`--store\` must be etcd+https://host:port[,host:port][/prefix] or consul+https://…, without a password, got "${redact(text)}".`,
    );
  }
  const endpoints = hosts.split(",").map((host) => `${scheme}://${host}`);
  checkEndpoints(endpoints);
  return { kind: kind as StoreAddress["kind"], endpoints, prefix: prefix || "fabric" };
}

export function openStore(address: StoreAddress, access: StoreAccess): Store {
  const send = httpOf(address, access);
  return address.kind === "etcd" ? new Etcd(send, access) : new Consul(send, access);
}

function redact(text: string): string {
  return text.replace(/\/\/[^/@]*@/, "//…@");
}
