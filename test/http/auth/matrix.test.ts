import { describe, expect, it } from "vitest";

import { createApp } from "../../../src/app.ts";
import { signKey } from "../../../src/http/auth/api-key-token.ts";
import { SCOPES } from "../../../src/shared/scopes.ts";
import type { Scope } from "../../../src/shared/scopes.ts";
import { Client, freshAccount } from "../../support/client.ts";
import { LOCKED, ROOT_KEY, keyHolder, root } from "../../support/keys.ts";

interface Entry {
  scope: Scope;
  path: string;
  body?: object;
  /** What the right key gets for this path. */
  right: number;
}

/** Every route behind the door. A route that is not here fails the first test. */
const TABLE: Record<string, Entry> = {
  "POST /query": { scope: "query", path: "/query", body: { query: "Hi" }, right: 200 },
  "POST /api/chat": { scope: "query", path: "/api/chat", body: { message: "Hi" }, right: 200 },
  "POST /admin/assistant/chat": {
    scope: "manage",
    path: "/admin/assistant/chat",
    body: { message: "Hi" },
    right: 200,
  },
  "GET /assistants": { scope: "query", path: "/assistants", right: 200 },
  "GET /sessions": { scope: "read", path: "/sessions", right: 200 },
  "GET /sessions/:session_id": { scope: "read", path: "/sessions/none", right: 404 },
  "GET /sessions/:session_id/messages": {
    scope: "read",
    path: "/sessions/none/messages",
    right: 404,
  },
  "GET /sessions/:session_id/turns": { scope: "read", path: "/sessions/none/turns", right: 404 },
  "GET /sessions/:session_id/window": { scope: "read", path: "/sessions/none/window", right: 404 },
  "GET /sessions/:session_id/state": { scope: "read", path: "/sessions/none/state", right: 404 },
  "PUT /sessions/:session_id/state": {
    scope: "manage",
    path: "/sessions/none/state",
    body: {},
    right: 404,
  },
  "PATCH /sessions/:session_id/state": {
    scope: "manage",
    path: "/sessions/none/state",
    body: {},
    right: 404,
  },
  "PATCH /sessions/:session_id": {
    scope: "manage",
    path: "/sessions/none",
    body: { pinned: true },
    right: 404,
  },
  "DELETE /sessions/:session_id": { scope: "manage", path: "/sessions/none", right: 404 },
  "DELETE /users/:user_id": { scope: "manage", path: "/users/ann", right: 200 },
  "GET /users/:user_id/export": { scope: "read", path: "/users/ann/export", right: 200 },
  "POST /import": { scope: "manage", path: "/import", body: {}, right: 422 },
  "GET /imports": { scope: "read", path: "/imports", right: 200 },
  "GET /imports/:import_id": { scope: "read", path: "/imports/none", right: 404 },
  "DELETE /imports/:import_id": { scope: "manage", path: "/imports/none", right: 404 },
  "GET /export": { scope: "read", path: "/export", right: 200 },
  "GET /search": { scope: "read", path: "/search?q=word", right: 200 },
  "GET /archives": { scope: "read", path: "/archives", right: 200 },
  "GET /archives/:session_id": { scope: "read", path: "/archives/none", right: 404 },
  "POST /archives/:session_id/restore": {
    scope: "manage",
    path: "/archives/none/restore",
    right: 404,
  },
  "POST /archives/restore": {
    scope: "manage",
    path: "/archives/restore",
    body: { session_ids: ["none"] },
    right: 200,
  },
  "POST /sessions/:session_id/archive": {
    scope: "manage",
    path: "/sessions/none/archive",
    right: 404,
  },
  "POST /backups": { scope: "manage", path: "/backups", body: {}, right: 201 },
  "GET /backups": { scope: "read", path: "/backups", right: 200 },
  "GET /backups/:backup_id": { scope: "read", path: "/backups/none", right: 404 },
  "POST /backups/:backup_id/verify": {
    scope: "read",
    path: "/backups/none/verify",
    right: 404,
  },
  "POST /backups/:backup_id/restore": {
    scope: "manage",
    path: "/backups/none/restore",
    body: {},
    right: 404,
  },
  "DELETE /backups/:backup_id": { scope: "manage", path: "/backups/none", right: 404 },
  "GET /analytics": { scope: "read", path: "/analytics", right: 200 },
  "POST /v1/embeddings": {
    scope: "query",
    path: "/v1/embeddings",
    body: { input: "Hi" },
    right: 200,
  },
  "POST /v1/responses": {
    scope: "query",
    path: "/v1/responses",
    body: { input: "Hi" },
    right: 200,
  },
  // Without an upgrade.
  "GET /v1/responses": { scope: "query", path: "/v1/responses", right: 426 },
  "POST /v1/responses/compact": {
    scope: "query",
    path: "/v1/responses/compact",
    body: { input: "Hi" },
    right: 200,
  },
  "POST /v1/responses/input_tokens": {
    scope: "query",
    path: "/v1/responses/input_tokens",
    body: { input: "Hi" },
    right: 200,
  },
  "GET /v1/responses/:response_id": {
    scope: "read",
    path: "/v1/responses/resp_zzzzzz",
    right: 404,
  },
  "DELETE /v1/responses/:response_id": {
    scope: "manage",
    path: "/v1/responses/resp_zzzzzz",
    right: 404,
  },
  "POST /v1/responses/:response_id/cancel": {
    scope: "query",
    path: "/v1/responses/resp_zzzzzz/cancel",
    right: 404,
  },
  "GET /v1/responses/:response_id/input_items": {
    scope: "read",
    path: "/v1/responses/resp_zzzzzz/input_items",
    right: 404,
  },
  "POST /v1/chat/completions": {
    scope: "query",
    path: "/v1/chat/completions",
    body: { messages: [{ role: "user", content: "Hi" }] },
    right: 200,
  },
  "GET /v1/chat/completions": { scope: "read", path: "/v1/chat/completions", right: 200 },
  "GET /v1/chat/completions/:completion_id": {
    scope: "read",
    path: "/v1/chat/completions/none",
    right: 404,
  },
  "POST /v1/chat/completions/:completion_id": {
    scope: "query",
    path: "/v1/chat/completions/none",
    body: { metadata: {} },
    right: 404,
  },
  "GET /v1/chat/completions/:completion_id/messages": {
    scope: "read",
    path: "/v1/chat/completions/none/messages",
    right: 404,
  },
  "DELETE /v1/chat/completions/:completion_id": {
    scope: "manage",
    path: "/v1/chat/completions/none",
    right: 404,
  },
  "GET /v1/models": { scope: "read", path: "/v1/models", right: 200 },
  "GET /v1/models/:model{.+}": { scope: "read", path: "/v1/models/none", right: 404 },
  "POST /v1/conversations": { scope: "query", path: "/v1/conversations", body: {}, right: 200 },
  "GET /v1/conversations": { scope: "read", path: "/v1/conversations", right: 200 },
  "GET /v1/conversations/:conversation_id": {
    scope: "read",
    path: "/v1/conversations/none",
    right: 404,
  },
  "POST /v1/conversations/:conversation_id": {
    scope: "query",
    path: "/v1/conversations/none",
    body: { metadata: {} },
    right: 404,
  },
  "DELETE /v1/conversations/:conversation_id": {
    scope: "manage",
    path: "/v1/conversations/none",
    right: 404,
  },
  "POST /v1/conversations/:conversation_id/items": {
    scope: "query",
    path: "/v1/conversations/none/items",
    body: { items: [{ role: "user", content: "Hi" }] },
    right: 404,
  },
  "GET /v1/conversations/:conversation_id/items": {
    scope: "read",
    path: "/v1/conversations/none/items",
    right: 404,
  },
  "GET /v1/conversations/:conversation_id/items/:item_id": {
    scope: "read",
    path: "/v1/conversations/none/items/msg_1_0",
    right: 404,
  },
  "DELETE /v1/conversations/:conversation_id/items/:item_id": {
    scope: "manage",
    path: "/v1/conversations/none/items/msg_1_0",
    right: 404,
  },
  "GET /metrics": { scope: "admin", path: "/metrics", right: 200 },
  "GET /health/detailed": { scope: "admin", path: "/health/detailed", right: 200 },
  "GET /admin/cache": { scope: "admin", path: "/admin/cache", right: 200 },
  "DELETE /admin/cache": { scope: "admin", path: "/admin/cache?account_id=matrix", right: 200 },
  "POST /admin/cache/warm": { scope: "admin", path: "/admin/cache/warm?days_ahead=1", right: 200 },
  "GET /whatsapp/messages": { scope: "read", path: "/whatsapp/messages", right: 200 },
  "POST /admin/circuit/:name/reset": {
    scope: "admin",
    path: "/admin/circuit/none/reset",
    right: 200,
  },
  "GET /calls": { scope: "read", path: "/calls", right: 200 },
  "POST /calls": { scope: "query", path: "/calls", body: { request: {} }, right: 201 },
  "POST /calls/batch": { scope: "query", path: "/calls/batch", body: {}, right: 200 },
  "POST /calls/:call_id/events": {
    scope: "query",
    path: "/calls/none/events",
    body: { event_type: "request", payload: {} },
    right: 404,
  },
  "POST /calls/:call_id/complete": {
    scope: "query",
    path: "/calls/none/complete",
    body: {},
    right: 404,
  },
  "POST /calls/:call_id/policy-events": {
    scope: "query",
    path: "/calls/none/policy-events",
    body: { policy_class: "x", event_type: "y" },
    right: 404,
  },
  "POST /ingest/litellm": {
    scope: "query",
    path: "/ingest/litellm",
    body: { id: "x" },
    right: 200,
  },
  "POST /migrations/calls": { scope: "manage", path: "/migrations/calls", body: {}, right: 200 },
  "GET /migrations/calls/status": {
    scope: "read",
    path: "/migrations/calls/status",
    right: 200,
  },
  "POST /migrations/calls/compare": {
    scope: "manage",
    path: "/migrations/calls/compare",
    right: 200,
  },
  "PUT /migrations/calls": {
    scope: "manage",
    path: "/migrations/calls",
    body: { mode: "dual" },
    right: 200,
  },
  "DELETE /migrations/calls": { scope: "manage", path: "/migrations/calls", right: 200 },
  "GET /calls/:call_id": { scope: "read", path: "/calls/none", right: 404 },
  "GET /calls/:call_id/events": { scope: "read", path: "/calls/none/events", right: 404 },
  "GET /calls/:call_id/policy-events": {
    scope: "read",
    path: "/calls/none/policy-events",
    right: 404,
  },
  "GET /api/conversation/:call_id/v2": {
    scope: "read",
    path: "/api/conversation/none/v2",
    right: 404,
  },
  "GET /api/policy-events/:call_id": {
    scope: "read",
    path: "/api/policy-events/none",
    right: 404,
  },
  "GET /retention": { scope: "read", path: "/retention", right: 200 },
  "PUT /retention": { scope: "manage", path: "/retention", body: {}, right: 200 },
  "DELETE /retention": { scope: "manage", path: "/retention", right: 200 },
  "POST /admin/accounts/:account_id/reindex": {
    scope: "admin",
    path: "/admin/accounts/matrix/reindex",
    right: 200,
  },
  "POST /admin/accounts/:account_id/compact": {
    scope: "admin",
    path: "/admin/accounts/matrix/compact",
    right: 200,
  },
  "POST /admin/accounts/:account_id/rotate-key": {
    scope: "admin",
    path: "/admin/accounts/matrix/rotate-key",
    right: 422,
  },
  "GET /storage-stats": { scope: "read", path: "/storage-stats", right: 200 },
  "POST /purge": { scope: "manage", path: "/purge", right: 200 },
  "POST /admin/keys": {
    scope: "admin",
    path: "/admin/keys",
    body: { account_id: "matrix", scopes: ["read"] },
    right: 201,
  },
  "GET /admin/keys": { scope: "admin", path: "/admin/keys?account_id=matrix", right: 200 },
  "POST /admin/keys/:key_id/rotate": {
    scope: "admin",
    path: "/admin/keys/key_none.0/rotate",
    body: {},
    right: 404,
  },
  "DELETE /admin/keys/:key_id": { scope: "admin", path: "/admin/keys/key_none.0", right: 404 },
  "GET /admin/accounts": { scope: "admin", path: "/admin/accounts", right: 200 },
  "GET /admin/accounts/:account_id": { scope: "admin", path: "/admin/accounts/none", right: 404 },
  "PATCH /admin/accounts/:account_id": {
    scope: "admin",
    path: "/admin/accounts/matrix",
    body: {},
    right: 200,
  },
  "DELETE /admin/accounts/:account_id": {
    scope: "admin",
    path: "/admin/accounts/matrix-erased",
    right: 200,
  },
  "GET /admin/accounts/:account_id/assistants": {
    scope: "admin",
    path: "/admin/accounts/matrix/assistants",
    right: 200,
  },
  "GET /admin/accounts/:account_id/assistants/:name": {
    scope: "admin",
    path: "/admin/accounts/matrix/assistants/none",
    right: 404,
  },
  "PUT /admin/accounts/:account_id/assistants/:name": {
    scope: "admin",
    path: "/admin/accounts/matrix/assistants/default",
    body: {},
    right: 200,
  },
  "DELETE /admin/accounts/:account_id/assistants/:name": {
    scope: "admin",
    path: "/admin/accounts/matrix/assistants/none",
    right: 404,
  },
  "POST /admin/purge": { scope: "admin", path: "/admin/purge", right: 202 },
  "GET /admin/flags": { scope: "admin", path: "/admin/flags", right: 200 },
  "PUT /admin/flags/:name": {
    scope: "admin",
    path: "/admin/flags/UNIFIED_CONVERSATION_ENABLED",
    body: { default: true },
    right: 200,
  },
  "DELETE /admin/flags/:name": {
    scope: "admin",
    path: "/admin/flags/UNIFIED_CONVERSATION_ENABLED",
    right: 200,
  },
  "GET /admin/log": { scope: "admin", path: "/admin/log", right: 200 },
};
/** Open to anybody. */
const OPEN = ["GET /health", "GET /openapi.json", "GET /docs"];
/** Signed by whoever calls: see test/http/routes/whatsapp.test.ts. */
const SIGNED = ["POST /whatsapp/webhook", "POST /whatsapp/status"];

