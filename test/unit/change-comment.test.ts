import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { ForgeError } from "../../tools/comment/api";
import { markerOf, putComment } from "../../tools/comment/comment";
import { type Change, github, gitlab } from "../../tools/comment/forges";
import { changeOf } from "../../tools/comment/main";
import { CHECKOUT } from "../../tools/workspace/workspace";
import { ForgeServer } from "../support/forge/server";

const TOKEN = "ghs_seeded-token-4711";
const MARKER = markerOf("preview");

describe.each([
  { kind: "github", connect: github, edit: "PATCH" },
  { kind: "gitlab", connect: gitlab, edit: "PUT" },
] as const)("the comment on a change of $kind", ({ kind, connect, edit }) => {
  let server: ForgeServer;
  beforeEach(async () => {
    server = await ForgeServer.start(kind, TOKEN);
  });
  afterEach(() => server.stop());

  const put = (text: string, change: Partial<Change> = {}) =>
    putComment(connect({ ...server.change, ...change }), MARKER, text);
  const requests = () => server.asked.map((one) => one.split(" ")[0]);

  it("is created with its marker, edited where it is, and left alone when nothing is new", async () => {
    expect(await put("first")).toBe("created");
    expect(await put("second")).toBe("updated");
    // As forges give texts back.
    server.comments[0]!.body = server.comments[0]!.body.replaceAll("\n", "\r\n");
    expect(await put("second")).toBe("unchanged");
    expect(server.comments.map(({ body }) => body.replaceAll("\r", ""))).toEqual([`${MARKER}\nsecond`]);
    expect(requests()).toEqual(["GET", "POST", "GET", edit, "GET"]);
  });

  it("is found on a later page, behind what other people and the forge itself wrote", async () => {
    for (let i = 0; i < 230; i++) server.add(`nice ${i}`, "somebody", i % 2 === 0);
    const ours = server.add(`${MARKER}\nold`, "us");
    expect(await put("new")).toBe("updated");
    expect(ours.body).toBe(`${MARKER}\nnew`);
    expect(server.comments).toHaveLength(231);
    expect(requests()).toEqual(["GET", "GET", "GET", edit]);
  });

  it("is not looked for beyond where it was found", async () => {
    server.add(`${MARKER}\nold`, "us");
    for (let i = 0; i < 230; i++) server.add(`nice ${i}`);
    expect(await put("new")).toBe("updated");
    expect(requests()).toEqual(["GET", edit]);
  });

  it("of somebody else is left as it is, whether it quotes the marker or begins with it", async () => {
    const quoted = server.add(`see ${MARKER}`);
    const copied = server.add(`${MARKER}\nnot yours`);
    expect(await put("ours")).toBe("created");
    expect([quoted.body, copied.body]).toEqual([`see ${MARKER}`, `${MARKER}\nnot yours`]);
    expect(server.comments.at(-1)).toMatchObject({ author: "us", body: `${MARKER}\nours` });
  });

  it("that is removed while it is edited is made anew", async () => {
    server.add(`${MARKER}\nold`, "us");
    const api = connect(server.change);
    const update = api.update.bind(api);
    const racing = {
      ...api,
      update: (id: number, body: string) => {
        server.comments.splice(0);
        return update(id, body);
      },
    };
    expect(await putComment(racing, MARKER, "new")).toBe("created");
    expect(server.comments).toHaveLength(1);
  });

  it("waits as long as a busy forge says, and goes on", async () => {
    server.troubles.push({ status: 429, headers: { "Retry-After": "1" } });
    const started = Date.now();
    expect(await put("text")).toBe("created");
    expect(Date.now() - started).toBeGreaterThanOrEqual(990);
    // Also for what changes something: it was not done.
    server.comments.splice(0);
    server.asked.splice(0);
    server.troubles.push(
      { status: 403, headers: { "Retry-After": "0" } },
      { status: 429, headers: { "Retry-After": "0" } },
    );
    expect(await put("text")).toBe("created");
    expect(server.comments).toHaveLength(1);
  });

  it("is given up, not waited for, when the forge asks for an hour", async () => {
    server.troubles.push({ status: 429, headers: { "Retry-After": "3600" } });
    await expect(put("text")).rejects.toThrow(/asks to wait 3600 s before GET \/.*too long/);
    expect(requests()).toEqual(["GET"]);
  });

  it("is asked for again when the forge fails, and never written twice", async () => {
    server.troubles.push({ status: 502 });
    expect(await put("text")).toBe("created");
    server.comments.splice(0);
    server.asked.splice(0);
    const api = connect(server.change);
    const failing = { ...api, comments: async function* () {} };
    server.troubles.push({ status: 502, message: "Bad gateway" });
    await expect(putComment(failing, MARKER, "text")).rejects.toThrow(/answered 502 to POST .*Bad gateway/);
    expect(requests()).toEqual(["POST"]);
  });

  it("is refused with the status and the forge's words, and without the token, whoever says it", async () => {
    await expect(put("text", { token: "wrong-token" })).rejects.toThrow(/answered 401 to GET .*Bad credentials/);
    await expect(put("text", { number: 8 })).rejects.toThrow(/answered 404 to GET /);
    server.troubles.push({ status: 422, message: `no, ${TOKEN}` });
    const refused = await put("text").catch((error: unknown) => error as ForgeError);
    expect(refused).toBeInstanceOf(ForgeError);
    expect(String(refused)).toMatch(/answered 422 .*no, \[token\]/);
  });

  it("that is longer than the forge takes is not sent, and the error says what to do", async () => {
    const { limit } = connect(server.change);
    await expect(put("x".repeat(limit))).rejects.toThrow(new RegExp(`forge takes ${limit}.*--limit ${limit}`));
    expect(server.asked).toEqual([]);
    // The forge's own limit is the same one.
    const fits = "x".repeat(limit - MARKER.length - 1);
    expect(await put(fits)).toBe("created");
  });

  it("is not asked for elsewhere, and its token is sent nowhere in the clear", async () => {
    server.troubles.push({ status: 302, headers: { Location: "http://127.0.0.1:1/" } });
    await expect(put("text")).rejects.toThrow(/cannot be reached/);
    expect(() => connect({ ...server.change, url: "http://forge.example" })).toThrow(/must be https:\/\/…/);
  });
});

