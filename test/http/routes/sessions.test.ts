import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { Client, DAY } from "../../support/client.ts";

const ids = (body: { data: { session_id: string }[] }) =>
  body.data.map(({ session_id }) => session_id);

describe("GET /sessions", () => {
  it("pages newest first, with has_more right on exact pages, and back", async () => {
    const client = new Client();
    for (let n = 1; n <= 6; n += 1) await client.ask("Hi", { session_id: `s${n}` });
    const first = await client.get("/sessions?limit=3");
    expect(first.body).toMatchObject({
      object: "list",
      first_id: "s6",
      last_id: "s4",
      has_more: true,
    });
    const second = await client.get("/sessions?limit=3&after=s4");
    expect(ids(second.body)).toEqual(["s3", "s2", "s1"]);
    expect(second.body.has_more).toBe(false);
    const back = await client.get("/sessions?limit=2&before=s3");
    expect(ids(back.body)).toEqual(["s5", "s4"]);
    expect(back.body.has_more).toBe(true);
    expect(ids((await client.get("/sessions?order=asc&limit=2&after=s2")).body)).toEqual([
      "s3",
      "s4",
    ]);
  });

  it("goes on after a session that was erased: a loop that deletes what it lists ends", async () => {
    for (const [path, begin, prefix] of [
      ["/sessions", (client: Client, n: number) => client.ask("Hi", { session_id: `s${n}` }), ""],
      ["/v1/conversations", (client: Client) => client.post("/v1/conversations", { body: {} }), ""],
      [
        "/v1/chat/completions",
        (client: Client, n: number) =>
          client.post("/v1/chat/completions", {
            body: { messages: [{ role: "user", content: `${n}` }], store: true },
          }),
        "",
      ],
    ] as const) {
      const client = new Client();
      for (let n = 1; n <= 5; n += 1) await begin(client, n);
      const seen: string[] = [];
      for (let after = prefix as string; ;) {
        const page = await client.get(`${path}?limit=2${after && `&after=${after}`}`);
        expect({ path, status: page.status }).toEqual({ path, status: 200 });
        for (const { id, session_id = id } of page.body.data) {
          seen.push(session_id);
          await client.call("DELETE", `${path}/${session_id}`);
        }
        if (!page.body.has_more) break;
        after = page.body.last_id;
      }
      expect(new Set(seen).size).toBe(5);
      expect((await client.get(path)).body.data).toEqual([]);
    }
    expect((await new Client().get("/sessions?after=none")).status).toBe(422);
  });

  it("filters by user, status, assistant and metadata", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "old", user_id: "u1" }, { at: Date.now() - 40 * DAY });
    await client.ask("Hi", { session_id: "a", user_id: "u1", metadata: { topic: 'bill"ing' } });
    await client.ask("Hi", { session_id: "b", user_id: "u2", metadata: { topic: "other" } });
    await client.post("/purge");
    const listed = async (filter: string) => ids((await client.get(`/sessions?${filter}`)).body);
    expect(await listed("user_id=u1")).toEqual(["a", "old"]);
    expect(await listed("user_id=u1&status=live")).toEqual(["a"]);
    expect(await listed("status=archived")).toEqual(["old"]);
    expect(await listed("metadata[topic]=bill%22ing")).toEqual(["a"]);
    expect(await listed("assistant=default&status=live")).toEqual(["b", "a"]);
    expect(await listed("metadata[__proto__]=x")).toEqual([]);
    expect(await listed("assistant=travel")).toEqual([]);
  });
});

describe("a session's messages and turns", () => {
  it("page over messages one by one, in either order, across turns", async () => {
    const client = new Client();
    for (let n = 1; n <= 3; n += 1) await client.ask(`${n} + 0`, { session_id: "s" });
    const all = (await client.get("/sessions/s/messages")).body.data;
    expect(all).toHaveLength(6);
    for (const [order, expected] of [
      ["asc", all],
      ["desc", all.toReversed()],
    ] as const) {
      const walked: { id: string }[] = [];
      let page;
      do {
        const after: string = walked.length > 0 ? `&after=${walked.at(-1)?.id}` : "";
        page = (await client.get(`/sessions/s/messages?limit=1&order=${order}${after}`)).body;
        walked.push(...page.data);
      } while (page.has_more);
      expect(walked).toEqual(expected);
    }
    const before = await client.get(`/sessions/s/messages?limit=2&before=${all[4].id}`);
    expect(before.body.data).toEqual(all.slice(2, 4));
  });

  it("end a page early when its text is large, and say that there is more", async () => {
    const client = new Client();
    const wide = `€${"a".repeat(250_000)}`;
    const lines = [
      { type: "session", format: 8, session_id: "s", turns: 40 },
      ...Array.from({ length: 40 }, (_, n) => ({
        type: "turn",
        input: `${n} ${wide}`,
        output: "Yes.",
      })),
    ];
    const body = lines.map((line) => JSON.stringify(line)).join("\n");
    expect((await client.post("/import", { body })).body.turns_written).toBe(40);
    const seen: string[] = [];
    let page;
    do {
      const after: string = seen.length > 0 ? `&after=${seen.at(-1)}` : "";
      const response = await client.get(`/sessions/s/turns?limit=100${after}`);
      expect(response.status).toBe(200);
      page = response.body;
      seen.push(...page.data.map(({ call_id }: { call_id: string }) => call_id));
    } while (page.has_more);
    expect(new Set(seen).size).toBe(40);
    expect(seen).toHaveLength(40);
  });

  it("read alike whether the session is live or archived", async () => {
    const client = new Client();
    for (let n = 1; n <= 3; n += 1) await client.ask(`${n} + 0`, { session_id: "s" });
    const paths = [
      "/sessions/s/turns",
      "/sessions/s/turns?order=desc&limit=2",
      "/sessions/s/messages?limit=3",
    ];
    const live = await Promise.all(paths.map((path) => client.get(path)));
    expect((await client.post("/purge?older_than_days=0.00000001")).body.archived).toBe(1);
    const archived = await Promise.all(paths.map((path) => client.get(path)));
    expect(archived.map(({ body }) => body)).toEqual(live.map(({ body }) => body));
    expect((await client.get("/sessions/s")).body).toMatchObject({ status: "archived", turns: 3 });
  });
});

