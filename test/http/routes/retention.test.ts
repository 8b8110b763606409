import { describe, expect, it } from "vitest";

import { Client, DAY } from "../../support/client.ts";
import { accountRpc } from "../../../src/account/account-client.ts";

const START = Date.UTC(2026, 3, 1, 12);
const put = (client: Client, body: object, query = "") =>
  client.call("PUT", `/retention${query}`, { body });
const live = async (client: Client) =>
  (await client.get("/sessions?status=live&order=asc")).body.data.map(
    ({ session_id }: { session_id: string }) => session_id,
  );
const purgeAt = (client: Client, at: number) => client.post("/purge", { at });

describe("/retention", () => {
  it("shows what holds, and what of it the account has set", async () => {
    const client = new Client();
    expect((await client.get("/retention")).body).toEqual({
      object: "retention",
      set: {},
      effective: {
        idle_days: 30,
        age_days: null,
        rows: null,
        live_bytes: 7_000_000_000,
        journal_rows: 100_000,
        archive_days: 90,
        backup_days: 30,
        backup_every_days: null,
        backups_kept: 7,
        cache_hours: 24,
        rules: [],
      },
    });
    const settings = { idle_days: 7, rules: [{ assistant: "support", archive_days: 10 }] };
    expect((await put(client, settings)).body).toMatchObject({
      set: settings,
      effective: { ...settings, archive_days: 90 },
    });
    expect((await client.get("/retention")).body.set).toEqual(settings);
    expect((await client.get("/storage-stats")).body.retention_days).toBe(7);
    expect((await client.call("DELETE", "/retention")).body.set).toEqual({});
    expect((await client.get("/retention")).body.effective.idle_days).toBe(30);
  });

  it("says what a change would take, and changes nothing by that", async () => {
    const client = new Client();
    await client.ask("old", { session_id: "old" }, { at: START });
    await client.ask("new", { session_id: "new" }, { at: START + 9 * DAY });
    await client.post("/sessions/old/archive", { at: START });
    await client.ask("mid", { session_id: "mid" }, { at: START + DAY });
    const at = START + 10 * DAY;
    const change = { idle_days: 5, archive_days: 3 };
    const tried = await client.call("PUT", "/retention?dry_run=true", { body: change, at });
    expect(tried.body).toMatchObject({
      dry_run: true,
      would_archive: { sessions: 1, first_session_ids: ["mid"] },
      would_delete: { sessions: 1, first_session_ids: ["old"] },
      would_delete_backups: [],
      effective: change,
    });
    expect((await client.get("/retention")).body.set).toEqual({});
    expect(await live(client)).toEqual(["new", "mid"]);
    // And it takes just that, once it is made: of what is there already.
    await put(client, change);
    expect((await purgeAt(client, at)).body).toMatchObject({ deleted: 1 });
    await accountRpc(client.object).archives.maintain(at);
    expect((await client.get("/sessions?order=asc")).body.data).toMatchObject([
      { session_id: "new", status: "live" },
      { session_id: "mid", status: "archived" },
    ]);
  });

  it("differs by assistant and by metadata, the first rule that fits deciding", async () => {
    const client = new Client();
    const metadata = { tier: "free" };
    await client.ask("x", { session_id: "plain" }, { at: START });
    await client.ask("x", { session_id: "free", metadata }, { at: START });
    await client.ask("x", { session_id: "support", assistant: "support" }, { at: START });
    await client.ask("x", { session_id: "both", assistant: "support", metadata }, { at: START });
    await put(client, {
      idle_days: 20,
      rules: [
        { assistant: "support", metadata, idle_days: 5 },
        { metadata, idle_days: 10 },
        { assistant: "support", idle_days: null },
      ],
    });
    const leftAfter = async (days: number) => {
      await purgeAt(client, START + days * DAY + 1);
      return (await live(client)).toSorted();
    };
    expect(await leftAfter(4)).toEqual(["both", "free", "plain", "support"]);
    expect((await client.get("/storage-stats")).body.due_for_purge).toBe(3);
    expect(await leftAfter(5)).toEqual(["free", "plain", "support"]);
    expect(await leftAfter(10)).toEqual(["plain", "support"]);
    expect(await leftAfter(20)).toEqual(["support"]);
    expect(await leftAfter(2_000)).toEqual(["support"]);
  });

  it("takes what is old, however lately it was used", async () => {
    const client = new Client();
    await put(client, { age_days: 10 });
    await client.ask("x", { session_id: "s" }, { at: START });
    await client.ask("x", { session_id: "s" }, { at: START + 9.9 * DAY });
    expect((await purgeAt(client, START + 10 * DAY)).body.deleted).toBe(0);
    expect((await purgeAt(client, START + 10 * DAY + 1)).body.deleted).toBe(1);
  });

  it("keeps no more turns than it may, taking what was longest without one, never what is pinned", async () => {
    const client = new Client();
    for (let n = 0; n < 6; n += 1) {
      for (const turn of [0, 1])
        await client.ask("x", { session_id: `s${n}` }, { at: START + n * 1_000 + turn });
    }
    await client.call("PATCH", "/sessions/s0", { body: { pinned: true } });
    await put(client, { rows: 6 });
    expect((await client.get("/storage-stats", { at: START + 9_000 })).body.due_for_purge).toBe(2);
    expect((await purgeAt(client, START + 9_000)).body).toMatchObject({ deleted: 2, remaining: 0 });
    expect(await live(client)).toEqual(["s0", "s3", "s4", "s5"]);
    await put(client, { rows: 8 });
    expect((await purgeAt(client, START + 9_000)).body.deleted).toBe(0);
  });

  it("is never for what has no days", async () => {
    const client = new Client();
    await put(client, { idle_days: null });
    await client.ask("x", { session_id: "s" }, { at: START });
    expect((await purgeAt(client, START + 9_000 * DAY)).body.deleted).toBe(0);
    expect((await client.get("/storage-stats")).body.retention_days).toBeNull();
  });

  it.each([
    [{ idle_days: 0 }, "idle_days"],
    [{ idle_days: "7" }, "idle_days"],
    [{ rows: 1.5 }, "rows"],
    [{ days: 7 }, "days"],
    [{ cache_hours: 100_000 }, "cache_hours"],
    [{ rules: [{ idle_days: 7 }] }, "rules.0"],
    [{ rules: [{ metadata: {}, idle_days: 7 }] }, "rules.0.metadata"],
    [{ rules: [{ metadata: { a: 1 } }] }, "rules.0.metadata.a"],
    [{ rules: [{ assistant: "../x" }] }, "rules.0.assistant"],
    [{ rules: Array.from({ length: 17 }, () => ({ assistant: "a" })) }, "rules"],
    ["[]", undefined],
    ["null", undefined],
  ])("refuses %j", async (body, param) => {
    const client = new Client();
    await put(client, { idle_days: 9 });
    const answer = await put(client, body as object);
    expect([answer.status, answer.body.param]).toEqual([422, param]);
    expect((await client.get("/retention")).body.set).toEqual({ idle_days: 9 });
  });

  it("takes an apostrophe in metadata as text", async () => {
    const client = new Client();
    const metadata = { "it's": "o'clock'; drop table sessions; --" };
    await put(client, { rules: [{ metadata, idle_days: 1 }] });
    await client.ask("x", { session_id: "s", metadata }, { at: START });
    await client.ask("x", { session_id: "t" }, { at: START });
    expect((await purgeAt(client, START + 2 * DAY)).body.deleted).toBe(1);
    expect(await live(client)).toEqual(["t"]);
  });
});