describe("the change that CI runs for", () => {
  const inGithub = {
    GITHUB_API_URL: "https://api.github.com",
    GITHUB_REPOSITORY: "acme/clouds",
    GITHUB_REF: "refs/pull/12/merge",
    GITHUB_TOKEN: TOKEN,
  };

  it("is read from what each forge's CI says", () => {
    expect(changeOf({}, inGithub)).toEqual({
      forge: "github",
      change: { url: "https://api.github.com", repository: "acme/clouds", number: 12, token: TOKEN },
    });
    const inGitlab = { CI_API_V4_URL: "https://g.example/api/v4", CI_PROJECT_ID: "42", CI_MERGE_REQUEST_IID: "3" };
    expect(changeOf({}, { ...inGitlab, GITLAB_CI: "true", GITLAB_TOKEN: "glpat" })).toEqual({
      forge: "gitlab",
      change: { url: "https://g.example/api/v4", repository: "42", number: 3, token: "glpat" },
    });
  });

  it("is missing with the name of what would say it", () => {
    expect(() => changeOf({}, { ...inGithub, GITHUB_REF: "refs/heads/main" })).toThrow(
      '`--number` must be a change\'s number, got "refs/heads/main".',
    );
    expect(() => changeOf({}, { ...inGithub, GITHUB_TOKEN: "" })).toThrow(/GITHUB_TOKEN is not given/);
    expect(() => changeOf({ number: "1; rm -rf /" }, inGithub)).toThrow(/must be a change's number/);
    expect(() => markerOf("--> hello")).toThrow(/`--marker` must be lower-case letters/);
  });
});

describe("the command", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "comment-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("writes the comment, says so without the token, and ends with another code where it is refused", async () => {
    const server = await ForgeServer.start("github", TOKEN);
    const file = join(dir, "comment.md");
    writeFileSync(file, "# Preview\n");
    const { url: api, repository } = server.change;
    const run = (token: string) => {
      const env = {
        GITHUB_API_URL: api,
        GITHUB_REPOSITORY: repository,
        GITHUB_REF: "refs/pull/7/merge",
        GITHUB_TOKEN: token,
      };
      const main = join(CHECKOUT, "dist/tools/comment/main.js");
      return execa("node", [main, "--file", file, "--forge", "github"], { env, all: true, reject: false });
    };
    try {
      const written = await run(TOKEN);
      expect(written.all).toBe("The comment on acme/clouds 7 was created.");
      expect(written.exitCode).toBe(0);
      const refused = await run("another-token");
      expect(refused.exitCode).toBe(1);
      expect(refused.all).toMatch(/^error: The API answered 401/);
      expect(refused.all).not.toContain("another-token");
      expect((await run("")).exitCode).toBe(2);
    } finally {
      server.stop();
    }
  });
});
