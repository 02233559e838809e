import { type Command, Option } from "commander";

import { UserError } from "../../components/errors";
import type { Load } from "./processes/orders";
import { type PatternName, PATTERNS } from "./transports/transport";

/** What the command line gives, as text. */
export interface LoadFlags {
  pattern: string[];
  rate?: string;
  closed?: string;
  clients: string;
  servers: string;
  size: string;
  seconds: string;
  warmup: string;
  timeout: string;
  pid?: string[];
}

/** What is measured, one run for every pattern and load. */
export interface LoadPlan {
  patterns: PatternName[];
  loads: Load[];
  clients: number;
  servers: number;
  size: number;
  timeoutMs: number;
  /** Processes of the middleware on this machine. */
  pids: number[];
}

/** Rate without any flag, in messages a second of all clients. */
const DEFAULT_RATE = "100";

/** Bytes of a message: it must hold what it says of itself, and brokers refuse more. */
const SIZES = [20, 16 * 1024 * 1024] as const;

/** Adds what every measurement takes: how many send and listen, what, and for how long. */
export function withShape(command: Command): Command {
  return command
    .option("--clients <count>", "client processes", "2")
    .option("--servers <count>", "server processes", "2")
    .option("--size <bytes>", "bytes of a message", "1024")
    .option("--seconds <count>", "seconds that count", "10")
    .option("--warmup <count>", "seconds before them", "2")
    .option("--timeout <seconds>", "of a call, and for the middleware to take a message over", "10");
}

/** An option that may be repeated; `absent` says what holds without it. */
export function repeated(flags: string, description: string, absent: string): Option {
  const parse = (value: string, before: string[]) => [...before, value];
  return new Option(flags, `${description}; may be repeated`).argParser(parse).default([], absent);
}

/** Reads the flags of a measurement; says all that is wrong at once. */
export function parseLoad(flags: LoadFlags): LoadPlan {
  const findings: string[] = [];
  const number = (flag: string, text: string, least: number, most: number, whole = true) =>
    numberOf(findings, flag, text, { least, most, whole });
  if (flags.rate !== undefined && flags.closed !== undefined) {
    findings.push(
      "`--rate` (open loop) and `--closed` (closed loop) exclude each other; both are given. Leave one out.",
    );
  }
  const clients = number("--clients", flags.clients, 1, 1_000);
  const common = {
    clients,
    warmup: number("--warmup", flags.warmup, 0, 3_600, false),
    seconds: number("--seconds", flags.seconds, 0.5, 86_400, false),
  };
  const loads: Load[] =
    flags.closed === undefined
      ? (flags.rate ?? DEFAULT_RATE)
          .split(",")
          .map((text) => ({ kind: "open" as const, rate: number("--rate", text, 0.1, 1_000_000, false), ...common }))
      : flags.closed
          .split(",")
          .map((text) => ({ kind: "closed" as const, inFlight: number("--closed", text, 1, 100_000), ...common }));
  const plan = {
    patterns: parsePatterns(findings, flags.pattern),
    loads,
    clients,
    servers: number("--servers", flags.servers, 1, 1_000),
    size: number("--size", flags.size, ...SIZES),
    timeoutMs: number("--timeout", flags.timeout, 0.01, 3_600, false) * 1000,
    pids: (flags.pid ?? []).map((text) => number("--pid", text, 1, 4_194_304)),
  };
  if (findings.length > 0) throw UserError.all(findings);
  return plan;
}

/** Patterns by name; `all` are those that a transport carries. */
export function parsePatterns(findings: string[], given: readonly string[]): PatternName[] {
  const wrong = given.filter((name) => !(PATTERNS as readonly string[]).includes(name));
  if (wrong.length > 0) {
    findings.push(`\`--pattern\` must be ${PATTERNS.join(", ")}; given is "${wrong.join('", "')}".`);
  }
  return PATTERNS.filter((name) => given.includes(name));
}

function numberOf(
  findings: string[],
  flag: string,
  text: string,
  { least, most, whole }: { least: number; most: number; whole: boolean },
): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= least && value <= most) || (whole && !Number.isInteger(value))) {
    const kind = whole ? "a whole number" : "a number";
    findings.push(`\`${flag}\` must be ${kind} from ${least} to ${most}; given is "${text}".`);
  }
  return value;
}
