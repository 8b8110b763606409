import { gunzipSync } from "node:zlib";

import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";

import { ROUTES } from "../../src/http/route-table.ts";
import { copyAccount } from "../support/account-copy.ts";
import { Client, DAY } from "../support/client.ts";
import { oldCalls } from "../support/old-calls.ts";

/**
 * Every route that can change something is tried on an account that is full of evidence, once without a hold and once
 * under one. What the first run loses is what the route destroys. The second run may lose nothing.
 *
 * A new route fails here until it has a line, and a line that says of a route that it destroys nothing fails when it does.
 */

const NOW = Date.now();
/** Each word is in one place only: where it is found nowhere, that evidence is gone. */
const WORDS = [
  "asked",
  "deleted-item",
  "response",
  "completion",
  "state",
  "metadata",
  "facts",
  "conversation-metadata",
  "completion-metadata",
  "call-request",
  "call-response",
  "call-chunk",
  "user-call",
  "old-row",
  "session-call-request",
  "session-call-response",
  "session-call-chunk",
  "session-old-row",
  "session-own-row",
  "imported",
  "replaced",
  "archived",
  "backed-up",
  "user-fact",
  "source-fact",
  "stopped-chat",
  "stopped-query",
  "stopped-response",
  "stopped-pieces",
] as const;
type Word = (typeof WORDS)[number];
/** Calls of the session "s" that other programs made, and rows of the old schema of its calls and of its own turn. */
const CALLS_IN_SESSION = [
  "session-call-request",
  "session-call-response",
  "session-call-chunk",
  "session-old-row",
  "session-own-row",
] as const satisfies readonly Word[];
/** Sessions that end with a part of an answer, which is nowhere else. */
const STOPPED = ["chat", "query", "response", "pieces"] as const;
const canary = (word: Word) => `canary-${word}-kept`;

interface Ids {
  response: string;
  completion: string;
  conversation: string;
  item: string;
  backup: string;
  call: string;
  /** The call of a turn of the session "s" that Colloquy answered. */
  own: string;
  /** The session of the response that was stopped. */
  stopped: string;
  /** What a client told of Ann, and what came from the session "s". */
  fact: string;
  sourceFact: string;
}

type Stopped = (typeof STOPPED)[number];
/** The requests of those sessions. Each is sent again. */
const stoppedAttempts: Record<Stopped, (conversation: string) => Attempt & { name: string }> = {
  chat: () => ({
    name: "POST /chat",
    body: {
      id: "stopped-chat",
      messages: [{ id: "m", role: "user", parts: [{ type: "text", text: "Hi" }] }],
    },
  }),
  query: () => ({
    name: "POST /query",
    body: { session_id: "stopped-query", query: "Hi" },
    headers: { ...json, "idempotency-key": "stopped-query" },
  }),
  response: (conversation) => ({
    name: "POST /v1/responses",
    body: { model: "local", input: "Hi", conversation },
    headers: { ...json, "idempotency-key": "stopped-response" },
  }),
  pieces: () => ({
    name: "POST /query",
    body: { session_id: "stopped-pieces", query: "Hi" },
    headers: { ...json, "idempotency-key": "stopped-pieces" },
  }),
};

interface Attempt {
  path?: string;
  /** Of the calls of the old schema, set before it. */
  mode?: "dual";
  body?: object | string;
  headers?: Record<string, string>;
  at?: number;
  /** What it destroys where nothing is held. By default nothing. */
  destroys?: readonly Word[];
}

const json = { "content-type": "application/json" };
const lines = { "content-type": "application/x-ndjson" };
const sessionLine = (session_id: string, turns: number) =>
  JSON.stringify({ type: "session", format: 7, session_id, turns });
const turnLine = (input: string) => JSON.stringify({ type: "turn", input, output: "Yes." });
const chat = (content: string) => ({ model: "local", messages: [{ role: "user", content }] });
const answer = (content: string) => ({ choices: [{ message: { role: "assistant", content } }] });
const chunk = (content: string) => ({ id: "x", choices: [{ index: 0, delta: { content } }] });
const later = NOW + 400 * DAY;

