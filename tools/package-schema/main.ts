import { readFileSync } from "node:fs";
import { join } from "node:path";

import { COMPONENTS } from "../../plugin/components";
import { writeGenerated } from "../workspace/generated";
import { CHECKOUT } from "../workspace/workspace";
import { inferSchema, type PackageFacts } from "./infer";

const { version, description, license } = JSON.parse(
  readFileSync(join(CHECKOUT, "package.json"), "utf8"),
) as PackageFacts;
const schema = inferSchema(Object.keys(COMPONENTS), { version, description, license });
writeGenerated({ "plugin/schema.json": `${JSON.stringify(schema, null, 2)}\n` });
