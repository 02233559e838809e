import type { Rule } from "./rule";
import { allowedFlavors } from "./rules/allowedFlavors";
import { allowedImages } from "./rules/allowedImages";
import { dataVolumesProtected } from "./rules/dataVolumesProtected";
import { namesAndOwner } from "./rules/namesAndOwner";
import { noPlainSecretsInInputs } from "./rules/noPlainSecretsInInputs";
import { noPlainSecretsInOutputs } from "./rules/noPlainSecretsInOutputs";
import { openManagementPorts } from "./rules/openManagementPorts";
import { portSecurity } from "./rules/portSecurity";
import { quorumAntiAffinity } from "./rules/quorumAntiAffinity";
import { tls } from "./rules/tls";
import { tlsInOutputs } from "./rules/tlsInOutputs";

/** Every rule of the pack, in the order of its documentation. */
export const RULES: readonly Rule[] = [
  openManagementPorts,
  portSecurity,
  tls,
  tlsInOutputs,
  noPlainSecretsInInputs,
  noPlainSecretsInOutputs,
  quorumAntiAffinity,
  dataVolumesProtected,
  namesAndOwner,
  allowedImages,
  allowedFlavors,
];
