import type { Release } from "../releases";
import { hasOption } from "./catalogue";
import type { Sections } from "./ini";
import type { PolicySettings } from "./settings";

const SECTION = "oslo_policy";

/** Where a service's rules lie. */
export function policyFileOf(service: string): string {
  return `/etc/${service}/policy.yaml`;
}

/**
 * Options of oslo.policy. With rules of ours the file's name is written down: up to Victoria services looked for
 * `policy.json`. Without, what an operator has there stays.
 */
export function policyOptions(settings: PolicySettings, service: string): Sections {
  const { enforceScope, enforceNewDefaults } = settings;
  const wanted = {
    ...(hasRules(settings, service) ? { policy_file: "policy.yaml" } : {}),
    ...(enforceScope === undefined ? {} : { enforce_scope: enforceScope }),
    ...(enforceNewDefaults === undefined ? {} : { enforce_new_defaults: enforceNewDefaults }),
  };
  return { [SECTION]: wanted };
}

/** Settings that the release has no option for. */
export function policyFindings(settings: PolicySettings, release: Release): string[] {
  const options = { enforceScope: "enforce_scope", enforceNewDefaults: "enforce_new_defaults" } as const;
  return Object.entries(options)
    .filter(
      ([key, option]) => settings[key as keyof PolicySettings] !== undefined && !hasOption(SECTION, option, release),
    )
    .map(
      ([key, option]) =>
        `\`messaging.oslo.policy.${key}\` needs oslo.policy's option ${option}, which ${release} has not got. Take it out.`,
    );
}

export function hasRules(settings: PolicySettings, service: string): boolean {
  return Object.keys(settings.rules?.[service] ?? {}).length > 0;
}

/** `policy.yaml`: rules by name. JSON's strings are YAML's, too. */
export function renderPolicy(rules: Readonly<Record<string, string>>): string {
  const lines = Object.entries(rules)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([rule, check]) => `${JSON.stringify(rule)}: ${JSON.stringify(check)}`);
  return `${lines.join("\n")}\n`;
}
