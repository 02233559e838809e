import { join } from "node:path";

import { PolicyPack } from "@pulumi/policy";

import { policyOf } from "./policy";
import { RULES } from "./rules";
import { keepSecretMarks } from "./wire";

keepSecretMarks();

// The pack's version is in its own package.json; `@pulumi/policy` looks for one in the working directory, which is the
// program's and may have none. Compiled, this file lies in dist/policies/.
process.chdir(join(__dirname, "..", "..", "policies"));

new PolicyPack("openstack-fabric", { policies: RULES.map(policyOf) });
