import { existsSync, readFileSync } from "node:fs";

import { Command, Option } from "commander";

import { UserError } from "../../components/errors";
import { ForgeError } from "./api";
import { markerOf, putComment } from "./comment";
import { type Change, github, gitlab } from "./forges";

/** What the process ends with. */
const EXIT = { done: 0, refused: 1, error: 2 } as const;

const FORGES = { github, gitlab } as const;
type ForgeName = keyof typeof FORGES;

interface Options {
  file: string;
  marker: string;
  forge?: ForgeName;
  api?: string;
  repository?: string;
  number?: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Where each forge's CI says what an option leaves out. */
const SAID: Readonly<Record<ForgeName, { api: string; repository: string; token: string; number: string }>> = {
  github: { api: "GITHUB_API_URL", repository: "GITHUB_REPOSITORY", token: "GITHUB_TOKEN", number: "GITHUB_REF" },
  gitlab: { api: "CI_API_V4_URL", repository: "CI_PROJECT_ID", token: "GITLAB_TOKEN", number: "CI_MERGE_REQUEST_IID" },
};

/** The forge whose CI this is, and the change that it runs for. @throws UserError that says what is missing. */
export function changeOf(options: Omit<Options, "file" | "marker">, env: Env): { forge: ForgeName; change: Change } {
  const forge = options.forge ?? (env["GITLAB_CI"] === "true" ? "gitlab" : "github");
  const said = SAID[forge];
  const need = (what: string, value: string | undefined) => {
    if (value !== undefined && value !== "") return value;
    throw new UserError(`${what} is not given. Run it in ${forge}'s CI for a change, or see --help.`);
  };
  const number = need(`\`--number\` (${said.number})`, options.number ?? numberOf(env[said.number]));
  if (!/^[1-9]\d*$/.test(number)) throw new UserError(`\`--number\` must be a change's number, got "${number}".`);
  const change = {
    url: need(`\`--api\` (${said.api})`, options.api ?? env[said.api]),
    repository: need(`\`--repository\` (${said.repository})`, options.repository ?? env[said.repository]),
    token: need(said.token, env[said.token]),
    number: Number(number),
  };
  return { forge, change };
}

/** GitHub says a pull request's number only within the name of its merge commit. */
function numberOf(said: string | undefined): string | undefined {
  return said === undefined ? undefined : (/^refs\/pull\/(\d+)\//.exec(said)?.[1] ?? said);
}

async function main({ file, marker, ...options }: Options): Promise<void> {
  if (!existsSync(file)) throw new UserError(`\`--file\` is ${file}, which is not there.`);
  const { forge, change } = changeOf(options, process.env);
  const outcome = await putComment(FORGES[forge](change), markerOf(marker), readFileSync(file, "utf8"));
  console.log(`The comment on ${change.repository} ${change.number} was ${outcome}.`);
}

if (require.main === module) {
  new Command("comment")
    .description("Writes one comment on a pull request or merge request, and edits it from then on.")
    .requiredOption("--file <markdown>", "the comment's text")
    .option("--marker <name>", "tells it from other comments of this tool on the same change", "preview")
    .addOption(new Option("--forge <name>", "default: the one whose CI this is").choices(Object.keys(FORGES)))
    .option("--api <url>", "address of its API (default: GITHUB_API_URL or CI_API_V4_URL)")
    .option("--repository <name>", "owner/name or project (default: GITHUB_REPOSITORY or CI_PROJECT_ID)")
    .option("--number <n>", "of the change (default: of GITHUB_REF, or CI_MERGE_REQUEST_IID)")
    .addHelpText(
      "after",
      "\nThe token is read from GITHUB_TOKEN or GITLAB_TOKEN, and never printed." +
        "\nExit code: 0 written, 1 the forge refused it, 2 error of use.",
    )
    .action(main)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.done : EXIT.error))
    .parseAsync()
    .catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      console.error(`error: ${error.message}`);
      process.exitCode = error instanceof ForgeError ? EXIT.refused : EXIT.error;
    });
}
