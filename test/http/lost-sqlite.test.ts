import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";

import { Database } from "../../src/sqlite/database.ts";
import { dropEverything } from "../../src/sqlite/migrate.ts";
import { Client, DAY } from "../support/client.ts";

const NOW = Date.now();

const exported = async (client: Client): Promise<string> =>
  (await client.fetch("GET", "/export")).text();

async function loseSqlite(client: Client): Promise<void> {
  await runInDurableObject(client.object, (_, { storage }) => {
    dropEverything(new Database(storage));
  });
  await evictDurableObject(client.object);
  expect((await client.get("/sessions")).body.data).toEqual([]);
}

describe("an account whose SQLite was lost", () => {
  it("is as it was after a reindex and the restore of its last backup", async () => {
    const client = new Client();
    const at = NOW - 40 * DAY;
    for (const session_id of ["archived", "returned", "held"])
      await client.ask(`First of ${session_id}`, { session_id }, { at });
    await client.post("/purge");
    await client.ask("My name is Alice", { session_id: "live" });
    for (const session_id of ["returned", "held"])
      for (const query of ["Back again", "And on"]) await client.ask(query, { session_id });
    await client.call("PATCH", "/sessions/held", { body: { hold: "case 9" } });
    const { backup_id } = (await client.post("/backups")).body;
    const before = await exported(client);

    await loseSqlite(client);
    const { body: found } = await client.post(`/admin/accounts/${client.account}/reindex`);
    expect(found).toMatchObject({ sessions: 3, backups: 1, errors: [] });
    const { body: restored } = await client.post(`/backups/${backup_id}/restore`);
    expect(restored).toMatchObject({
      on_conflict: "newer",
      complete: true,
      restored: 1,
      replaced: 2,
      unchanged: 1,
      turns: 7,
    });

    expect(await exported(client)).toBe(before);
    const again = (await client.post(`/backups/${backup_id}/restore`)).body;
    expect(again).toMatchObject({ restored: 0, replaced: 0, unchanged: 4 });
  });

  it("has the facts of its users again, also of archived sessions", async () => {
    const client = new Client();
    for (const session_id of ["archived", "live"])
      await client.ask("I like tea", { session_id, user_id: "ann" }, { at: NOW - 40 * DAY });
    await runInDurableObject(client.object, (_, { storage }) => {
      storage.sql.exec(
        `insert into user_facts select 'fact_' || s.session_id, s.key, 1, 'ann', null, 'Likes tea', ?1, ?1
         from sessions s`,
        NOW,
      );
    });
    const { body: fact } = await client.post("/users/ann/facts", { body: { text: "Is tall" } });
    await client.post("/sessions/archived/archive");
    const { backup_id } = (await client.post("/backups")).body;
    const before = await exported(client);
    const facts = (await client.get("/users/ann/facts")).body;
    expect(facts.data).toHaveLength(3);

    await loseSqlite(client);
    await client.post(`/admin/accounts/${client.account}/reindex`);
    const dry = await client.post(`/backups/${backup_id}/restore`, { body: { dry_run: true } });
    expect(dry.body).toMatchObject({ restored: 2, replaced: 1 });
    const { body } = await client.post(`/backups/${backup_id}/restore`);
    expect(body).toMatchObject({ restored: 2, replaced: 1, skipped: { exists: 0 }, conflicts: [] });
    expect((await client.get("/users/ann/facts")).body).toEqual(facts);
    expect(await exported(client)).toBe(before);
    const again = (await client.post(`/backups/${backup_id}/restore`)).body;
    expect(again).toMatchObject({ replaced: 0, unchanged: 3 });
    // One that was deleted after the loss stays so.
    await client.call("DELETE", `/users/ann/facts/${fact.fact_id}`);
    await client.call("DELETE", "/users/ann/facts/fact_archived");
    await client.post(`/backups/${backup_id}/restore`);
    expect((await client.get("/users/ann/facts")).body.data).toHaveLength(1);
  });

  it("keeps turns that came after the loss, and says where the backup has others", async () => {
    const client = new Client();
    await client.ask("First", { session_id: "s" }, { at: NOW - 40 * DAY });
    await client.post("/purge");
    await client.ask("Before the loss", { session_id: "s" });
    const { backup_id } = (await client.post("/backups")).body;
    await loseSqlite(client);
    await client.post(`/admin/accounts/${client.account}/reindex`);
    await client.ask("After the loss", { session_id: "s" });
    const { body } = await client.post(`/backups/${backup_id}/restore`);
    expect(body).toMatchObject({ replaced: 0, skipped: { exists: 1 }, conflicts: ["s"] });
    expect(await exported(client)).toContain("After the loss");
  });

  it("takes a session as the backup has it only where that has more turns", async () => {
    const client = new Client();
    await client.ask("First", { session_id: "s" });
    const { backup_id } = (await client.post("/backups")).body;
    await client.ask("Second", { session_id: "s" });
    const before = await exported(client);
    const { body } = await client.post(`/backups/${backup_id}/restore`);
    expect(body).toMatchObject({ replaced: 0, skipped: { exists: 1 } });
    expect(await exported(client)).toBe(before);
  });
});
