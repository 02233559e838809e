import { readFileSync } from "node:fs";

import { besideSource } from "../../sources";
import type { HubCode } from "./hubPlan";

/** Python code that lies beside this file. */
export function hubCode(): HubCode {
  const read = (file: string) => readFileSync(besideSource(__dirname, file), "utf8");
  return { keystone: read("keystone_authenticator.py"), profileAccess: read("profile_access.py") };
}
