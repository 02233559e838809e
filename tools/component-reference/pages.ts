import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

import { UserError } from "../../components/errors";
import { CHECKOUT } from "../workspace/workspace";

/** Where the pages lie in the checkout. */
export const PAGES = "docs/components";

/** A component is a file named in upper case; its page has the types of its arguments, wherever they are written. */
const COMPONENTS = ["components/*/[A-Z]*.ts", "components/*/*/[A-Z]*.ts"];

const TABLES = [
  ...["interfacePropertiesFormat", "classPropertiesFormat", "typeAliasPropertiesFormat"],
  ...["propertyMembersFormat", "parametersFormat", "typeDeclarationFormat"],
];

/** One Markdown page a component, made from docstrings: text by path below `PAGES`. */
export async function componentPages(): Promise<Map<string, string>> {
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
    return readFolder(out);
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

/** Text of every page below a folder. */
export function readFolder(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return new Map(paths.map((path) => [relative(folder, path), readFileSync(path, "utf8")]));
}
