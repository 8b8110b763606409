import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { PART_LENGTH } from "../../../src/account/store/turns/search-parts.ts";
import { VOLUME_BOUNDS } from "../../../src/account/store/turns/search-volumes.ts";
import { Client, objectOf } from "../../support/client.ts";
import { expectWordsOfTurns, useVolumesOf } from "../../support/search-index.ts";

const SESSIONS = ["damaged", "lost", "live"];

async function damageArchives({ account }: Client): Promise<void> {
  const { objects } = await env.ARCHIVE.list({ prefix: `conversations/${account}/` });
  for (const { key } of objects) await env.ARCHIVE.put(key, "damaged");
}

const linesOf = (id: string): string[] =>
  [
    { type: "session", format: 14, session_id: id, turns: 1 },
    { type: "turn", created_at: "2026-01-01T00:00:00Z", input: "Hi", output: "Hello" },
  ].map((line) => `${JSON.stringify(line)}\n`);

/** An account with a backup of three sessions: then the archive of one is damaged, and the import of another undone. */
async function withDamage() {
  const client = new Client();
  await client.ask("Hi", { session_id: "damaged" });
  await client.ask("Hi", { session_id: "live" });
  await client.post("/import?import_id=i", { body: linesOf("lost").join("") });
  const { body: backup } = await client.post("/backups");
  await client.call("DELETE", "/imports/i");
  await client.post("/sessions/damaged/archive");
  await damageArchives(client);
  expect((await client.get("/sessions/damaged/messages")).body.code).toBe("archive_corrupt");
  return { client, backup: String(backup.backup_id) };
}

