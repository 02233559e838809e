import { z } from "zod";

import { plaintextIn } from "../plaintextIn";
import { isOfTheProgram, type StackResource, type StackRule } from "../rule";

const config = z.strictObject({});

/** Refuses transport URLs and services' files that would have them connect in the clear: they leave a stack as outputs. */
export const tlsInOutputs: StackRule<z.output<typeof config>> = {
  name: "tls-in-outputs",
  description:
    "No output of the stack or of a component, secret or not, has a transport URL or a service's file without TLS.",
  source: "OpenStack Security Guide, Messaging security; oslo.messaging, Configuration Options",
  level: "mandatory",
  config,
  checkStack: (resources) => resources.filter(isOfTheProgram).flatMap(findings),
};

function findings(resource: StackResource) {
  return plaintextIn(resource.props).map(({ where, found, fix }) => ({
    resource,
    found: `the output \`${where}\`: ${found}`,
    allowed: "TLS only",
    fix,
  }));
}
