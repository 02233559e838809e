import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import { ensureDebian } from "./debian";

const PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";

/** A library of Maven Central, as `group:artifact:version`. */
export type Coordinates = `${string}:${string}:${string}`;

/** A folder with libraries and all that they need; fetched once a machine. */
export async function libraries(name: string, wanted: readonly Coordinates[]): Promise<string> {
  return cached(name, async (folder) => {
    const dependencies = wanted.map((coordinates) => {
      const [group, artifact, version] = coordinates.split(":");
      return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
    });
    const pom = `<project><modelVersion>4.0.0</modelVersion><groupId>test</groupId><artifactId>test</artifactId>
<version>1</version><dependencies>${dependencies.join("")}</dependencies></project>`;
    writeFileSync(join(folder, "pom.xml"), pom);
    const goal = [`${PLUGIN}:copy-dependencies`, `-DoutputDirectory=${folder}`, "-DincludeScope=runtime"];
    await maven(folder, ["-f", join(folder, "pom.xml"), ...goal]);
  });
}

/** What an archive of Maven Central holds, such as `group:artifact:version:zip:bin`; fetched once a machine. */
export async function unpacked(name: string, archive: string): Promise<string> {
  return cached(name, async (folder) => {
    await maven(folder, [`${PLUGIN}:unpack`, `-Dartifact=${archive}`, `-DoutputDirectory=${folder}`]);
    // Without a project, the plugin leaves its marks in a folder of this very name.
    rmSync(join(folder, "${project.basedir}"), { recursive: true, force: true });
  });
}

async function maven(cwd: string, args: readonly string[]): Promise<void> {
  await ensureDebian(["maven", "openjdk-17-jre-headless"], ["mvn", "java"]);
  await execa("nice", ["-n", "10", "mvn", "-q", "-B", ...args], { cwd, timeout: 540_000 });
}

/** A folder of the user's cache that is there whole or not at all. */
async function cached(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const root = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "openstack-fabric");
  const target = join(root, name);
  if (existsSync(target)) return target;
  mkdirSync(root, { recursive: true });
  const folder = mkdtempSync(join(root, "fetching-"));
  try {
    await fill(folder);
    // Another run may have been quicker.
    if (!existsSync(target)) renameSync(folder, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return target;
}
