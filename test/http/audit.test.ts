import { createHash } from "node:crypto";

import { createMessageBatch } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { ROUTES } from "../../src/http/route-table.ts";
import worker from "../../src/index.ts";
import { Client, DAY } from "../support/client.ts";
import { adminLog, keyHolder, root } from "../support/keys.ts";

const SCOPES = ["query", "read", "manage"] as const;

/** Routes that change something and are not in an account's log, each with the reason. */
const UNAUDITED: Record<string, string> = Object.fromEntries(
  Object.entries({
    "they add to a conversation": [
      "POST /query",
      "POST /api/chat",
      "POST /admin/assistant/chat",
      "POST /v1/chat/completions",
      "POST /v1/conversations",
      "POST /v1/conversations/:conversation_id/items",
      "POST /v1/responses",
      "POST /v1/responses/compact",
      "POST /v1/responses/:response_id/cancel",
      "POST /chat",
      "POST /chat/:session_id/stop",
      "POST /calls",
      "POST /calls/batch",
      "POST /calls/:call_id/events",
      "POST /calls/:call_id/complete",
      "POST /calls/:call_id/policy-events",
      "POST /ingest/litellm",
      "POST /migrations/calls",
      "POST /whatsapp/webhook",
      "POST /whatsapp/status",
    ],
    "they change what is said about a conversation": [
      "PUT /sessions/:session_id/state",
      "PATCH /sessions/:session_id/state",
      "POST /v1/conversations/:conversation_id",
      "POST /v1/chat/completions/:completion_id",
    ],
    "they change what is said about a user": [
      "POST /users/:user_id/facts",
      "PATCH /users/:user_id/facts/:fact_id",
    ],
    "its tools say so themselves": ["POST /mcp"],
    "they change nothing": [
      "POST /backups/:backup_id/verify",
      "POST /migrations/calls/compare",
      "POST /v1/embeddings",
      "POST /v1/responses/input_tokens",
    ],
  }).flatMap(([reason, places]) => places.map((place) => [place, reason])),
);

const placeOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;

describe("every route", () => {
  it("that changes something says what it does to data, or why it is not in the log", () => {
    const silent = ROUTES.filter(
      // What admins do is in the admin log.
      (route) => route.method !== "GET" && route.scope !== "admin" && !route.audit,
    ).map(placeOf);
    expect(silent.toSorted()).toEqual(Object.keys(UNAUDITED).toSorted());
  });

  it("that hands out all of an account or of a user is in the log, too", () => {
    const exports = ROUTES.filter(({ path }) => path.endsWith("/export"));
    expect(exports.map(placeOf)).toEqual(["GET /users/:user_id/export", "GET /export"]);
    for (const { audit } of exports) expect(audit).toBeTypeOf("string");
  });
});

const logOf = async ({ account }: Client) =>
  (await root.get(`/admin/accounts/${account}/log`)).body.data as {
    actor: string;
    action: string;
    target: string;
    details: Record<string, unknown>;
  }[];

const about = (n: number) => ({ headers: { "x-request-id": `request-${n}` } });

describe("an account's log", () => {
  it("has what was done to its data, by whom, and with the id of the request", async () => {
    const { client, id } = await keyHolder([...SCOPES]);
    await client.ask("Hi", { session_id: "a" });
    await client.ask("Hi", { session_id: "b", user_id: "+491701" });
    await client.post("/sessions/a/archive", about(1));
    await client.post("/archives/a/restore", about(2));
    await client.call("PATCH", "/sessions/a", { ...about(3), body: { hold: "case 9" } });
    await client.call("PATCH", "/sessions/a", { ...about(4), body: { hold: null } });
    await client.call("PATCH", "/sessions/a", { ...about(5), body: { pinned: true } });
    const { backup_id } = (await client.post("/backups", about(6))).body;
    await client.post(`/backups/${backup_id}/restore`, { ...about(7), body: { dry_run: true } });
    await client.post(`/backups/${backup_id}/restore`, about(8));
    await (await client.fetch("GET", "/export", about(9))).text();
    await client.call("DELETE", "/users/%2B491701", about(10));
    await client.call("DELETE", "/sessions/a", about(11));
    const entries = await logOf(client);
    expect(
      entries.map(({ action, details }) => `${String(details["request_id"])} ${action}`),
    ).toEqual([
      "request-1 session.archive",
      "request-2 archive.restore",
      "request-3 session.hold",
      "request-4 session.release",
      "request-6 backup.create",
      "request-8 backup.restore",
      "request-9 account.export",
      "request-10 user.erase",
      "request-11 session.erase",
    ]);
    for (const entry of entries) expect(entry).toMatchObject({ actor: id, target: client.account });
    expect(entries.at(-1)?.details).toMatchObject({ session_id: "a" });
    const user_sha256 = createHash("sha256").update("+491701").digest("hex");
    expect(entries.at(-2)?.details).toMatchObject({ user_sha256 });
    expect(JSON.stringify(entries)).not.toContain('491701"');
  });

  it("says what was refused, and why", async () => {
    const { client } = await keyHolder([...SCOPES]);
    await client.call("DELETE", "/sessions/none");
    expect((await logOf(client)).map(({ action, details }) => [action, details["code"]])).toEqual([
      ["session.erase", undefined],
      ["session.erase.refused", "session_not_found"],
    ]);
  });

  it("has what retention did, with the id of the cron", async () => {
    const client = new Client();
    await client.ask("Hi", {}, { at: Date.now() - 40 * DAY });
    const body = { type: "sweep", account_id: client.account, now: Date.now() };
    const message = {
      id: "m",
      timestamp: new Date(),
      attempts: 1,
      body: { ...body, request_id: "cron_7" },
    };
    await worker.queue(createMessageBatch("colloquy-jobs", [message]), env);
    expect(await logOf(client)).toMatchObject([
      {
        actor: "system",
        action: "retention.archive",
        details: { sessions: 1, request_id: "cron_7" },
      },
    ]);
  });

  it("outlives the account, whose erasure is in the admin log with its request", async () => {
    const { client } = await keyHolder([...SCOPES]);
    await client.ask("Hi", { session_id: "s" });
    await client.call("DELETE", "/sessions/s");
    const erased = await root.call("DELETE", `/admin/accounts/${client.account}`);
    expect(await logOf(client)).toMatchObject([{ action: "session.erase" }]);
    const request_id = erased.headers.get("x-request-id");
    const entries = await adminLog();
    for (const action of ["account.erase", "account.erased"])
      expect(entries).toContainEqual(
        expect.objectContaining({
          action,
          target: client.account,
          details: expect.objectContaining({ request_id }),
        }),
      );
  });
});