/** How each route is tried. Null: it cannot reach what an account holds. */
const ATTEMPTS: Record<string, ((ids: Ids, account: string) => Attempt) | null> = {
  "POST /query": () => ({
    body: { session_id: "s", query: "Hi", state_patch: { note: null }, metadata: { note: "new" } },
    destroys: ["state", "metadata"],
  }),
  "POST /chat": () => ({
    body: { id: "s", messages: [{ id: "m", role: "user", parts: [{ type: "text", text: "Hi" }] }] },
  }),
  "POST /chat/:session_id/stop": () => ({ path: "/chat/s/stop" }),
  "POST /api/chat": () => ({ body: { session_id: "s", message: "Hi" } }),
  "POST /admin/assistant/chat": () => ({ body: { session_id: "s", message: "Hi" } }),
  "PATCH /sessions/:session_id": () => ({
    path: "/sessions/s",
    body: { metadata: { note: "new" }, facts: [] },
    destroys: ["metadata", "facts"],
  }),
  "PUT /sessions/:session_id/state": () => ({
    path: "/sessions/s/state",
    body: {},
    headers: { "if-match": "*" },
    destroys: ["state"],
  }),
  "PATCH /sessions/:session_id/state": () => ({
    path: "/sessions/s/state",
    body: { note: null },
    destroys: ["state"],
  }),
  "POST /sessions/:session_id/archive": () => ({ path: "/sessions/s/archive" }),
  "DELETE /sessions/:session_id": () => ({
    path: "/sessions/s",
    destroys: ["asked", "state", "metadata", "facts", "source-fact", ...CALLS_IN_SESSION],
  }),
  "DELETE /users/:user_id": () => ({
    path: "/users/ann",
    destroys: [
      ...(["asked", "state", "metadata", "facts", "source-fact"] as const),
      ...(["user-call", "user-fact"] as const),
      ...CALLS_IN_SESSION,
    ],
  }),
  "POST /users/:user_id/facts": () => ({ path: "/users/ann/facts", body: { text: "Likes tea" } }),
  "PATCH /users/:user_id/facts/:fact_id": ({ sourceFact }) => ({
    path: `/users/ann/facts/${sourceFact}`,
    body: { text: "Likes tea" },
    destroys: ["source-fact"],
  }),
  "DELETE /users/:user_id/facts/:fact_id": ({ fact }) => ({
    path: `/users/ann/facts/${fact}`,
    destroys: ["user-fact"],
  }),
  "POST /mcp": ({ fact }) => ({
    headers: { ...json, accept: "application/json, text/event-stream" },
    body: {
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: "forget_fact", arguments: { user_id: "ann", fact_id: fact } },
    },
    destroys: ["user-fact"],
  }),
  "POST /import": () => ({
    path: "/import?on_conflict=replace",
    body: [sessionLine("replaced", 1), turnLine("Another")].join("\n"),
    headers: lines,
    destroys: ["replaced"],
  }),
  "DELETE /imports/:import_id": () => ({ path: "/imports/i1", destroys: ["imported"] }),
  "POST /archives/restore": () => ({ body: { session_ids: ["archived"] } }),
  "POST /archives/:session_id/restore": () => ({ path: "/archives/archived/restore" }),
  "POST /backups": () => ({ body: {} }),
  "POST /backups/:backup_id/verify": ({ backup }) => ({ path: `/backups/${backup}/verify` }),
  "DELETE /backups/:backup_id": ({ backup }) => ({ path: `/backups/${backup}` }),
  "POST /purge": () => ({ at: later }),
  "PUT /retention": () => ({ body: { idle_days: 1, archive_days: 1, backup_days: 1 } }),
  "DELETE /retention": () => ({}),
  "POST /calls": () => ({ body: { call_id: "more", request: chat("Hi") } }),
  "POST /calls/batch": () => ({
    body: JSON.stringify({ call_id: "more", request: chat("Hi") }),
    headers: lines,
  }),
  "POST /ingest/litellm": () => ({ body: { id: "more", messages: [] } }),
  "POST /calls/:call_id/events": () => ({
    path: "/calls/open/events",
    body: { event_type: "request", payload: chat("Another") },
    destroys: ["call-request"],
  }),
  "POST /calls/:call_id/complete": () => ({ path: "/calls/open/complete" }),
  "POST /calls/:call_id/policy-events": () => ({
    path: "/calls/open/policy-events",
    body: { policy_class: "x", event_type: "y" },
  }),
  "DELETE /calls/:call_id": () => ({ path: "/calls/anns", destroys: ["user-call"] }),
  "POST /migrations/calls": () => ({
    body: [
      { event_type: "request", payload: chat("Another") },
      { event_type: "response", payload: answer("Another") },
    ]
      .map((event, id) => ({ table: "conversation_events", id: `later-${id}`, ...event }))
      .concat({ table: "conversation_calls", status: "completed" } as never)
      .map((row) => JSON.stringify({ ...row, call_id: "done", created_at: new Date(NOW) }))
      .join("\n"),
    headers: lines,
    destroys: ["call-response"],
  }),
  "POST /migrations/calls/compare": () => ({}),
  "POST /migrations/calls/backfill": () => ({}),
  "PUT /migrations/calls": () => ({ body: { mode: "new", force: true } }),
  "DELETE /migrations/calls": () => ({
    destroys: ["old-row", "session-old-row", "session-own-row"],
  }),
  "POST /v1/responses": () => ({ body: { model: "local", input: "Hi" } }),
  "DELETE /v1/responses/:response_id": ({ response }) => ({
    path: `/v1/responses/${response}`,
    destroys: ["response"],
  }),
  "POST /v1/responses/:response_id/cancel": ({ response }) => ({
    path: `/v1/responses/${response}/cancel`,
  }),
  "POST /v1/responses/compact": () => ({ body: { model: "local", input: "Hi" } }),
  "POST /v1/responses/input_tokens": () => ({ body: { model: "local", input: "Hi" } }),
  "POST /v1/embeddings": () => ({ body: { model: "local", input: "Hi" } }),
  "POST /v1/chat/completions": () => ({ body: { ...chat("Hi"), store: true } }),
  "POST /v1/chat/completions/:completion_id": ({ completion }) => ({
    path: `/v1/chat/completions/${completion}`,
    body: { metadata: { note: "new" } },
    destroys: ["completion-metadata"],
  }),
  "DELETE /v1/chat/completions/:completion_id": ({ completion }) => ({
    path: `/v1/chat/completions/${completion}`,
    destroys: ["completion", "completion-metadata"],
  }),
  "POST /v1/conversations": () => ({ body: {} }),
  "POST /v1/conversations/:conversation_id": ({ conversation }) => ({
    path: `/v1/conversations/${conversation}`,
    body: { metadata: { note: "new" } },
    destroys: ["conversation-metadata"],
  }),
  "DELETE /v1/conversations/:conversation_id": ({ conversation }) => ({
    path: `/v1/conversations/${conversation}`,
    destroys: ["deleted-item", "conversation-metadata"],
  }),
  "POST /v1/conversations/:conversation_id/items": ({ conversation }) => ({
    path: `/v1/conversations/${conversation}/items`,
    body: { items: [{ role: "user", content: "Hi" }] },
  }),
  "DELETE /v1/conversations/:conversation_id/items/:item_id": ({ conversation, item }) => ({
    path: `/v1/conversations/${conversation}/items/${item}`,
    destroys: ["deleted-item"],
  }),
  "DELETE /admin/accounts/:account_id": (_ids, account) => ({
    path: `/admin/accounts/${account}`,
    destroys: WORDS,
  }),
  "PATCH /admin/accounts/:account_id": (_ids, account) => ({
    path: `/admin/accounts/${account}`,
    body: { retention_days: 1 },
  }),
  "POST /admin/accounts/:account_id/compact": (_ids, account) => ({
    path: `/admin/accounts/${account}/compact`,
  }),
  "POST /admin/accounts/:account_id/reindex": (_ids, account) => ({
    path: `/admin/accounts/${account}/reindex`,
  }),
  "POST /admin/accounts/:account_id/rotate-key": (_ids, account) => ({
    path: `/admin/accounts/${account}/rotate-key`,
  }),
  "PUT /admin/accounts/:account_id/assistants/:name": (_ids, account) => ({
    path: `/admin/accounts/${account}/assistants/default`,
    body: { retention_days: 1 },
  }),
  "DELETE /admin/accounts/:account_id/assistants/:name": (_ids, account) => ({
    path: `/admin/accounts/${account}/assistants/default`,
  }),
  "POST /admin/purge": () => ({ at: later }),
  // Last: it puts the journal's block of then in the place of the one of now.
  "POST /backups/:backup_id/restore": ({ backup }) => ({
    path: `/backups/${backup}/restore`,
    body: { on_conflict: "replace" },
    destroys: ["call-request", "call-response", "call-chunk", "old-row"],
  }),
  "DELETE /admin/cache": null,
  "POST /admin/cache/warm": null,
  "POST /admin/circuit/:circuit/reset": null,
  // A job does what it may do.
  "POST /admin/dead-letters/:dead_letter_id/retry": null,
  "DELETE /admin/dead-letters/:dead_letter_id": null,
  "PUT /admin/flags/:name": null,
  "DELETE /admin/flags/:name": null,
  "POST /admin/keys": null,
  "PATCH /admin/keys/:key_id": null,
  "POST /admin/keys/:key_id/rotate": null,
  "DELETE /admin/keys/:key_id": null,
  // Twilio signs it, and a message only adds.
  "POST /whatsapp/webhook": null,
  "POST /whatsapp/status": null,
};

