import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";

import { text } from "../../src/http/openapi/schema.ts";
import { route } from "../../src/http/route.ts";
import { Client, freshAccount } from "../support/client.ts";
import { keyHolder } from "../support/keys.ts";

const handle = () => ({});

describe("a described route", () => {
  it("checks the scope before it reads the request", async () => {
    const { client } = await keyHolder(["read"], freshAccount());
    const put = await client.call("PUT", "/sessions/none/state?no=such", { body: "{" });
    expect(put).toMatchObject({ status: 403, body: { code: "forbidden" } });
  });

  it("keeps fields of a caller's own document that are named like the account's", async () => {
    const client = new Client();
    const { body: reply } = await client.ask("Hi");
    const path = `/sessions/${reply.session_id}/state`;
    const state = { accountId: "theirs", account_id: "another" };
    const put = await client.call("PUT", path, { body: state, headers: { "if-match": "*" } });
    expect(put.body).toEqual(state);
    expect((await client.get(path)).body).toEqual(state);
  });

  it("refuses a path parameter that is no id, and names it", async () => {
    expect(await new Client().get("/backups/%20")).toMatchObject({
      status: 422,
      body: { code: "invalid_request", param: "backup_id" },
    });
  });

  it("does not compile where a POST does not say how a repeat goes", () => {
    const described = { id: "d", summary: "D", scope: "read", reply: () => text, handle } as const;
    // @ts-expect-error -- no repeat
    const silent = route("POST /d", described);
    // @ts-expect-error -- only a POST says it
    const read = route("GET /d", { ...described, repeat: "safe" });
    expect([silent, read].map(({ method }) => method)).toEqual(["POST", "GET"]);
  });

  it("does not compile without a scope, a reply, or a parameter that its path has", () => {
    // @ts-expect-error -- no scope
    const open = route("GET /a", { id: "a", summary: "A", reply: () => text, handle });
    // @ts-expect-error -- no reply
    const silent = route("GET /b", { id: "b", summary: "B", scope: "read", handle });
    const lost = route("GET /c/:known", {
      id: "c",
      summary: "C",
      scope: "read",
      reply: () => text,
      // @ts-expect-error -- the path has another name
      handle: ({ path }) => ({ id: path.unknown }),
    });
    expect([open, silent, lost].map(({ path }) => path)).toEqual(["/a", "/b", "/c/:known"]);
  });
});

it("answers an error of SQLite without its text", async () => {
  const client = new Client();
  await client.ask("Hi", { session_id: "s" });
  await runInDurableObject(client.object, (_, { storage }) => {
    storage.sql.exec("alter table turns rename to lost_turns");
  });
  const response = await client.fetch("GET", "/sessions/s/turns");
  const body = await response.text();
  expect(response.status).toBe(503);
  expect(JSON.parse(body)).toMatchObject({ code: "storage_unavailable" });
  expect(body).not.toMatch(/sqlite|turns|select|\bat\b .*\.ts/i);
});