const routes = createApp()
  .routes.filter(({ method }) => method !== "ALL")
  .map(({ method, path }) => `${method} ${path}`);

it("knows every route of the app", () => {
  expect([...new Set(routes)].toSorted()).toEqual(
    [...Object.keys(TABLE), ...OPEN, ...SIGNED].toSorted(),
  );
});

/** What a stranger could tell apart: everything but the request's own id. */
async function seen(client: Client, route: string, accountId?: string) {
  const { path, body } = TABLE[route] as Entry;
  const named =
    accountId === undefined
      ? path
      : `${path}${path.includes("?") ? "&" : "?"}accountId=${accountId}`;
  const [method = ""] = route.split(" ");
  const response = await client.fetch(method, named, body && { body });
  const { "x-request-id": _id, ...headers } = Object.fromEntries(response.headers);
  const { request_id: _, ...rest } = await response.json<Record<string, unknown>>();
  // What is under /v1 refuses as OpenAI does.
  return { status: response.status, headers, body: { ...rest, ...(rest["error"] as object) } };
}

describe.each(Object.entries(TABLE))("%s", (route, { scope, right }) => {
  const account = freshAccount();
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

  it("gives nothing to the caller who has no key, or none of ours", async () => {
    const good = (await keyHolder([scope], account)).key;
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
    const revoked = await keyHolder([scope], account);
    await root.call("DELETE", `/admin/keys/${revoked.id}`);
    expect(await seen(revoked.client, route)).toMatchObject({
      status: 401,
      body: { code: "key_revoked" },
    });
  });

  it("gives nothing to a key without the scope", async () => {
    const { client } = await keyHolder(
      SCOPES.filter((each) => each !== scope && each !== "admin"),
      account,
    );
    expect(await seen(client, route)).toMatchObject({ status: 403, body: { code: "forbidden" } });
  });

  it("gives the right key what it asks for", async () => {
    const { client } = await keyHolder([scope], account);
    expect((await seen(client, route)).status).toBe(right);
  });
});

/** One for each scope. */
const holders = new Map<Scope, ReturnType<typeof keyHolder>>();
function holderOf(scope: Scope): ReturnType<typeof keyHolder> {
  const holder = holders.get(scope) ?? keyHolder([scope]);
  holders.set(scope, holder);
  return holder;
}

describe.each(Object.entries(TABLE).filter(([, { scope }]) => scope !== "admin"))(
  "another's account in %s",
  (route, { scope }) => {
    it("is answered like one that does not exist", async () => {
      const foreign = new Client({}, freshAccount());
      await foreign.ask("Hi", { session_id: "none" });
      const { client } = await holderOf(scope);
      const existing = await seen(client, route, foreign.account);
      expect(existing).toEqual(await seen(client, route, freshAccount()));
      expect(existing).toMatchObject({ status: 404, body: { code: "account_not_found" } });
      expect((await foreign.get("/sessions/none/turns")).body.data).toHaveLength(1);
    });

    it("may be repeated by its own key", async () => {
      const { client } = await holderOf(scope);
      expect((await seen(client, route, client.account)).body.code).not.toBe("account_not_found");
    });
  },
);