/** A call's request, in the old schema. */
const eventRow = (call_id: string) => ({
  table: "conversation_events",
  id: "7",
  call_id,
  event_type: "request",
  created_at: new Date(NOW),
});

const rowWith = (call_id: string, word: Word) =>
  JSON.stringify({ ...eventRow(call_id), payload: chat(canary(word)) });

/** Routes that destroy other evidence where something else is asked of them. */
const MORE: { name: string; of: string; attempt: (ids: Ids, account: string) => Attempt }[] = [
  {
    name: "POST /calls/:call_id/events",
    of: "a session's call",
    attempt: () => ({
      path: "/calls/session-open/events",
      body: { event_type: "request", payload: chat("Another") },
      destroys: ["session-call-request"],
    }),
  },
  {
    name: "DELETE /calls/:call_id",
    of: "a session's call",
    attempt: () => ({
      path: "/calls/session-done",
      destroys: ["session-call-response", "session-old-row"],
    }),
  },
  {
    name: "DELETE /calls/:call_id",
    of: "a session's own turn",
    attempt: ({ own }) => ({
      path: `/calls/${own}`,
      destroys: ["asked", "source-fact", "session-own-row"],
    }),
  },
  {
    name: "POST /migrations/calls",
    of: "a session's call",
    attempt: () => ({
      body: [
        { event_type: "request", payload: chat("Another") },
        { event_type: "response", payload: answer("Another") },
      ]
        .map((event, id) => ({ table: "conversation_events", id: `later-${id}`, ...event }))
        .concat({ table: "conversation_calls", status: "completed" } as never)
        .map((row) =>
          JSON.stringify({ ...row, call_id: "session-done", created_at: new Date(NOW) }),
        )
        .join("\n"),
      headers: lines,
      destroys: ["session-call-response"],
    }),
  },
  {
    name: "POST /migrations/calls",
    of: "a row that is kept",
    attempt: () => ({
      mode: "dual",
      body: JSON.stringify({ ...eventRow("session-done"), payload: chat("Another") }),
      headers: lines,
      destroys: ["session-old-row"],
    }),
  },
  ...STOPPED.map((what) => ({
    name: stoppedAttempts[what]("").name,
    of: `a stopped answer (${what})`,
    attempt: ({ stopped }: Ids): Attempt => ({
      ...stoppedAttempts[what](stopped),
      destroys: [`stopped-${what}`],
    }),
  })),
];

