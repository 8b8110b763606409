import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { ID_PATTERN, toPathSegment } from "../../../src/shared/ids.ts";
import { Client, freshAccount } from "../../support/client.ts";

const IDS = [
  "-1001234567890",
  "19:cbe3683f25094106b826c9cada3afbe0@thread.tacv2;messageid=1481567603816",
  "U02ABC|T0",
  "+15551234567",
  "@ann:matrix.org",
  "!room:matrix.org",
  "auth0|7",
];
const NOW = Date.UTC(2026, 5, 1, 12);
const DOUBLED = /%25/;
const objectsUnder = async (prefix: string) =>
  (await env.ARCHIVE.list({ prefix })).objects.map(({ key }) => key);

describe.each(IDS)("the id %s", (given) => {
  const path = encodeURIComponent(given);

  it("names a session and its user, through every route with it in the path", async () => {
    const client = new Client();
    const asked = await client.ask("Tea?", { session_id: given, user_id: given }, { at: NOW });
    expect(asked).toMatchObject({ status: 200, body: { session_id: given } });
    const put = await client.call("PUT", `/sessions/${path}/state`, {
      body: { n: 1 },
      headers: { "if-match": "*" },
    });
    expect(put.status).toBe(200);
    for (const route of ["", "/messages", "/turns", "/window", "/state"])
      expect((await client.get(`/sessions/${path}${route}`)).status).toBe(200);
    const listed = await client.get(`/sessions?user_id=${path}`);
    expect(listed.body.data[0]).toMatchObject({ session_id: given, user_id: given });
    await client.post(`/sessions/${path}/archive`);
    expect((await client.get(`/archives/${path}`)).body.session_id).toBe(given);
    expect((await client.post(`/archives/${path}/restore`)).status).toBe(200);
    const exported = await (await client.fetch("GET", `/users/${path}/export`)).text();
    const copy = new Client();
    expect((await copy.post("/import", { body: exported })).body).toMatchObject({ created: 1 });
    expect((await copy.get(`/sessions/${path}`)).body.user_id).toBe(given);
    const gone = await client.call("DELETE", `/users/${path}`);
    expect(gone.body).toMatchObject({ verified: true });
    expect((await client.get(`/sessions/${path}`)).status).toBe(404);
  });

  it("names an account, whose objects are erased with it and no other's", async () => {
    const named = `${given.slice(0, 60)}${freshAccount()}`;
    const [own, longer] = [new Client({}, named), new Client({}, `${named}|b`)];
    for (const client of [own, longer]) {
      await client.ask("Tea?", { session_id: "s" }, { at: NOW });
      await client.post("/sessions/s/archive");
    }
    const prefixes = [named, `${named}|b`].map((each) => `conversations/${toPathSegment(each)}/`);
    const [ours = [], theirs = []] = await Promise.all(prefixes.map(objectsUnder));
    expect([ours.length > 0, theirs.length > 0]).toEqual([true, true]);
    expect(ours.every((key) => /^[\w.:+@=/%-]+$/.test(key) && !DOUBLED.test(key))).toBe(true);
    const erased = await own.call("DELETE", `/admin/accounts/${encodeURIComponent(named)}`);
    expect(erased.body).toMatchObject({ verified: true });
    expect(await Promise.all(prefixes.map(objectsUnder))).toEqual([[], theirs]);
    expect((await longer.get("/sessions/s/messages")).body.data).toHaveLength(2);
  });
});

describe("an id", () => {
  it.each([
    ["a/b", 422],
    ["a%7Cb", 422],
    ["..", 422],
    [".a", 422],
    ["_a", 422],
    ["a b", 422],
    ["a\0", 422],
    ["é", 422],
    ["|a", 422],
    ["a".repeat(129), 422],
    ["__proto__", 422],
  ])("is not %j", async (given, status) => {
    const client = new Client();
    expect((await client.ask("Hi", { session_id: given })).status).toBe(status);
    expect(ID_PATTERN.test(given)).toBe(false);
    if (given === "..") return;
    expect((await client.get(`/sessions/${encodeURIComponent(given)}`)).status).toBe(status);
  });

  it("has an object path of its own", () => {
    expect(toPathSegment("a:b+c@d=e-f_g.h")).toBe("a:b+c@d=e-f_g.h");
    expect(toPathSegment("19:x@y;z=1|!")).toBe("19:x@y%3Bz=1%7C%21");
  });
});

describe("null on /query", () => {
  it("stands for a field that is not there", async () => {
    const client = new Client();
    const nothing = {
      session_id: null,
      user_id: null,
      accountId: null,
      account_id: null,
      metadata: null,
      stream: null,
      role: null,
      model: null,
      state_patch: null,
      assistant: null,
    };
    const headers = { "idempotency-key": "k" };
    const first = await client.ask("Hi", nothing, { headers });
    expect(first).toMatchObject({ status: 200, body: { success: true, new_session: true } });
    expect((await client.ask("Hi", {}, { headers })).body).toEqual(first.body);
    const { assistant: _, ...rest } = nothing;
    expect((await client.post("/api/chat", { body: { ...rest, message: "Hi" } })).status).toBe(200);
    expect((await client.ask(null as never, nothing)).body.param).toBe("query");
  });
});
