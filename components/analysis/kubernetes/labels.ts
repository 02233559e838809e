/** What a workload's objects are a part of. */
export interface Part {
  /** The application, such as `spark`, `jupyterhub`. */
  name: string;
  /** This one of it, such as the stack's name of it. */
  instance: string;
  /** Its role within the application, such as `history-server`. */
  component?: string;
  version?: string;
}

/** Labels that Kubernetes recommends for every object (https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/). */
export function recommendedLabels({ name, instance, component, version }: Part): Record<string, string> {
  return {
    ...selectorLabels({ name, instance, component }),
    ...(version === undefined ? {} : { "app.kubernetes.io/version": version }),
    "app.kubernetes.io/part-of": "openstack-fabric",
    "app.kubernetes.io/managed-by": "pulumi",
  };
}

/** Those of them that never change, and so may select. */
export function selectorLabels({ name, instance, component }: Omit<Part, "version">): Record<string, string> {
  return {
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/instance": instance,
    ...(component === undefined ? {} : { "app.kubernetes.io/component": component }),
  };
}