const done = async (sent: Promise<{ status: number; body: any }>) => {
  const { status, body } = await sent;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
};

interface Evidence {
  client: Client;
  ids: Ids;
}

/** An account with every word in one place. */
async function evidence(): Promise<Evidence> {
  const client = new Client();
  const write = (body: object) => done(client.post("/calls", { body, at: NOW }));
  await done(client.call("PUT", "/migrations/calls", { body: { mode: "dual" } }));
  const old = oldCalls(1, 21)[0]!.rows.map((row) => ({ ...row, call_id: "old" }));
  await done(
    client.post("/migrations/calls", {
      body: old.map((row) => JSON.stringify(row)).join("\n"),
      headers: lines,
    }),
  );
  await done(client.call("PUT", "/migrations/calls", { body: { mode: "new", force: true } }));
  await runInDurableObject(client.object, (_, { storage }) => {
    storage.sql.exec("delete from old_rows");
    storage.sql.exec(
      "insert into old_rows values ('x', 'old', 0, ?)",
      JSON.stringify(canary("old-row")),
    );
  });
  await done(client.ask(canary("archived"), { session_id: "archived" }, { at: NOW }));
  await done(client.post("/sessions/archived/archive", { at: NOW }));
  await done(client.ask(canary("backed-up"), { session_id: "backed-up" }, { at: NOW }));
  const { backup_id } = await done(client.post("/backups", { body: {}, at: NOW }));
  await done(
    client.ask(
      canary("asked"),
      { session_id: "s", user_id: "ann", metadata: { note: canary("metadata") } },
      { at: NOW },
    ),
  );
  await done(client.call("PATCH", "/sessions/s", { body: { facts: [canary("facts")] } }));
  await done(client.call("PATCH", "/sessions/s/state", { body: { note: canary("state") } }));
  const { fact_id: fact } = await done(
    client.post("/users/ann/facts", { body: { text: canary("user-fact") } }),
  );
  await runInDurableObject(client.object, (_, { storage }) => {
    const insert = `insert into user_facts select 'fact_1', key, 1, 'ann', null, ?, 1, 1 from sessions where session_id = 's'`;
    storage.sql.exec(insert, canary("source-fact"));
  });
  await write({ call_id: "open", request: chat(canary("call-request")), status: "in_progress" });
  await done(
    client.post("/calls/open/events", {
      body: { event_type: "chunk", payload: chunk(canary("call-chunk")) },
    }),
  );
  await write({ call_id: "done", request: {}, response: answer(canary("call-response")) });
  const ofSession = { session_id: "s", user_id: "ann" };
  await write({
    ...ofSession,
    call_id: "session-open",
    request: chat(canary("session-call-request")),
    status: "in_progress",
  });
  await done(
    client.post("/calls/session-open/events", {
      body: { event_type: "chunk", payload: chunk(canary("session-call-chunk")) },
    }),
  );
  await write({
    ...ofSession,
    call_id: "session-done",
    request: {},
    response: answer(canary("session-call-response")),
  });
  const own = await runInDurableObject(client.object, (_, { storage }) => {
    const insert = "insert into old_rows values (?, ?, 1, ?)";
    storage.sql.exec(
      insert,
      "1:session-done:7",
      "session-done",
      rowWith("session-done", "session-old-row"),
    );
    // Of a turn that Colloquy answered in that session.
    const { id } = storage.sql
      .exec<{ id: number }>(
        "select t.id from turns t join sessions s on s.key = t.id / 1048576 where s.session_id = 's' order by t.id",
      )
      .toArray()[0]!;
    const callId = `call_${id.toString(36)}`;
    storage.sql.exec("insert into calls values (?, cast(? as integer))", callId, id);
    storage.sql.exec(insert, `1:${callId}:7`, callId, rowWith(callId, "session-own-row"));
    return callId;
  });
  await write({ call_id: "anns", user_id: "ann", request: chat(canary("user-call")) });
  const bring = (id: string, word: Word, import_id: string) =>
    done(
      client.post(`/import?import_id=${import_id}`, {
        body: [sessionLine(id, 1), turnLine(canary(word))].join("\n"),
        headers: lines,
      }),
    );
  await bring("imported", "imported", "i1");
  await bring("replaced", "replaced", "i2");
  const response = await done(
    client.post("/v1/responses", { body: { model: "local", input: canary("response") } }),
  );
  const completion = await done(
    client.post("/v1/chat/completions", {
      body: {
        ...chat(canary("completion")),
        store: true,
        metadata: { note: canary("completion-metadata") },
      },
    }),
  );
  const conversation = await done(
    client.post("/v1/conversations", {
      body: {
        items: [{ role: "user", content: canary("deleted-item") }],
        metadata: { note: canary("conversation-metadata") },
      },
    }),
  );
  const items = await done(client.get(`/v1/conversations/${conversation.id}/items`));
  const { id: stopped } = await done(client.post("/v1/conversations", { body: {} }));
  for (const what of STOPPED) {
    const { name, ...attempt } = stoppedAttempts[what](stopped);
    await run(client, name, { ...attempt, at: NOW });
  }
  await runInDurableObject(client.object, (_, { storage }) => {
    for (const what of STOPPED) {
      const session = what === "response" ? stopped : `stopped-${what}`;
      const of = "id / 1048576 = (select key from sessions where session_id = ?)";
      const word = canary(`stopped-${what}`);
      if (what !== "pieces") {
        storage.sql.exec(`update turns set status = 4, output = ? where ${of}`, word, session);
        continue;
      }
      // Its worker was lost in the middle.
      storage.sql.exec(
        `update turns set status = 0, output = null, extra = json_set(coalesce(extra, '{}'), '$.response', json('{}')) where ${of}`,
        session,
      );
      const pieces = JSON.stringify([{ type: "text", delta: word }]);
      const insert = `insert into streamed_pieces select id, 0, ? from turns where ${of}`;
      storage.sql.exec(insert, pieces, session);
    }
  });
  return {
    client,
    ids: {
      own,
      stopped,
      response: response.id,
      completion: completion.id,
      conversation: conversation.id,
      item: items.data[0].id,
      backup: backup_id,
      call: "open",
      fact,
      sourceFact: "fact_1",
    },
  };
}

