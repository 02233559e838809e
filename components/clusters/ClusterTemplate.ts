import { ClusterTemplate as MagnumTemplate } from "@pulumi/openstack/containerinfra/clusterTemplate";
import * as pulumi from "@pulumi/pulumi";

import { UserError } from "../errors";
import { asRelease } from "../releases";
import { ENGINES, planTemplate, type TemplateSpec } from "./templatePlan";

export interface ClusterTemplateArgs {
  /** Prefix of the name in Magnum. Makes a new template. */
  prefix: string;
  /** Key of the template within its catalogue, such as `small`. Makes a new template. */
  key: string;
  /** OpenStack release of the cloud; decides which engines are possible. */
  release: string;
  /** Orchestration engine (`coe`): kubernetes, swarm, swarm-mode, mesos. Makes a new template. */
  engine: string;
  /** Image name or id, with the property `os_distro`. Makes a new template. */
  image: string;
  /** Flavor of the nodes. Makes a new template. */
  flavor: string;
  /** Flavor of the masters. Default: `flavor`. Makes a new template. */
  masterFlavor?: string;
  /** Network driver, such as `calico` or `flannel`. Default: Magnum's for the engine. Makes a new template. */
  networkDriver?: string;
  /** Volume driver, such as `cinder`. Default: none. Makes a new template. */
  volumeDriver?: string;
  /** Volume for container images in GiB. Default: none. Makes a new template. */
  dockerVolumeSize?: number;
  /** External network of clusters made from it. In place. */
  externalNetworkId: pulumi.Input<string>;
  /** Whether masters stand behind a load balancer: needed for more than one. Default false. Makes a new template. */
  masterLoadBalancer?: boolean;
  /** Whether every node gets a floating IP. Default false. Makes a new template. */
  floatingIps?: boolean;
  /** Labels of the engine's driver. Makes a new template. */
  labels?: Record<string, string>;
}

/**
 * A Magnum cluster template whose name carries a hash of its content: a changed template is a new one, created
 * before the old one goes, since Magnum refuses to change a template that a cluster uses.
 */
export class ClusterTemplate extends pulumi.ComponentResource {
  readonly templateId: pulumi.Output<string>;
  readonly templateName: pulumi.Output<string>;

  constructor(name: string, args: ClusterTemplateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:ClusterTemplate", name, {}, opts);
    const plan = planTemplate(args.prefix, args.key, specOf(args), asRelease(args.release, "cloud.release"));
    // The content is in the resource's own name too, so that Pulumi creates the new one beside the old one.
    const template = new MagnumTemplate(
      plan.name,
      {
        name: plan.name,
        coe: plan.engine,
        image: plan.image,
        flavor: plan.flavor,
        masterFlavor: plan.masterFlavor,
        networkDriver: plan.networkDriver,
        volumeDriver: plan.volumeDriver,
        dockerVolumeSize: plan.dockerVolumeSize,
        externalNetworkId: args.externalNetworkId,
        masterLbEnabled: plan.masterLoadBalancer,
        floatingIpEnabled: plan.floatingIps,
        labels: plan.labels,
      },
      { parent: this },
    );
    this.templateId = template.id;
    this.templateName = template.name;
    this.registerOutputs({ templateId: this.templateId, templateName: this.templateName });
  }
}

function specOf(args: ClusterTemplateArgs): TemplateSpec {
  const engine = ENGINES.find((candidate) => candidate === args.engine);
  if (engine === undefined) {
    throw new UserError(
      `\`clusters.templates.${args.key}.engine\` must be one of ${ENGINES.join(", ")}, got "${args.engine}".`,
    );
  }
  return {
    engine,
    image: args.image,
    flavor: args.flavor,
    masterFlavor: args.masterFlavor ?? args.flavor,
    networkDriver: args.networkDriver,
    volumeDriver: args.volumeDriver,
    dockerVolumeSize: args.dockerVolumeSize,
    masterLoadBalancer: args.masterLoadBalancer ?? false,
    floatingIps: args.floatingIps ?? false,
    labels: args.labels ?? {},
  };
}
