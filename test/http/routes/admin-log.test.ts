import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { OPERATIONS } from "../../../src/directory/account-directory-do.ts";
import { callDirectory } from "../../../src/directory/directory-client.ts";
import { ROUTES } from "../../../src/http/route-table.ts";
import { freshAccount } from "../../support/client.ts";
import { adminLog, keyHolder, root } from "../../support/keys.ts";

interface Change {
  path?: string;
  body?: object;
  /** What is there before. */
  before?: () => Promise<unknown>;
  /** Another status than of success, which comes after the entry. */
  status?: number;
}

const account = freshAccount();
const assistant = `/admin/accounts/${account}/assistants/clerk`;
const flag = "/admin/flags/ENABLE_CONVERSATION_STORAGE";
const keyOf = async (scopes: ["read"] | ["admin"]) => (await keyHolder(scopes, account)).id;

/** A job that its queue gave up. */
async function deadLetter(now: number): Promise<string> {
  const job = { job: `{"type":"sweep","now":${now}}`, type: "sweep", account_id: account };
  const dead = [{ ...job, user_id: null, request_id: null, reason: null }];
  await callDirectory(env, OPERATIONS, (directory) => directory.noteDeadJobs(dead, Date.now()));
  return (await root.get("/admin/dead-letters?limit=1")).body.first_id;
}

/** Every route by which an admin changes something. */
const CHANGES: Record<string, Change | (() => Promise<Change>)> = {
  "PATCH /admin/accounts/:account_id": { body: { retention_days: 9 } },
  "POST /admin/accounts/:account_id/reindex": {},
  "POST /admin/accounts/:account_id/compact": {},
  // The test's deployment has no ARCHIVE_KEY.
  "POST /admin/accounts/:account_id/rotate-key": { status: 422 },
  "PUT /admin/accounts/:account_id/assistants/:name": { path: assistant, body: {} },
  "DELETE /admin/accounts/:account_id/assistants/:name": {
    path: assistant,
    before: () => root.call("PUT", assistant, { body: {} }),
  },
  "DELETE /admin/cache": { path: `/admin/cache?account_id=${account}` },
  "POST /admin/cache/warm": {},
  "PUT /admin/flags/:name": { path: flag, body: { default: true } },
  "DELETE /admin/flags/:name": { path: flag },
  "POST /admin/keys": { body: { account_id: account, scopes: ["read"] } },
  "PATCH /admin/keys/:key_id": async () => ({
    path: `/admin/keys/${await keyOf(["admin"])}`,
    body: { grants: null },
  }),
  "POST /admin/keys/:key_id/rotate": async () => ({
    path: `/admin/keys/${await keyOf(["read"])}/rotate`,
  }),
  "DELETE /admin/keys/:key_id": async () => ({ path: `/admin/keys/${await keyOf(["read"])}` }),
  "POST /admin/dead-letters/:dead_letter_id/retry": async () => ({
    path: `/admin/dead-letters/${await deadLetter(1)}/retry`,
  }),
  "DELETE /admin/dead-letters/:dead_letter_id": async () => ({
    path: `/admin/dead-letters/${await deadLetter(2)}`,
  }),
  "POST /admin/circuit/:circuit/reset": { path: "/admin/circuit/openai/reset" },
  "POST /admin/purge": {},
  "DELETE /admin/accounts/:account_id": {},
};

it("has a line for every change under /admin", () => {
  const changes = ROUTES.filter(({ method, scope }) => method !== "GET" && scope === "admin");
  expect(changes.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(
    Object.keys(CHANGES).toSorted(),
  );
});

describe.each(Object.entries(CHANGES))("%s", (name, change) => {
  it("is in the admin log before it is done", async () => {
    const [method = "", pattern = ""] = name.split(" ");
    const { path, body, before, status } = typeof change === "function" ? await change() : change;
    await before?.();
    const known = (await adminLog()).length;
    const to = path ?? pattern.replace(":account_id", account);
    const reply = await root.call(method, to, body ? { body } : {});
    expect(status ?? Math.floor(reply.status / 100)).toBe(status === undefined ? 2 : reply.status);
    const [entry] = (await adminLog()).slice(known);
    expect(entry).toMatchObject({ actor: "root" });
  });
});
