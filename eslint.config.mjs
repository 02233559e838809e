import js from "@eslint/js";
import { importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/** Imports go down only: stacks → components → pure modules; tools and tests stand on top. */
const zone = (target, from, message) => ({ target, from, message });

export default tseslint.config(
  // Examples are programs of their own: their packages are not installed here.
  { ignores: ["dist/", "node_modules/", ".sandbox/", "sandbox/", "examples/"] },
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["eslint.config.mjs", "program.js"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { "import-x": importX },
    settings: {
      // Without a parser of its own `no-cycle` follows no TypeScript, and finds nothing.
      "import-x/parsers": { "@typescript-eslint/parser": [".ts"] },
      "import-x/extensions": [".ts", ".js"],
      "import-x/resolver": { node: { extensions: [".ts", ".js"] } },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "max-lines": ["error", { max: 300 }],
      "max-lines-per-function": ["error", { max: 40, skipBlankLines: true, skipComments: true }],
      "import-x/no-cycle": "error",
      "import-x/order": [
        "error",
        {
          groups: ["builtin", "external", ["parent", "sibling", "index"]],
          alphabetize: { order: "asc", caseInsensitive: true },
          "newlines-between": "always",
        },
      ],
      "import-x/no-restricted-paths": [
        "error",
        {
          basePath: import.meta.dirname,
          zones: [
            zone(
              "./components",
              ["./stacks", "./plugin", "./policies", "./tools", "./test", "./bench"],
              "Components know nothing of stacks or tools.",
            ),
            zone(
              "./plugin",
              ["./stacks", "./policies", "./tools", "./test", "./bench"],
              "The plugin serves components alone.",
            ),
            zone(
              "./stacks",
              ["./plugin", "./policies", "./tools", "./test", "./bench"],
              "Stacks know nothing of policies, tools or tests.",
            ),
            zone(
              "./policies",
              ["./stacks", "./plugin", "./tools", "./test", "./bench"],
              "Policies judge any program: they know nothing of this project's stacks.",
            ),
            zone("./tools", ["./test", "./bench"], "Tools know nothing of tests."),
          ],
        },
      ],
    },
  },
  {
    // Modules named in lower case plan and render: they decide, and create nothing.
    files: [
      "components/**/[a-z]*.ts",
      "policies/rules/*.ts",
      "policies/{allowList,decode,files,openings,plaintext,plainSecrets,rule,rules,values,world}.ts",
      "stacks/config/{schema,parse,file,docker,platform,clusters,analysis,analysisTarget,given,secrets}.ts",
      "stacks/config/analysis/*.ts",
      "stacks/{plan,analysisPlan,clustersPlan,clusterChanges}.ts",
      "stacks/cloud/facts/*.ts",
      "stacks/cloud/{balance,check,inventory,magnumClusters,messagingNeeds,needs,projectQuotas,templates}.ts",
    ],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        {
          patterns: [
            { group: ["@pulumi/*"], allowTypeImports: true, message: "Pure modules import no Pulumi; types are fine." },
          ],
        },
      ],
    },
  },
  {
    files: ["test/**/*.ts", "bench/**/*.ts", "**/*.config.mts", "**/*.mjs"],
    rules: { "max-lines-per-function": "off" },
  },
  { files: ["**/*.mjs"], extends: [tseslint.configs.disableTypeChecked] },
  {
    files: ["program.js"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { module: "writable", require: "readonly" } },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
);
