/**
 * A mistake in what the user gave: it is shown as its message alone, without a stack trace.
 *
 * `__pulumiRunError` is what Pulumi's Node.js runtime looks for in a `RunError`; carrying it here keeps the
 * planning modules free of Pulumi.
 */
export class UserError extends Error {
  readonly __pulumiRunError = true;

  /** The single mistakes, where there are several. */
  readonly findings: readonly string[];

  constructor(message: string, findings: readonly string[] = [message]) {
    super(message);
    this.name = "UserError";
    this.findings = findings;
  }

  /** Joins several findings into one error, so that a user sees all of them at once. */
  static all(findings: readonly string[]): UserError {
    const first = findings[0];
    if (findings.length === 1 && first !== undefined) return new UserError(first);
    return new UserError([`${findings.length} problems:`, ...findings.map((f) => `  - ${f}`)].join("\n"), findings);
  }
}

/** Runs a step of a plan; its mistakes go to the others, so that all are said together. */
export function attempt<T>(findings: string[], make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    findings.push(...error.findings);
    return undefined;
  }
}
