import { beforeAll, describe, expect, it } from "vitest";

import { createAppOf } from "../../../src/app.ts";
import { signKey } from "../../../src/http/auth/sign-key.ts";
import { SCOPES } from "../../../src/shared/scopes.ts";
import type { Scope } from "../../../src/shared/scopes.ts";
import { ROUTES } from "../../../src/http/route-table.ts";
import { Client, freshAccount } from "../../support/client.ts";
import { LOCKED, ROOT_KEY, keyHolder, root } from "../../support/keys.ts";

interface Case {
  /** The route's own path by default, with `none` for its parameters. */
  path?: string;
  body?: object;
  /** Status for a key with the scope. By default 200, or 404 where the path names `none`. */
  right?: number;
}

/** Cases that differ from the default. Every route with a scope is tried, also one that is not here. */
const TABLE: Record<string, Case> = {
  "POST /query": { body: { query: "Hi" } },
  "POST /api/chat": { body: { message: "Hi" } },
  "POST /admin/assistant/chat": { body: { message: "Hi" } },
  "POST /chat": {
    body: {
      id: "chat",
      messages: [{ id: "m", role: "user", parts: [{ type: "text", text: "Hi" }] }],
    },
  },
  // A chat that has not begun has nothing in it.
  "GET /chat/:session_id/messages": { right: 200 },
  "GET /chat/:session_id/stream": { right: 204 },
  "POST /chat/:session_id/stop": { right: 200 },
  "PUT /sessions/:session_id/state": { body: {} },
  "PATCH /sessions/:session_id/state": { body: {} },
  "PATCH /sessions/:session_id": { body: { pinned: true } },
  "DELETE /users/:user_id": { path: "/users/ann", right: 200 },
  "GET /users/:user_id/export": { path: "/users/ann/export", right: 200 },
  "GET /users/:user_id/facts": { path: "/users/ann/facts", right: 200 },
  "POST /users/:user_id/facts": {
    path: "/users/ann/facts",
    body: { text: "Likes tea" },
    right: 201,
  },
  "PATCH /users/:user_id/facts/:fact_id": { body: { text: "Likes tea" } },
  // No message of the protocol.
  "POST /mcp": { body: {}, right: 415 },
  "POST /import": { body: {}, right: 422 },
  "GET /search": { path: "/search?q=word" },
  "POST /archives/restore": { body: { session_ids: ["none"] } },
  "POST /backups": { body: {}, right: 201 },
  "POST /backups/:backup_id/restore": { body: {} },
  "POST /v1/embeddings": { body: { input: "Hi" } },
  "POST /v1/responses": { body: { input: "Hi" } },
  "GET /v1/responses": { right: 426 },
  "POST /v1/responses/compact": { body: { model: "local", input: "Hi" } },
  "POST /v1/responses/input_tokens": { body: { input: "Hi" } },
  "GET /v1/responses/:response_id": { path: "/v1/responses/resp_zzzzzz" },
  "DELETE /v1/responses/:response_id": { path: "/v1/responses/resp_zzzzzz" },
  "POST /v1/responses/:response_id/cancel": { path: "/v1/responses/resp_zzzzzz/cancel" },
  "GET /v1/responses/:response_id/input_items": { path: "/v1/responses/resp_zzzzzz/input_items" },
  "POST /v1/chat/completions": { body: { messages: [{ role: "user", content: "Hi" }] } },
  "POST /v1/chat/completions/:completion_id": { body: { metadata: {} } },
  "POST /v1/conversations": { body: {} },
  "POST /v1/conversations/:conversation_id": { body: { metadata: {} } },
  "POST /v1/conversations/:conversation_id/items": {
    body: { items: [{ role: "user", content: "Hi" }] },
  },
  "GET /v1/conversations/:conversation_id/items/:item_id": {
    path: "/v1/conversations/none/items/msg_1_0",
  },
  "DELETE /v1/conversations/:conversation_id/items/:item_id": {
    path: "/v1/conversations/none/items/msg_1_0",
  },
  "DELETE /admin/cache": { path: "/admin/cache?account_id=matrix" },
  "POST /admin/cache/warm": { path: "/admin/cache/warm?days_ahead=1" },
  "POST /admin/circuit/:circuit/reset": { path: "/admin/circuit/openai/reset", right: 200 },
  "POST /admin/dead-letters/:dead_letter_id/retry": { path: "/admin/dead-letters/dead_0/retry" },
  "DELETE /admin/dead-letters/:dead_letter_id": { path: "/admin/dead-letters/dead_0" },
  "POST /calls": { body: { request: {} }, right: 201 },
  "POST /calls/batch": { body: {} },
  "POST /calls/:call_id/events": { body: { event_type: "request", payload: {} } },
  "POST /calls/:call_id/complete": { body: {} },
  "POST /calls/:call_id/policy-events": { body: { policy_class: "x", event_type: "y" } },
  "POST /ingest/litellm": { body: { id: "x" } },
  "POST /migrations/calls": { body: {} },
  "PUT /migrations/calls": { body: { mode: "dual" } },
  "PUT /retention": { body: {} },
  "POST /admin/accounts/:account_id/reindex": {
    path: "/admin/accounts/matrix/reindex",
    right: 200,
  },
  "POST /admin/accounts/:account_id/compact": {
    path: "/admin/accounts/matrix/compact",
    right: 200,
  },
  "POST /admin/accounts/:account_id/rotate-key": {
    path: "/admin/accounts/matrix/rotate-key",
    right: 422,
  },
  "POST /admin/keys": { body: { account_id: "matrix", scopes: ["read"] }, right: 201 },
  "GET /admin/keys": { path: "/admin/keys?account_id=matrix" },
  "POST /admin/keys/:key_id/rotate": { path: "/admin/keys/key_none.0/rotate", body: {} },
  // Only the root key sets grants.
  "PATCH /admin/keys/:key_id": {
    path: "/admin/keys/key_none.0",
    body: { grants: null },
    right: 403,
  },
  "DELETE /admin/keys/:key_id": { path: "/admin/keys/key_none.0" },
  "PATCH /admin/accounts/:account_id": { path: "/admin/accounts/matrix", body: {}, right: 200 },
  "DELETE /admin/accounts/:account_id": { path: "/admin/accounts/matrix-erased", right: 200 },
  "GET /admin/accounts/:account_id/log": { path: "/admin/accounts/matrix/log", right: 200 },
  "GET /admin/accounts/:account_id/assistants": {
    path: "/admin/accounts/matrix/assistants",
    right: 200,
  },
  "GET /admin/accounts/:account_id/assistants/:name": {
    path: "/admin/accounts/matrix/assistants/none",
  },
  "PUT /admin/accounts/:account_id/assistants/:name": {
    path: "/admin/accounts/matrix/assistants/default",
    body: {},
    right: 200,
  },
  "DELETE /admin/accounts/:account_id/assistants/:name": {
    path: "/admin/accounts/matrix/assistants/none",
  },
  "POST /admin/purge": { right: 202 },
  "PUT /admin/flags/:name": {
    path: "/admin/flags/UNIFIED_CONVERSATION_ENABLED",
    body: { default: true },
    right: 200,
  },
  "DELETE /admin/flags/:name": { path: "/admin/flags/UNIFIED_CONVERSATION_ENABLED", right: 200 },
};
const CASES = ROUTES.flatMap(({ method, path: pattern, scope }) => {
  const name = `${method} ${pattern}`;
  const path = pattern.replaceAll(/:\w+(\{[^}]*\})?/g, "none");
  const right = path === pattern ? 200 : 404;
  return scope === null ? [] : [{ name, method, scope, path, right, ...TABLE[name] }];
});
type Tried = (typeof CASES)[number] & Pick<Case, "body">;

