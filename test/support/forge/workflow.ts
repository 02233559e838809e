import { registerHooks } from "node:module";

/** What GitHub's own parser of workflows says is wrong with one; nothing when it takes it. */
export async function workflowFindings(content: string): Promise<string[]> {
  // The parser imports its schema as bundlers do, without saying that it is JSON.
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const found = next(specifier, context);
      return specifier.endsWith(".json") ? { ...found, importAttributes: { type: "json" } } : found;
    },
  });
  try {
    const { NoOperationTraceWriter, parseWorkflow } = await import("@actions/workflow-parser");
    const { context } = parseWorkflow({ name: "preview.yml", content }, new NoOperationTraceWriter());
    return context.errors.getErrors().map(({ message }) => message);
  } finally {
    hooks.deregister();
  }
}