/** What is in objects of R2, by their etags: what was read once is not read again. */
const texts = new Map<string, string>();
async function textOf({ key, etag }: R2Object): Promise<string> {
  const known = texts.get(etag);
  if (known !== undefined) return known;
  const bytes = new Uint8Array(await (await env.ARCHIVE.get(key))!.arrayBuffer());
  const text = gunzipSync(bytes).toString();
  texts.set(etag, text);
  return text;
}

/** The words that are nowhere: neither in a row of SQLite, nor in an object of R2. */
async function lost(client: Client): Promise<Word[]> {
  const rows = await runInDurableObject(client.object, (_, { storage }) => {
    const tables = storage.sql
      .exec<{ name: string }>(
        "select name from sqlite_master where type = 'table' and name not like 'turn_search%' and name not like 'sqlite%' and name not like '\\_cf%' escape '\\'",
      )
      .toArray();
    return tables
      .map(({ name }) => JSON.stringify(storage.sql.exec(`select * from ${name}`).toArray()))
      .join("");
  });
  const lists = await Promise.all(
    ["conversations", "backups"].map((name) =>
      env.ARCHIVE.list({ prefix: `${name}/${client.account}/` }),
    ),
  );
  const objects = await Promise.all(
    lists
      .flatMap((list) => list.objects)
      .filter(({ key }) => key.endsWith(".gz"))
      .map(textOf),
  );
  const text = rows + objects.join("");
  return WORDS.filter((word) => !text.includes(canary(word)));
}

