import * as pulumi from "@pulumi/pulumi";

const VOLUME = "openstack:blockstorage/volume:Volume";

/**
 * Protects a stack's volumes, and nothing else of it: `protect` among a component's options would be inherited by all that
 * it makes. Source: Pulumi, Resource options (`protect` is inherited from parents).
 */
export const protectVolumes: pulumi.ResourceTransformation = ({ type, props, opts }) =>
  type === VOLUME ? { props, opts: pulumi.mergeOptions(opts, { protect: true }) } : undefined;
