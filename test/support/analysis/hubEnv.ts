import { join } from "node:path";

import { execa } from "execa";

import { CHECKOUT } from "../../../tools/workspace/workspace";
import { pythonEnv } from "../pythonEnv";

/** What the chart's own image of the hub has (jupyterhub 4.4.0, images/hub/requirements.txt). */
const PACKAGES = [
  ...["jupyterhub==5.5.0", "jupyterhub-kubespawner==7.0.0", "kubernetes-asyncio==36.1.0", "oauthenticator==17.4.0"],
  ...["jupyterhub-nativeauthenticator==1.3.0", "tornado==6.5.7", "traitlets==5.15.1", "pyyaml==6.0.3"],
];
const CONSTRAINTS = [
  ...["sqlalchemy==2.0.50", "alembic==1.18.4", "aiohttp==3.14.1", "pydantic==2.13.4", "urllib3==2.7.0"],
  ...["python-slugify==8.0.4", "python-dateutil==2.9.0.post0", "jinja2==3.1.6", "bcrypt==5.0.0", "oauthlib==3.3.1"],
];

/** Runs a script of this folder with the hub's own packages, on JSON, and gives the JSON that it wrote. */
export async function hubScript<T>(script: string, given: object): Promise<T> {
  const { python } = await pythonEnv("jupyterhub", PACKAGES, { constraints: CONSTRAINTS });
  const file = join(CHECKOUT, "test/support/analysis", script);
  const { stdout } = await execa(python, [file], { input: JSON.stringify(given), timeout: 400_000 });
  return JSON.parse(stdout) as T;
}
