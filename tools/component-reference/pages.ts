import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

import { UserError } from "../../components/errors";
import type { Generated } from "../workspace/generated";
import { CHECKOUT } from "../workspace/workspace";

/** Where the pages lie in the checkout. */
export const PAGES = "docs/components";

/** A component is a file named in upper case; its page has the types of its arguments, wherever they are written. */
const COMPONENTS = ["components/*/[A-Z]*.ts", "components/*/*/[A-Z]*.ts"];

const TABLES = [
  ...["interfacePropertiesFormat", "classPropertiesFormat", "typeAliasPropertiesFormat"],
  ...["propertyMembersFormat", "parametersFormat", "typeDeclarationFormat"],
];

/** One Markdown page a component, made from docstrings. */
export async function componentPages(): Promise<Generated> {
  const { Application } = await import("typedoc");
  const out = mkdtempSync(join(tmpdir(), "components-"));
  try {
    const app = await Application.bootstrapWithPlugins({
      entryPoints: COMPONENTS.map((glob) => join(CHECKOUT, glob)),
      tsconfig: join(CHECKOUT, "tsconfig.json"),
      plugin: ["typedoc-plugin-markdown", "typedoc-plugin-missing-exports"],
      basePath: join(CHECKOUT, "components"),
      name: "Components",
      readme: "none",
      ...{ disableSources: true, excludePrivate: true, excludeProtected: true, excludeExternals: true },
      // `tsc` checks types already.
      ...{ skipErrorChecking: true, logLevel: "Error", validation: false },
      ...OPTIONS,
    });
    const project = await app.convert();
    if (project === undefined) throw new UserError("TypeDoc cannot read the components; see what it printed.");
    await app.outputs.writeOutput({ name: "markdown", path: out }, project);
    return Object.fromEntries(
      filesBelow(out).map((file) => [join(PAGES, file), readFileSync(join(out, file), "utf8")]),
    );
  } finally {
    rmSync(out, { recursive: true });
  }
}

/** What the plugins add to TypeDoc's options, which its types do not know. */
const OPTIONS: object = {
  outputFileStrategy: "modules",
  formatWithPrettier: true,
  prettierConfigFile: join(CHECKOUT, ".prettierrc.json"),
  ...{ hidePageHeader: true, hideBreadcrumbs: true, placeInternalsInOwningModule: true },
  ...Object.fromEntries(TABLES.map((format) => [format, "table"])),
};

/** Paths of every file below a folder, relative to it. */
export function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ parentPath, name }) => relative(folder, join(parentPath, name))).sort();
}
