import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { HubCode } from "./hubPlan";

/** Python code that lies beside this file; what is compiled finds it in the sources. */
export function hubCode(): HubCode {
  const read = (file: string) => {
    const here = join(__dirname, file);
    return readFileSync(existsSync(here) ? here : join(__dirname, "../../../../components/analysis/hub", file), "utf8");
  };
  return { keystone: read("keystone_authenticator.py"), profileAccess: read("profile_access.py") };
}
