import * as pulumi from "@pulumi/pulumi";

/** A resource as the engine would be asked for it. */
export interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

/** Runs a program against Pulumi's mocks and gives what it registered, in order of name. */
export async function graphOf(program: () => void): Promise<Registered[]> {
  const registered: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs: inputs as Record<string, unknown> });
        return { id: `${name}-id`, state: { ...(inputs as object), ...computed(type, name) } };
      },
      call: ({ inputs }) => inputs as Record<string, unknown>,
    },
    "openstack-fabric",
    "test",
  );
  program();
  // Waits for every registration that is under way.
  await pulumi.runtime.disconnect();
  return registered.sort((a, b) => `${a.type} ${a.name}`.localeCompare(`${b.type} ${b.name}`));
}

/** What a provider would compute, for the resources that others take outputs of. */
function computed(type: string, name: string): Record<string, unknown> {
  if (type === "random:index/randomPassword:RandomPassword") return { result: `${name}-secret` };
  if (type === "random:index/randomBytes:RandomBytes") return { hex: `${name}-secret` };
  if (type.startsWith("tls:"))
    return { privateKeyPem: `${name}-key`, certPem: `${name}-cert`, certRequestPem: `${name}-csr` };
  if (type === "openstack:networking/port:Port") return { allFixedIps: ["10.0.0.9"] };
  if (type === "openstack:containerinfra/cluster:Cluster") return { apiAddress: "https://10.0.0.1:6443" };
  if (type === "pulumi-nodejs:dynamic/openstack-fabric:SignedCertificate")
    return { certificatePem: `${name}-cert`, caPem: `${name}-ca` };
  return {};
}
