import { z } from "zod";

import { UserError } from "../../components/errors";
import { Api, type ApiOptions } from "./api";

/** A comment on a change. */
export interface Comment {
  id: number;
  body: string;
}

/** Where changes are discussed. */
export interface Forge {
  /** Longest comment that it takes, in characters. */
  readonly limit: number;
  /** Comments on the change, oldest first. */
  comments(): AsyncGenerator<Comment>;
  create(body: string): Promise<void>;
  update(id: number, body: string): Promise<void>;
}

/** A change: a pull request, or a merge request. */
export interface Change {
  /** Address of the API. */
  url: string;
  token: string;
  /** `owner/name`, or GitLab's number of the project. */
  repository: string;
  number: number;
}

/** Pages of a hundred comments that are looked through. */
const MAX_PAGES = 100;

const commentsShape = z.array(z.object({ id: z.number(), body: z.string().nullish(), system: z.boolean().optional() }));

/** All pages of a list of comments; those that the forge writes itself are left out. */
async function* pages(api: Api, first: string): AsyncGenerator<Comment> {
  let path: string | undefined = first;
  for (let page = 0; path !== undefined && page < MAX_PAGES; page++) {
    const { body, next } = await api.send("GET", path);
    const { data } = commentsShape.safeParse(body);
    if (data === undefined) throw new UserError("The API's list of comments is not understood.");
    for (const comment of data) {
      if (comment.system !== true) yield { id: comment.id, body: comment.body ?? "" };
    }
    path = next;
  }
}

/** Source: GitHub REST API, "Issue comments"; every pull request is an issue. */
export function github({ url, token, repository, number }: Change): Forge {
  const api = new Api({ url, token, auth: bearer(token) });
  const root = `/repos/${repository.split("/").map(encodeURIComponent).join("/")}/issues`;
  return {
    limit: 65_536,
    comments: () => pages(api, `${root}/${number}/comments?per_page=100`),
    create: async (body) => void (await api.send("POST", `${root}/${number}/comments`, { body })),
    update: async (id, body) => void (await api.send("PATCH", `${root}/comments/${id}`, { body })),
  };
}

/** Source: GitLab REST API, "Notes", "Merge requests". */
export function gitlab({ url, token, repository, number }: Change): Forge {
  const api = new Api({ url, token, auth: { header: "PRIVATE-TOKEN", value: token } });
  const root = `/projects/${encodeURIComponent(repository)}/merge_requests/${number}/notes`;
  return {
    limit: 1_000_000,
    comments: () => pages(api, `${root}?per_page=100&sort=asc&order_by=created_at`),
    create: async (body) => void (await api.send("POST", root, { body })),
    update: async (id, body) => void (await api.send("PUT", `${root}/${id}`, { body })),
  };
}

function bearer(token: string): ApiOptions["auth"] {
  return { header: "Authorization", value: `Bearer ${token}` };
}
