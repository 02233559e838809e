import { ClusterTemplate as MagnumTemplate } from "@pulumi/openstack/containerinfra/clusterTemplate";
import * as pulumi from "@pulumi/pulumi";

import { UserError } from "../errors";
import { asRelease } from "../releases";
import { planTemplate, type TemplatePlan } from "./templatePlan";
import { ACCEPTABLE, type Accepted, type TemplateValues, templateValuesIn, templateValuesSchema } from "./values";

export interface ClusterTemplateArgs {
  /** Prefix of the name in Magnum. Makes a new template. */
  prefix: string;
  /** Key of the template within its catalogue, such as `small`. Makes a new template. */
  key: string;
  /** OpenStack release of the cloud; decides which engines, drivers and labels are possible. */
  release: string;
  /** Entry of the catalogue to start from, such as `kubernetes/ha`. Makes a new template. */
  from?: string;
  /** Orchestration engine (`coe`), such as kubernetes, swarm, swarm-mode, mesos. Default: the catalogue's, else kubernetes. Makes a new template. */
  engine?: string;
  /** Magnum's driver. Default: by `imageDistro`, else the site's, else the release's own. In place. */
  driver?: string;
  /** The image's `os_distro`, where it is known: it selects the driver. In place. */
  imageDistro?: string;
  /** Drivers that the cloud has beside Magnum's own, the preferred one first. In place. */
  siteDrivers?: string[];
  /** Whether the cloud runs CERN's Magnum, which knows further labels. Default false. In place. */
  cernMagnum?: boolean;
  /** Image name or id, with the property `os_distro`. Makes a new template. */
  image: string;
  /** Flavor of the nodes. Makes a new template. */
  flavor: string;
  /** Flavor of the masters. Default: `flavor`. Makes a new template. */
  masterFlavor?: string;
  /** `vm` or `bm`. Default `vm`. Makes a new template. */
  serverType?: string;
  /** Nova key pair of the nodes. Default: none, clusters say it. Makes a new template. */
  keyPair?: string;
  /** Network driver, such as `calico` or `flannel`. Default: Magnum's for the engine. Makes a new template. */
  networkDriver?: string;
  /** Volume driver, such as `cinder`. Default: none. Makes a new template. */
  volumeDriver?: string;
  /** Volume for container images in GiB. Default: none. Makes a new template. */
  dockerVolumeSize?: number;
  /** Docker's storage driver, such as `overlay2`. Default: Magnum's. Makes a new template. */
  dockerStorageDriver?: string;
  /** External network of clusters made from it. In place. */
  externalNetworkId: pulumi.Input<string>;
  /** Network of the nodes, where a cluster says none. Default: Magnum makes one. Makes a new template. */
  fixedNetwork?: string;
  /** Subnet of the nodes, on `fixedNetwork`. Default: Magnum makes one. Makes a new template. */
  fixedSubnet?: string;
  /** Resolvers of the nodes, IPv4 only. Default: Magnum's, 8.8.8.8. Makes a new template. */
  dnsNameservers?: string[];
  /** Proxy of the nodes for HTTP, a URL. Default: none. Makes a new template. */
  httpProxy?: string;
  /** Proxy of the nodes for HTTPS, a URL. Default: none. Makes a new template. */
  httpsProxy?: string;
  /** Addresses and names that need no proxy. Default: none. Makes a new template. */
  noProxy?: string[];
  /** Whether masters stand behind a load balancer: needed for more than one. Default false. Makes a new template. */
  masterLoadBalancer?: boolean;
  /** Whether every node gets a floating IP. Default false. Makes a new template. */
  floatingIps?: boolean;
  /** A registry on the cluster, backed by Swift. Default false. Makes a new template. */
  registryEnabled?: boolean;
  /** Registry without TLS; must be accepted as `plaintext-registry`. Default: none. Makes a new template. */
  insecureRegistry?: string;
  /** Port of the engine's API. Default: the engine's. Makes a new template. */
  apiserverPort?: number;
  /** The engine's API without TLS; must be accepted as `plaintext-api`. Default false. Makes a new template. */
  tlsDisabled?: boolean;
  /** Labels of the driver; typed. Makes a new template. */
  labels?: Record<string, string>;
  /** Labels that the driver does not know pass, with a warning. Default false. In place. */
  acceptUnknownLabels?: boolean;
  /** Promises that are given up knowingly: `plaintext-api`, `plaintext-registry`. In place. */
  accept?: string[];
  /** Every project may use it; needs Magnum's right to publish. Default false. In place. */
  public?: boolean;
  /** Only administrators see it in lists; needs Magnum's right to publish. Default false. In place. */
  hidden?: boolean;
  /**
   * Names of former versions of this template that clusters still use. They stay as they are; one that is not named
   * here any more is removed. Default: none.
   */
  formerVersions?: string[];
}

