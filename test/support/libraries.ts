import { join } from "node:path";

/** Debian's name of this machine's architecture. */
const MULTIARCH = { x64: "x86_64-linux-gnu", arm64: "aarch64-linux-gnu" }[process.arch as string] ?? process.arch;

/** A file below Debian's folder of libraries, such as `sasl2/libplain.so`. */
export function libraryPath(name: string): string {
  return join("/usr/lib", MULTIARCH, name);
}

/** The same as seen from any folder of commands, so that `ensureDebian` can ask for it as for a command. */
export function libraryCommand(name: string): string {
  return join("..", "..", libraryPath(name));
}
