/** Where the services of a Mesos or DC/OS cluster answer. Neither has TLS or users in what Magnum deployed. */
export interface MesosEndpoints {
  /** Marathon's API, which starts applications. */
  marathon: string;
  /** The Mesos master's API. */
  mesos: string;
}

/**
 * The endpoints of a `mesos` cluster from the address that Magnum says. Ports: the firewall rules of
 * `magnum/drivers/mesos_ubuntu_v1/templates/mesoscluster.yaml` (13.1.1).
 */
export function mesosEndpoints(apiAddress: string): MesosEndpoints {
  const host = hostOf(apiAddress);
  return { marathon: `http://${host}:8080`, mesos: `http://${host}:5050` };
}

/** The endpoints of a `dcos` cluster: all behind the admin router of its master. */
export function dcosEndpoints(apiAddress: string): MesosEndpoints {
  const host = hostOf(apiAddress);
  return { marathon: `http://${host}/service/marathon`, mesos: `http://${host}/mesos` };
}

/** Magnum says a bare address for these engines, and a URL for others; IPv6 stands in brackets. */
function hostOf(address: string): string {
  const bare = address.replace(/^[a-z]+:\/\//, "").replace(/\/.*$/, "");
  if (/^[0-9a-f]*:[0-9a-f:]+$/i.test(bare)) return `[${bare}]`;
  return bare.replace(/:\d+$/, "");
}
