import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { COMPONENTS } from "../../plugin/components";
import { CHECKOUT } from "../workspace/workspace";
import { inferSchema, type PackageFacts } from "./infer";

const { version, description, license } = JSON.parse(
  readFileSync(join(CHECKOUT, "package.json"), "utf8"),
) as PackageFacts;
const schema = inferSchema(Object.keys(COMPONENTS), { version, description, license });
writeFileSync(join(CHECKOUT, "plugin/schema.json"), `${JSON.stringify(schema, null, 2)}\n`);