it("serves described routes alone, and no case without its route", () => {
  const served = createAppOf(ROUTES)
    .routes.filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path}`);
  const described = ROUTES.map(({ method, path }) => `${method} ${path}`);
  expect(served.toSorted()).toEqual(described.toSorted());
  expect(described).toEqual(expect.arrayContaining(Object.keys(TABLE)));
});

it("serves these routes to a request without a key", () => {
  const open = ROUTES.filter(({ scope }) => scope === null);
  // The webhooks are signed: see test/http/routes/whatsapp.test.ts.
  expect(open.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
    "GET /",
    "GET /docs",
    "GET /health",
    "GET /openapi.json",
    "POST /whatsapp/status",
    "POST /whatsapp/webhook",
  ]);
});

/** All that a caller can tell replies apart by: not the request's own id. */
async function seen(client: Client, { method, path, body }: Tried, accountId?: string) {
  const named =
    accountId === undefined
      ? path
      : `${path}${path.includes("?") ? "&" : "?"}accountId=${accountId}`;
  const response = await client.fetch(method, named, body && { body });
  const { "x-request-id": _id, ...headers } = Object.fromEntries(response.headers);
  const text = await response.text();
  // A stream, or nothing, is no JSON.
  const { request_id: _, ...rest } = text.startsWith("{")
    ? (JSON.parse(text) as Record<string, unknown>)
    : {};
  // Routes under /v1 refuse as OpenAI does.
  return { status: response.status, headers, body: { ...rest, ...(rest["error"] as object) } };
}

/** Makes one for each scope, when it is first asked for. */
function perScope<T>(make: (scope: Scope) => T): (scope: Scope) => T {
  const made = new Map<Scope, T>();
  return (scope) => {
    const one = made.get(scope) ?? make(scope);
    made.set(scope, one);
    return one;
  };
}

/** What is refused changes no account: all routes refuse the same keys of one. */
const account = freshAccount();
const goodKey = perScope((scope) => keyHolder([scope], account));
const revokedKey = perScope(async (scope) => {
  const holder = await keyHolder([scope], account);
  await root.call("DELETE", `/admin/keys/${holder.id}`);
  return holder;
});
const otherScopes = perScope((scope) =>
  keyHolder(
    SCOPES.filter((each) => each !== scope && each !== "admin"),
    account,
  ),
);
const caller = (key: string) => new Client(LOCKED, account, key);
const id = `key_${account}.000000000000000000`;
const claims = {
  id,
  account_id: account,
  scopes: [...SCOPES],
  issued_at: 1,
  expires_at: null,
  user_id: null,
};

describe.each(CASES)("$name", (route) => {
  const { scope, right } = route;

  it("gives nothing without a key, or with a forged one", async () => {
    const good = (await goodKey(scope)).key;
    const forged = btoa(JSON.stringify([id, account, SCOPES, 1, null])).replaceAll("=", "");
    const strangers = [
      "nonsense",
      "clq_",
      // One character of it changed: the last two are "AA" in one signature of a thousand.
      `${good.slice(0, -2)}${good.endsWith("AA") ? "BA" : "AA"}`,
      signKey("another root key of more than 32 characters", claims),
      `clq_${forged}.${"A".repeat(43)}`,
      `${ROOT_KEY}x`,
      "eyJhbGciOiJub25lIn0.e30.",
    ];
    expect((await seen(new Client(LOCKED, account), route)).status).toBe(401);
    for (const key of strangers) expect((await seen(caller(key), route)).status).toBe(401);
  });

  it("gives nothing to an expired or a revoked key", async () => {
    const expired = signKey(ROOT_KEY, { ...claims, expires_at: Date.now() - 1 });
    expect(await seen(caller(expired), route)).toMatchObject({
      status: 401,
      body: { code: "unauthorized" },
    });
    const revoked = await revokedKey(scope);
    expect(await seen(revoked.client, route)).toMatchObject({
      status: 401,
      body: { code: "key_revoked" },
    });
  });

  it("gives nothing to a key without the scope", async () => {
    const { client } = await otherScopes(scope);
    expect(await seen(client, route)).toMatchObject({ status: 403, body: { code: "forbidden" } });
  });

  it("gives the right key what it asks for", async () => {
    const grants = { scopes: ["read"], accounts: "*" };
    const { client } = await keyHolder(
      [scope],
      freshAccount(),
      scope === "admin" ? { grants } : {},
    );
    expect((await seen(client, route)).status).toBe(right);
  });
});

/** One for each scope, in an account of its own. */
const holderOf = perScope((scope) => keyHolder([scope]));

/** An account of others, with one turn. */
const foreign = new Client({}, freshAccount());
beforeAll(() => foreign.ask("Hi", { session_id: "none" }));

describe.each(CASES.filter(({ scope }) => scope !== "admin"))(
  "another's account in $name",
  (route) => {
    const { scope } = route;

    it("is answered like one that does not exist", async () => {
      const { client } = await holderOf(scope);
      const existing = await seen(client, route, foreign.account);
      expect(existing).toEqual(await seen(client, route, freshAccount()));
      expect(existing).toMatchObject({ status: 404, body: { code: "account_not_found" } });
      expect((await foreign.get("/sessions/none/turns")).body.data).toHaveLength(1);
    });

    it("may be repeated by its own key", async () => {
      const { client } = await holderOf(scope);
      expect((await seen(client, route, client.account)).body["code"]).not.toBe(
        "account_not_found",
      );
    });
  },
);
