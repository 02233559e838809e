export interface Health {
  ready: boolean;
  /** What the server said, without the mark. */
  text: string;
}

/**
 * The last thing that a server said of its health on its console: `fabric-health: ready <role> <host> …`, or
 * `fabric-health: not-ready <role> <host> <reason>`. Lines of another host's name are none of its own.
 */
export function lastHealth(console: string, hostName: string): Health | undefined {
  const said = [...console.matchAll(/fabric-health: (ready|not-ready) \S+ (\S+)[^\r\n]*/g)];
  const last = said.filter(([, , host]) => host === hostName).at(-1);
  return last && { ready: last[1] === "ready", text: last[0].replace("fabric-health: ", "") };
}