describe("a session with a damaged archive", () => {
  it.each([
    ["newer", 1, { damaged: 0, exists: 0 }],
    ["replace", 1, { damaged: 0, exists: 0 }],
    ["skip", 0, { damaged: 0, exists: 1 }],
  ])(
    "keeps no other from a restore with on_conflict=%s",
    async (on_conflict, repaired, skipped) => {
      const { client, backup } = await withDamage();
      const restore = (more: object) =>
        client.post(`/backups/${backup}/restore`, { body: { on_conflict, ...more } });
      const whole = { complete: true, restored: 1, repaired, unchanged: 1, skipped };
      expect((await restore({ dry_run: true })).body).toMatchObject(whole);
      expect((await restore({})).body).toMatchObject(whole);
      const { body } = await client.get("/sessions?order=asc");
      const ids = body.data.map(({ session_id }: { session_id: string }) => session_id);
      expect(ids.toSorted()).toEqual(SESSIONS.toSorted());
      const { status } = await client.get("/sessions/damaged/messages");
      expect(status).toBe(repaired === 1 ? 200 : 502);
    },
  );

  it.each([
    ["one volume", VOLUME_BOUNDS.words],
    ["many volumes", 2_000],
  ])("is found once when it is restored, in an index of %s", async (_, words) => {
    useVolumesOf(words);
    const client = new Client();
    await client.ask("pear", { session_id: "stays" });
    for (const input of ["pear Ångström", "plum ".repeat(PART_LENGTH / 4)])
      await client.ask(input, { session_id: "damaged" });
    const { body: backup } = await client.post("/backups");
    await client.ask("pear cherry", { session_id: "damaged" });
    expect((await client.get("/search?q=pear")).body.data).toHaveLength(3);
    await client.post("/sessions/damaged/archive");
    await damageArchives(client);
    const restored = await client.post(`/backups/${String(backup.backup_id)}/restore`, {
      body: { on_conflict: "replace" },
    });
    expect(restored.body).toMatchObject({ repaired: 1, unchanged: 1, turns: 2 });
    const ids = async (q: string) => {
      const { body } = await client.get(`/search?q=${q}`);
      expect(body.complete).toBe(true);
      return body.data.map(({ session_id }: { session_id: string }) => session_id).toSorted();
    };
    expect(await ids("pear")).toEqual(["damaged", "stays"]);
    expect(await ids("plum")).toEqual(["damaged"]);
    expect(await ids("cherry")).toEqual([]);
    await runInDurableObject(objectOf(client.account), (_object, { storage }) =>
      expectWordsOfTurns(storage),
    );
  });

  it("does not get a word back by default that was erased after the backup began", async () => {
    const client = new Client();
    await client.ask("apricot", { session_id: "s" });
    await client.ask("pear", { session_id: "s" });
    const backUp = async () => String((await client.post("/backups")).body.backup_id);
    const before = await backUp();
    const items = "/v1/conversations/s/items";
    const { body } = await client.get(`${items}?order=asc`);
    for (const { id } of body.data.slice(0, 2)) {
      const { status } = await client.call("DELETE", `${items}/${String(id)}`);
      expect(status).toBe(200);
    }
    const after = await backUp();
    const restore = async (backup: string, more: object = {}) => {
      await client.post("/sessions/s/archive");
      await damageArchives(client);
      const { body: report } = await client.post(`/backups/${backup}/restore`, { body: more });
      return [report.repaired, report.skipped.damaged];
    };
    const found = async (q: string) => (await client.get(`/search?q=${q}`)).body.data.length;
    expect(await restore(before)).toEqual([0, 1]);
    expect(await restore(after)).toEqual([1, 0]);
    expect([await found("apricot"), await found("pear")]).toEqual([0, 1]);
    expect(await restore(before)).toEqual([0, 1]);
    expect(await restore(before, { on_conflict: "replace" })).toEqual([1, 0]);
    expect(await found("apricot")).toBe(1);
  });

  it("answers a repeated request as before, once it is restored with all of its turns", async () => {
    const client = new Client();
    const ask = (query: string) =>
      client.ask(query, { session_id: "s" }, { headers: { "idempotency-key": query } });
    const first = await ask("pear");
    const { body: backup } = await client.post("/backups");
    const restore = async () => {
      await client.post("/sessions/s/archive");
      await damageArchives(client);
      const body = { on_conflict: "replace" };
      const report = await client.post(`/backups/${String(backup.backup_id)}/restore`, { body });
      expect(report.body).toMatchObject({ repaired: 1, turns: 1 });
    };
    await restore();
    expect((await ask("pear")).body).toEqual(first.body);
    const plum = await ask("plum");
    await restore();
    // Its turn is gone, and its number is another's by now.
    await client.ask("cherry", { session_id: "s" });
    expect((await ask("plum")).body.call_id).not.toBe(plum.body.call_id);
    const { body } = await client.get("/sessions/s/turns?order=asc");
    expect(body.data.map(({ input }: { input: string }) => input)).toEqual([
      "pear",
      "cherry",
      "plum",
    ]);
  });

  it("answers no repeated request with a turn that was another one's", async () => {
    const client = new Client();
    const ask = (query: string) =>
      client.ask(query, { session_id: "s" }, { headers: { "idempotency-key": query } });
    const backUp = async () => String((await client.post("/backups")).body.backup_id);
    const restore = (backup: string) =>
      client.post(`/backups/${backup}/restore`, { body: { on_conflict: "replace" } });
    await ask("pear");
    const shorter = await backUp();
    await ask("plum");
    const longer = await backUp();
    expect((await restore(shorter)).body).toMatchObject({ replaced: 1 });
    await ask("cherry");
    await client.post("/sessions/s/archive");
    await damageArchives(client);
    expect((await restore(longer)).body).toMatchObject({ repaired: 1, turns: 2 });
    await ask("cherry");
    const { body } = await client.get("/sessions/s/turns?order=asc");
    const inputs = body.data.map(({ input }: { input: string }) => input);
    expect(inputs).toEqual(["pear", "plum", "cherry"]);
  });

  it.each([
    ["merge", "damaged"],
    ["replace", "damaged"],
    ["skip", "exists"],
  ])("keeps no other from an import with on_conflict=%s", async (on_conflict, code) => {
    const { client } = await withDamage();
    const body = [...linesOf("damaged"), ...linesOf("new")].join("");
    for (const mode of ["atomic", "skip_bad"])
      expect(
        await client.post(`/import?on_conflict=${on_conflict}&mode=${mode}`, { body }),
      ).toMatchObject({
        status: 200,
        body: {
          created: mode === "atomic" ? 1 : 0,
          skipped: { [code]: 1 },
          not_taken: [{ session_id: "damaged", code }],
        },
      });
  });

  it("is named by an export, which has all others, and by its import", async () => {
    const { client } = await withDamage();
    const response = await client.fetch("GET", "/export");
    expect(response.status).toBe(200);
    const lines = (await response.text()).trim().split("\n");
    const skipped = { session_id: "damaged", code: "archive_corrupt" };
    const named = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(named.filter(({ type }) => type === "skipped")).toEqual([
      { type: "skipped", ...skipped },
    ]);
    expect(named.at(-1)).toEqual({ type: "end", sessions: 1, turns: 1, skipped: 1 });
    for (const mode of ["atomic", "skip_bad"]) {
      const { status, body } = await new Client().post(`/import?mode=${mode}`, {
        body: `${lines.join("\n")}\n`,
      });
      expect([status, body]).toMatchObject([
        200,
        {
          sessions: 1,
          created: 1,
          problem_count: 0,
          not_exported_count: 1,
          not_exported: [skipped],
        },
      ]);
    }
    const told = lines.filter((line) => !line.includes('"skipped",')).join("\n");
    const { body } = await new Client().post("/import?mode=skip_bad", { body: told });
    expect(body.problems).toMatchObject([{ code: "end_differs" }]);
  });

  it.each([
    ["one volume", VOLUME_BOUNDS.words],
    ["many volumes", 2_000],
  ])("leaves the search index by its words there, of %s", async (_, words) => {
    useVolumesOf(words);
    const client = new Client();
    // Each is in the index as another word than it was written.
    const odd = "Ångström ÉCOLE ﬁn 北京 Ὀδυσσεύς été\u0301 x_y";
    await client.ask(`${odd} pear`, { session_id: "stays" });
    for (const input of [odd, "pear", `${odd} `.repeat(PART_LENGTH / 16), "pear pear apple"])
      await client.ask(input, { session_id: "damaged", user_id: "u" });
    expect((await client.get("/search?q=pear")).body.data).toHaveLength(3);
    await client.post("/sessions/damaged/archive");
    await damageArchives(client);
    const { status, body } = await client.call("DELETE", "/sessions/damaged");
    expect([status, body]).toMatchObject([200, { verified: true }]);
    const { body: found } = await client.get("/search?q=pear");
    expect(found.data).toMatchObject([{ session_id: "stays" }]);
    await runInDurableObject(objectOf(client.account), (_object, { storage }) =>
      expectWordsOfTurns(storage),
    );
  });
});
