import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";

import { MAX_SIZE_DAYS } from "../../../src/account/store/usage/daily-sizes.ts";
import { Client, DAY } from "../../support/client.ts";
import { LOCKED, keyHolder, root } from "../../support/keys.ts";

const TODAY = Math.floor(Date.now() / DAY);
const nameOf = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);
const read = async (client: Client, query = "", at?: number) =>
  (await client.get(`/overview${query}`, at === undefined ? {} : { at })).body;

/** What an account noted on past days. */
const putSizes = (client: Client, sizes: [day: number, bytes: number, sessions: number][]) =>
  runInDurableObject(client.object, (_, { storage: { sql } }) => {
    for (const [day, bytes, sessions] of sizes)
      sql.exec(
        "insert or replace into daily_sizes values (?, ?, 7, ?, 1, 9)",
        day,
        bytes,
        sessions,
      );
  });
const sizeDays = (client: Client) =>
  runInDurableObject(client.object, (_, { storage: { sql } }) =>
    sql.exec("select day from daily_sizes order by day").toArray(),
  );

describe("GET /overview", () => {
  it("has at once what other routes say one by one", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "old" }, { at: Date.now() - 40 * DAY });
    await client.ask("Hi", { session_id: "new" });
    const body = await read(client, "?days=60");
    const from = nameOf(TODAY - 59);
    expect(body).toMatchObject({ object: "overview", from, to: nameOf(TODAY) });
    const days = (await client.get(`/analytics?from=${from}`)).body;
    const models = (await client.get(`/analytics?from=${from}&by=model`)).body;
    expect(body.days).toEqual(days.data);
    expect(body.total).toEqual(days.total);
    expect(body.models).toEqual(models.data);
    expect(body.storage).toEqual((await client.get("/storage-stats")).body);
    const { dry_run: _, deleted: __, ...due } = (await client.post("/purge?dry_run=true")).body;
    expect({ ...body.due, reason: "" }).toEqual({ ...due, reason: "" });
    expect(body.due.first_session_ids).toEqual(["old"]);
  });

  it("tells growth by day, and the day at which each limit is reached", async () => {
    const client = new Client();
    await client.ask("Hi");
    await runDurableObjectAlarm(client.object);
    const limits = { quotas: { stored_bytes: 10_000_000, sessions: 4 } };
    await root.call("PATCH", `/admin/accounts/${client.account}`, { body: limits });
    await putSizes(client, [
      [TODAY - 3, 1_000_000, 1],
      [TODAY - 2, 2_000_000, 2],
      [TODAY - 1, 3_000_000, 3],
      [TODAY, 4_000_000, 4],
    ]);
    const body = await read(client, "?days=3");
    expect(body.growth).toHaveLength(3);
    expect(body.growth[0]).toEqual({
      day: nameOf(TODAY - 2),
      storage_bytes: 2_000_000,
      archived_bytes: 7,
      sessions: 2,
      archived_sessions: 1,
      turns: 9,
    });
    const limitOf = (name: string) =>
      body.limits.find((each: { name: string }) => each.name === name);
    const { storage_bytes } = body.storage;
    const ahead = Math.ceil((10_000_000 - storage_bytes) / 1_000_000);
    expect(limitOf("stored_bytes")).toEqual({
      name: "stored_bytes",
      limit: 10_000_000,
      used: storage_bytes,
      per_day: 1_000_000,
      reached_on: nameOf(TODAY + ahead),
    });
    // One session of four, and one more a day.
    expect(limitOf("sessions")).toMatchObject({ used: 1, reached_on: nameOf(TODAY + 3) });
    expect(limitOf("storage").limit).toBeGreaterThan(limitOf("live_bytes").limit);
  });

  it("says null where growth is not known", async () => {
    const client = new Client();
    await client.ask("Hi");
    const { limits } = await read(client);
    expect(limits.map(({ name }: { name: string }) => name)).toEqual(["storage", "live_bytes"]);
    for (const limit of limits) expect(limit).toMatchObject({ per_day: null, reached_on: null });
  });

  it("refuses other numbers of days, and keys of one user", async () => {
    const client = new Client();
    for (const days of ["0", "401", "x", "1.5"])
      expect((await client.get(`/overview?days=${days}`)).status).toBe(422);
    const user = await keyHolder(["read"], client.account, { user_id: "ann" });
    expect((await user.client.get("/overview")).body.code).toBe("forbidden");
    expect((await new Client(LOCKED).get("/overview")).status).toBe(401);
  });
});

describe("what an account holds on a day", () => {
  it("is noted on a day's first write, and by a sweep", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "s" });
    await runDurableObjectAlarm(client.object);
    expect(await sizeDays(client)).toEqual([{ day: TODAY }]);
    await client.post("/purge", { at: Date.now() + 2 * DAY });
    expect(await sizeDays(client)).toEqual([{ day: TODAY }, { day: TODAY + 2 }]);
  });

  it("takes one row a day, and none a turn", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "s" });
    await runDurableObjectAlarm(client.object);
    await client.ask("Hi", { session_id: "t" });
    expect(
      await runInDurableObject(client.object, (_, { storage }) => storage.getAlarm()),
    ).toBeNull();
    expect(await sizeDays(client)).toHaveLength(1);
  });

  it("is noted again when a day has passed", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "s" });
    await runDurableObjectAlarm(client.object);
    await runInDurableObject(client.object, (_, { storage: { sql } }) => {
      sql.exec("update daily_sizes set day = day - 1");
      sql.exec("update sessions set accessed_at = accessed_at - 86400000");
      sql.exec("delete from account where name = 'counters'");
    });
    await evictDurableObject(client.object);
    await client.ask("On", { session_id: "s" });
    await runDurableObjectAlarm(client.object);
    expect(await sizeDays(client)).toEqual([{ day: TODAY - 1 }, { day: TODAY }]);
  });

  it("is kept for so many days", async () => {
    const client = new Client();
    await client.ask("Hi");
    await putSizes(client, [
      [TODAY - MAX_SIZE_DAYS, 1, 1],
      [TODAY - MAX_SIZE_DAYS + 1, 1, 1],
    ]);
    await client.post("/purge");
    const days = (await sizeDays(client)).map(({ day }) => day);
    expect(days).toEqual([TODAY - MAX_SIZE_DAYS + 1, TODAY]);
  });
});
