import { readFileSync } from "node:fs";

import * as pulumi from "@pulumi/pulumi";

import { besideSource } from "../components/sources";
import { ComponentProvider } from "./ComponentProvider";
import type { PackageSchema } from "./schema";

// What the engine starts for `PulumiPlugin.yaml`, beside which the schema lies.
const schema = JSON.parse(readFileSync(besideSource(__dirname, "schema.json"), "utf8")) as PackageSchema;
void pulumi.provider.main(new ComponentProvider(schema), process.argv.slice(2));