async function run(client: Client, name: string, attempt: Attempt): Promise<number> {
  const [method = "", path = ""] = name.split(" ");
  const { body, headers = json, at = NOW + 1_000, mode } = attempt;
  if (mode) await client.call("PUT", "/migrations/calls", { body: { mode } });
  const response = await client.fetch(method, attempt.path ?? path, {
    ...(body !== undefined && { body }),
    headers,
    at,
  });
  console.log(name, response.status, (await response.text()).slice(0, 500));
  await evictDurableObject(client.object);
  return response.status;
}

const CHANGING = ROUTES.filter(({ method }) => method !== "GET").map(
  ({ method, path }) => `${method} ${path}`,
);
const TRIED = Object.entries(ATTEMPTS)
  .flatMap(([name, attempt]) => (attempt === null ? [] : [{ name, title: name, attempt }]))
  .concat(MORE.map(({ name, of, attempt }) => ({ name, title: `${name} of ${of}`, attempt })));

it("has a line for every route that can change something", () => {
  expect(Object.keys(ATTEMPTS).toSorted()).toEqual(CHANGING.toSorted());
});

/** What reaches further than the account's own rows and objects. */
const LASTING = new Set([
  "DELETE /admin/accounts/:account_id",
  "POST /purge",
  "POST /admin/purge",
  "PUT /retention",
  "PUT /migrations/calls",
]);

