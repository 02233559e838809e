import { UserError } from "../../errors";
import type { Driver, DriverFacts } from "../drivers";
import { dcos } from "./dcos";
import type { Engine } from "./engine";
import { kubernetes } from "./kubernetes";
import { mesos } from "./mesos";
import { swarm, swarmMode } from "./swarm";

const engines = new Map<string, Engine>();

/**
 * Makes an engine known, for templates, the matrix and the labels alike. A program that has an engine of its own
 * registers it before it plans anything.
 * @throws Error where an engine or a driver of that name is known already.
 */
export function registerEngine(engine: Engine): void {
  if (engines.has(engine.name)) throw new Error(`Engine "${engine.name}" is registered already.`);
  for (const { name } of engine.drivers) {
    if (findDriver(name)) throw new Error(`Driver "${name}" is registered already.`);
  }
  engines.set(engine.name, engine);
}

/** Names of all engines, in the order in which they were registered. */
export function engineNames(): string[] {
  return [...engines.keys()];
}

/** @throws UserError naming the field and the engines that are known. */
export function engineOf(name: string, field: string): Engine {
  const engine = engines.get(name);
  if (engine === undefined) {
    throw new UserError(`\`${field}\` must be one of ${engineNames().join(", ")}, got "${name}".`);
  }
  return engine;
}

/** A driver's facts and the engine that it makes. */
export function findDriver(name: Driver): { driver: DriverFacts; engine: Engine } | undefined {
  for (const engine of engines.values()) {
    const driver = engine.drivers.find((candidate) => candidate.name === name);
    if (driver !== undefined) return { driver, engine };
  }
  return undefined;
}

/** Names of all drivers. */
export function driverNames(): string[] {
  return [...engines.values()].flatMap((engine) => engine.drivers.map(({ name }) => name));
}

[kubernetes, swarm, swarmMode, mesos, dcos].forEach(registerEngine);
