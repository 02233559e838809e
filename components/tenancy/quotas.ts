/** Everything that a project's quotas limit and that stacks take of, in the order that tables show it. */
export const QUOTAS = [
  "instances",
  "cores",
  "RAM (MiB)",
  "server groups",
  "volumes",
  "volume GiB",
  "networks",
  "subnets",
  "routers",
  "ports",
  "floating IPs",
  "security groups",
  "security group rules",
  "load balancers",
  "listeners",
  "pools",
  "health monitors",
  "pool members",
  "clusters",
] as const;

export type QuotaName = (typeof QUOTAS)[number];

/** How much of which quota; what is not named is 0. */
export type Amounts = Readonly<Partial<Record<QuotaName, number>>>;

/** Adds amounts up, by quota. */
export function sumOf(amounts: readonly Amounts[]): Record<QuotaName, number> {
  const total = (name: QuotaName) => amounts.reduce((sum, amount) => sum + (amount[name] ?? 0), 0);
  return Object.fromEntries(QUOTAS.map((name) => [name, total(name)])) as Record<QuotaName, number>;
}

/** What is wanted and not there yet; what is there beyond it makes room for nothing else. */
export function missingOf(wanted: Amounts, there: Amounts): Amounts {
  return Object.fromEntries(QUOTAS.map((name) => [name, Math.max(0, (wanted[name] ?? 0) - (there[name] ?? 0))]));
}

/** Neutron gives every new security group two rules, that let all traffic out; they count. */
export const DEFAULT_EGRESS_RULES = 2;
