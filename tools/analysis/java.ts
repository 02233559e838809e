import { join } from "node:path";

import { execa } from "execa";

import { UserError } from "../../components/errors";

/** Oldest Java that Spark 4 runs on (https://spark.apache.org/docs/4.0.0/#downloading). */
const OLDEST = 17;

const INSTALL = `install a Java runtime of version ${OLDEST} or 21, such as Debian's and Ubuntu's \`openjdk-17-jre-headless\`, or set JAVA_HOME to one`;

/** Refuses a machine that Spark could not start on. */
export async function ensureJava(env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const java = env["JAVA_HOME"] ? join(env["JAVA_HOME"], "bin", "java") : "java";
  const { stderr, exitCode } = await execa(java, ["-version"], { env, extendEnv: false, reject: false });
  if (exitCode !== 0) throw new UserError(`Spark needs Java, and there is none (${java}): ${INSTALL}.`);
  const version = Number(/version "(?:1\.)?(\d+)/.exec(String(stderr))?.[1]);
  if (version < OLDEST)
    throw new UserError(`Spark needs Java ${OLDEST} or later, and ${java} is ${version}: ${INSTALL}.`);
}
