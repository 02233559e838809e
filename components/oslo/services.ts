import { compareReleases, type Release } from "../releases";

/** A section of privsep, and since when the service's code asks for it. */
export interface PrivsepContext {
  section: string;
  since?: Release;
}

/** What a service needs to know of messaging and privileges. */
export interface Service {
  /** Exchange of its RPC topics and notifications, as its code sets it. Default: oslo.messaging's, `openstack`. */
  exchange?: string;
  /** Whether it makes or answers RPC; otherwise it only sends notifications. Default true. */
  rpc?: boolean;
  /** Contexts of oslo.privsep: its own, and those of os-brick and os-vif where it uses them. */
  privsep?: readonly PrivsepContext[];
  /** oslo.rootwrap's directories of executables, where the service has it, and the last release in which it does. */
  rootwrap?: { execDirs: readonly string[]; until?: Release };
  /** Its own option for the notifications that it listens to, where that is not the library's. */
  listensBy?: { section: string; option: string };
  /** Options of its own without which its messaging does not work. */
  own?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const SBIN = ["/sbin", "/usr/sbin", "/bin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"];
const BRICK: PrivsepContext = { section: "privsep_osbrick" };

/**
 * The services that use messaging. Sources, per release from Rocky to 2026.1: `PrivContext(` in each project and in
 * os-brick and os-vif, `etc/<service>/rootwrap.conf`, and what each gives to `set_transport_defaults`.
 */
export const SERVICES: Readonly<Record<string, Service>> = {
  aodh: { exchange: "aodh" },
  barbican: {},
  ceilometer: {
    exchange: "ceilometer",
    privsep: [{ section: "ceilometer_sys_admin", since: "train" }],
    rootwrap: { execDirs: SBIN },
    // Its notification agent listens on the RPC transport where this is unset: on a mesh it would hear nothing.
    listensBy: { section: "notification", option: "messaging_urls" },
  },
  cinder: {
    exchange: "cinder",
    privsep: [{ section: "cinder_sys_admin" }, BRICK],
    rootwrap: { execDirs: [...SBIN, "/usr/lpp/mmfs/bin"] },
  },
  designate: { exchange: "designate", rootwrap: { execDirs: SBIN } },
  // Privileges are for its Cinder store alone.
  glance: { exchange: "glance", rpc: false, privsep: [BRICK], rootwrap: { execDirs: SBIN } },
  heat: { exchange: "heat" },
  ironic: { exchange: "ironic", rootwrap: { execDirs: SBIN, until: "2025.1" } },
  keystone: { exchange: "keystone", rpc: false },
  magnum: { exchange: "magnum" },
  manila: {
    exchange: "manila",
    privsep: [{ section: "manila_sys_admin", since: "zed" }],
    rootwrap: { execDirs: [...SBIN, "/usr/lpp/mmfs/bin"] },
  },
  neutron: {
    exchange: "neutron",
    privsep: [
      { section: "privsep" },
      { section: "privsep_dhcp_release", since: "victoria" },
      { section: "privsep_ovs_vsctl", since: "wallaby" },
      { section: "privsep_namespace", since: "xena" },
      { section: "privsep_conntrack", since: "xena" },
      { section: "privsep_link", since: "xena" },
    ],
    rootwrap: { execDirs: [...SBIN, "/etc/neutron/kill_scripts"] },
  },
  nova: {
    exchange: "nova",
    privsep: [
      { section: "nova_sys_admin" },
      BRICK,
      { section: "vif_plug_linux_bridge_privileged" },
      { section: "vif_plug_ovs_privileged" },
    ],
    rootwrap: { execDirs: SBIN },
  },
  // Without a topic its API and worker find each other nowhere; the option has no default.
  octavia: { exchange: "octavia", own: { oslo_messaging: { topic: "octavia_prov" } } },
};

/** What is known of a service; one that is not listed uses oslo.messaging, and nothing more. */
export function serviceOf(name: string): Service {
  return SERVICES[name] ?? {};
}

/** Sections of oslo.privsep that a service has at a release. */
export function privsepSections(name: string, release: Release): string[] {
  return (serviceOf(name).privsep ?? [])
    .filter(({ since }) => since === undefined || compareReleases(release, since) >= 0)
    .map(({ section }) => section);
}

/** Directories of executables of the service's rootwrap, if it still has one at a release. */
export function rootwrapDirs(name: string, release: Release): readonly string[] | undefined {
  const rootwrap = serviceOf(name).rootwrap;
  if (rootwrap === undefined) return undefined;
  return rootwrap.until !== undefined && compareReleases(release, rootwrap.until) > 0 ? undefined : rootwrap.execDirs;
}