/**
 * To fill an account takes some sixty requests: one is used again. Routes that destroy nothing are tried on it one after
 * the other. Before and after one that destroys something the account is given back what it held.
 */
let used: (Evidence & { restore: () => Promise<void>; isHarmed: boolean }) | null = null;

async function wholeEvidence(isHarmless: boolean): Promise<NonNullable<typeof used>> {
  if (used === null) {
    const made = await evidence();
    return { ...made, restore: await copyAccount(made.client), isHarmed: false };
  }
  if (used.isHarmed || !isHarmless) await used.restore();
  return { ...used, isHarmed: false };
}

it.each(TRIED)("without a hold, $title destroys what it says", async ({ name, attempt }) => {
  const isHarmless = attempt({} as Ids, "").destroys === undefined;
  const current = await wholeEvidence(isHarmless);
  const { client, ids } = current;
  used = null;
  expect(await lost(client)).toEqual([]);
  const tried = attempt(ids, client.account);
  const status = await run(client, name, tried);
  // One that is refused for another reason would prove nothing under a hold.
  const { destroys = [] } = tried;
  expect(destroys.length === 0 || status < 300).toBe(true);
  const gone = await lost(client);
  expect(gone.toSorted()).toEqual([...destroys].toSorted());
  if (!LASTING.has(name)) used = { ...current, isHarmed: !isHarmless };
});

/** Words in sessions that a caller can put under a hold. */
const IN_SESSIONS: readonly Word[] = [
  "asked",
  "state",
  "metadata",
  "facts",
  "source-fact",
  ...CALLS_IN_SESSION,
  "imported",
  "replaced",
  "archived",
  "backed-up",
  "completion",
  "completion-metadata",
  "deleted-item",
  "conversation-metadata",
  ...STOPPED.map((what) => `stopped-${what}` as const),
];

describe.each([
  { held: "account", words: WORDS },
  { held: "sessions", words: IN_SESSIONS },
])("under a hold of the $held", ({ held, words }) => {
  let client: Client;
  let ids: Ids;
  beforeAll(async () => {
    ({ client, ids } = await evidence());
    const hold = (path: string) => client.call("PATCH", path, { body: { hold: "case 1" } });
    if (held === "account") await done(hold(`/admin/accounts/${client.account}`));
    else
      for (const id of [
        "s",
        "archived",
        "backed-up",
        "imported",
        "replaced",
        ids.completion,
        ids.conversation,
        ids.stopped,
        "stopped-chat",
        "stopped-query",
        "stopped-pieces",
      ])
        await done(hold(`/sessions/${id}`));
  });

  it.each(TRIED)("$title destroys nothing", async ({ name, attempt }) => {
    await run(client, name, attempt(ids, client.account));
    const gone = await lost(client);
    expect(words.filter((word) => gone.includes(word))).toEqual([]);
  });
});