/**
 * A Magnum cluster template whose name carries a hash of its content: a changed template is a new one, created
 * before the old one goes, since Magnum refuses to change a template that a cluster uses. With `retainOnDelete` among
 * its options the old one stays in the cloud: Magnum refuses to remove a template while any project's cluster uses it.
 */
export class ClusterTemplate extends pulumi.ComponentResource {
  readonly templateId: pulumi.Output<string>;
  readonly templateName: pulumi.Output<string>;

  constructor(name: string, args: ClusterTemplateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:ClusterTemplate", name, {}, opts);
    const plan = planOf(args);
    for (const warning of plan.warnings) void pulumi.log.warn(warning, this);
    // The content is in the resource's own name too, so that Pulumi creates the new one beside the old one.
    const template = new MagnumTemplate(plan.name, inputsOf(plan, args), {
      parent: this,
      // Children do not inherit it from their parents.
      retainOnDelete: opts?.retainOnDelete,
    });
    keepFormerVersions(this, plan, args, opts?.retainOnDelete);
    this.templateId = template.id;
    this.templateName = template.name;
    this.registerOutputs({ templateId: this.templateId, templateName: this.templateName });
  }
}

/** Declares former versions again, each as the state has it: their inputs are not known any more. */
function keepFormerVersions(
  parent: pulumi.Resource,
  plan: TemplatePlan,
  args: ClusterTemplateArgs,
  retainOnDelete: boolean | undefined,
): void {
  const inputs = inputsOf(plan, args);
  for (const former of (args.formerVersions ?? []).filter((candidate) => candidate !== plan.name)) {
    new MagnumTemplate(
      former,
      { ...inputs, name: former },
      { parent, retainOnDelete, ignoreChanges: Object.keys(inputs) },
    );
  }
}

function inputsOf(plan: TemplatePlan, args: ClusterTemplateArgs) {
  return {
    name: plan.name,
    coe: plan.engine,
    image: plan.image,
    flavor: plan.flavor,
    masterFlavor: plan.masterFlavor,
    serverType: plan.serverType,
    keypairId: plan.keyPair,
    networkDriver: plan.networkDriver,
    volumeDriver: plan.volumeDriver,
    dockerVolumeSize: plan.dockerVolumeSize,
    dockerStorageDriver: plan.dockerStorageDriver,
    externalNetworkId: args.externalNetworkId,
    fixedNetwork: plan.fixedNetwork,
    fixedSubnet: plan.fixedSubnet,
    dnsNameserver: plan.dnsNameservers?.join(","),
    httpProxy: plan.httpProxy,
    httpsProxy: plan.httpsProxy,
    noProxy: plan.noProxy?.join(","),
    masterLbEnabled: plan.masterLoadBalancer,
    floatingIpEnabled: plan.floatingIps,
    registryEnabled: plan.registryEnabled,
    insecureRegistry: plan.insecureRegistry,
    apiserverPort: plan.apiserverPort,
    tlsDisabled: plan.tlsDisabled,
    public: args.public,
    hidden: args.hidden,
    labels: plan.labels,
  };
}

function planOf(args: ClusterTemplateArgs): TemplatePlan {
  const { prefix, key, from, imageDistro, acceptUnknownLabels } = args;
  return planTemplate({
    prefix,
    key,
    from,
    acceptUnknownLabels,
    release: asRelease(args.release, "cloud.release"),
    distro: imageDistro,
    site: { drivers: args.siteDrivers, magnum: args.cernMagnum === true ? "cern" : "upstream" },
    accept: acceptedOf(args),
    values: valuesOf(args),
  });
}

/** The values among the arguments, checked as those of a configuration are. */
function valuesOf(args: ClusterTemplateArgs): TemplateValues {
  const result = templateValuesSchema.safeParse(templateValuesIn({ ...args }));
  if (result.success) return result.data;
  throw UserError.all(
    result.error.issues.map(
      (issue) => `\`clusters.templates.${[args.key, ...issue.path].map(String).join(".")}\`: ${issue.message}.`,
    ),
  );
}

function acceptedOf({ key, accept = [] }: ClusterTemplateArgs): Accepted[] {
  return accept.map((given) => {
    const found = ACCEPTABLE.find((candidate) => candidate === given);
    if (found !== undefined) return found;
    throw new UserError(`\`clusters.templates.${key}.accept\` must be of ${ACCEPTABLE.join(", ")}, got "${given}".`);
  });
}