/** Ten pairs of metadata. */
const pairs = (from: number) =>
  Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`k${from + n}`, "v"]));

describe("PATCH /sessions/{id}", () => {
  it("merges metadata, where null removes a name", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "s", metadata: { a: "1", b: "2" } });
    const { body } = await client.call("PATCH", "/sessions/s", {
      body: { metadata: { b: null, c: "3" } },
    });
    expect(body.metadata).toEqual({ a: "1", c: "3" });
  });

  it("takes 16 pairs in all, whatever comes in one request", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "s", metadata: pairs(0) });
    const patched = await client.call("PATCH", "/sessions/s", { body: { metadata: pairs(10) } });
    expect(patched).toMatchObject({ status: 422, body: { param: "metadata" } });
    expect(await client.ask("Hi", { session_id: "s", metadata: pairs(10) })).toMatchObject({
      status: 422,
    });
    expect((await client.get("/sessions/s")).body).toMatchObject({ turns: 1, metadata: pairs(0) });
  });

  it("pins and holds, and neither is purged until it is lifted", async () => {
    const client = new Client();
    const at = Date.now() - 31 * DAY;
    for (const session_id of ["pinned", "held", "plain"])
      await client.ask("Hi", { session_id }, { at });
    await client.call("PATCH", "/sessions/pinned", { body: { pinned: true } });
    await client.call("PATCH", "/sessions/held", { body: { hold: "case 7" } });
    expect((await client.get("/storage-stats")).body.due_for_purge).toBe(1);
    expect((await client.post("/purge")).body).toMatchObject({ deleted: 1, remaining: 0 });
    expect((await client.get("/sessions/held")).body).toMatchObject({
      status: "live",
      hold: "case 7",
    });
    await client.call("PATCH", "/sessions/pinned", { body: { pinned: false } });
    await client.call("PATCH", "/sessions/held", { body: { hold: null } });
    expect((await client.post("/purge")).body).toMatchObject({ deleted: 2 });
  });
});

describe("DELETE /sessions/{id}", () => {
  it("goes on deleting from R2 by itself when R2 was away", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "s" }, { at: Date.now() - 31 * DAY });
    await client.post("/purge");
    await runInDurableObject(client.object, (instance: object) => {
      const object = instance as { env: Env };
      const { delete: _, ...rest } = {
        delete: null,
        get: env.ARCHIVE.get.bind(env.ARCHIVE),
        put: env.ARCHIVE.put.bind(env.ARCHIVE),
      };
      object.env = { ...object.env, ARCHIVE: rest as unknown as R2Bucket };
    });
    expect((await client.call("DELETE", "/sessions/s")).status).toBe(200);
    await evictDurableObject(client.object);
    await runDurableObjectAlarm(client.object);
    expect(
      (await env.ARCHIVE.list({ prefix: `conversations/${client.account}/` })).objects,
    ).toEqual([]);
  });

  it("erases for good: no row, no archive, no way back", async () => {
    const client = new Client();
    await client.ask("My secret is XYZZY-canary", { session_id: "s" });
    expect((await client.call("DELETE", "/sessions/s")).body).toMatchObject({
      deleted: true,
      turns: 1,
    });
    expect((await client.get("/sessions/s")).status).toBe(404);
    expect((await client.ask("Hi", { session_id: "s" })).body).toMatchObject({
      code: "session_erased",
    });
    expect((await client.get("/search?q=canary")).body.data).toEqual([]);
  });

  it("is refused under legal hold, live or archived", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "live" });
    await client.ask("Hi", { session_id: "old" }, { at: Date.now() - 31 * DAY });
    await client.post("/purge");
    for (const session_id of ["live", "old"]) {
      await client.call("PATCH", `/sessions/${session_id}`, { body: { hold: "case 7" } });
      expect(await client.call("DELETE", `/sessions/${session_id}`)).toMatchObject({
        status: 409,
        body: { code: "session_held" },
      });
      expect((await client.get(`/sessions/${session_id}/messages`)).body.data).toHaveLength(2);
    }
  });
});
