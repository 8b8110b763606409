import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { eraseSession } from "../../../../src/account/archive/erasure/erase-session.ts";
import {
  isVerified,
  lookForSessions,
  newTrace,
} from "../../../../src/account/archive/erasure/places.ts";
import type { PlaceReport } from "../../../../src/account/archive/erasure/place-report.ts";
import { writeValue } from "../../../../src/account/store/account/account-values.ts";
import { scheduleDeletion } from "../../../../src/account/store/archive/archives.ts";
import {
  BY_SESSION,
  BY_TURN,
  countAllRows,
} from "../../../../src/account/store/erasure/erased-rows.ts";
import { findSession, putDetails } from "../../../../src/account/store/sessions/sessions.ts";
import { insertFacts } from "../../../../src/account/store/sessions/user-facts.ts";
import { Database } from "../../../../src/sqlite/database.ts";
import { THEN, dueAt, withShelf } from "../../../support/archive.ts";
import type { Tools } from "../../../support/archive.ts";
import { Client, DAY } from "../../../support/client.ts";

const LATER = THEN + 40 * DAY;
const look = (tools: Tools, trace = newTrace()) =>
  lookForSessions({ ...tools, cache: env.CACHE }, trace);
const stateOf = (places: readonly PlaceReport[], place: PlaceReport["place"]) =>
  places.find((each) => each.place === place);

describe("a look at the places of an erasure", () => {
  it("counts the tables of every migration that name a session or a turn", async () => {
    const client = new Client();
    await client.ask("Hi");
    await runInDurableObject(client.object, (_, { storage }) => {
      const db = new Database(storage);
      const naming = (column: string) =>
        db
          .all<{ name: string }>(
            `select m.name from sqlite_master m join pragma_table_info(m.name) c
             where m.type = 'table' and m.name not like '\\_cf%' escape '\\' and c.name = ? order by 1`,
            column,
          )
          .map(({ name }) => name);
      // An id of ours in "idempotency" is text; the calls have a place of their own.
      const byTurn = [...naming("turn_id"), "turns"].filter((name) => name !== "calls");
      expect(Object.keys(BY_TURN).toSorted()).toEqual(byTurn.toSorted());
      // Facts have a place of their own, and lists continue after an erased session by the key in "erased_places".
      const bySession = naming("key").filter(
        (name) => !["idempotency", "erased_places", "user_facts"].includes(name),
      );
      expect([...BY_SESSION].toSorted()).toEqual(bySession.toSorted());
    });
  });

  it("says that what R2 did not delete is left, and is not verified", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      for (const id of ["a", "b"]) shelf.add(id, ["one"]);
      await tools.archivist.archiveDue(dueAt(LATER), 0);
      const trace = newTrace();
      await eraseSession(tools, "a", LATER, trace);
      const before = await look(tools, trace);
      expect(stateOf(before, "r2_archives")).toEqual({
        place: "r2_archives",
        state: "left",
        found: 1,
        left: 1,
      });
      expect(isVerified(before)).toBe(false);
      // The next erasure's receipt tells of it, too.
      expect(isVerified(await look(tools))).toBe(false);
      await tools.archivist.clean();
      expect(isVerified(await look(tools, trace))).toBe(true);
    });
  });

  it("says of each place what is left in it", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      shelf.add("a", ["one"]);
      await shelf.search.search('"one"', { limit: 1, offset: 0 });
      const { key } = findSession(shelf.db, "a")!;
      shelf.db.run("insert into calls values ('mine', ?)", key * 1_048_576 + 1);
      putDetails(shelf.db, key, { user_id: "ann" });
      const at = { created_at: THEN, updated_at: THEN };
      insertFacts(shelf.db, key, [{ fact_id: "fact_1", text: "Likes tea", seq: 1, ...at }]);
      const cached = `query:${shelf.account}`;
      await env.CACHE.put(cached, "x");
      const backup = `backups/${shelf.account}/b/1.ndjson.gz`;
      await env.ARCHIVE.put(backup, "x");
      const trace = { ...newTrace(), keys: [key], cached: [cached], backups: [backup] };
      const places = await look(tools, trace);
      expect(places.map(({ place, left }) => [place, left])).toEqual([
        ["sqlite", 3],
        ["search_index", 1],
        ["external_calls", 1],
        ["user_facts", 1],
        ["kv", 1],
        ["r2_archives", 0],
        ["r2_backups", 1],
        ["replica", 0],
      ]);
    });
  });

  it("is not verified where R2 is away, or a replica that there was", async () => {
    await withShelf(async (shelf) => {
      const away = { head: () => Promise.reject(new Error("R2 is away")) } as unknown as R2Bucket;
      shelf.db.transaction(() => scheduleDeletion(shelf.db, "conversations/x/old"));
      const places = await look(shelf.tools(away));
      expect(stateOf(places, "r2_archives")).toEqual({
        place: "r2_archives",
        state: "unreachable",
        found: 1,
        left: null,
      });
      shelf.db.run("delete from doomed_objects");
      expect(isVerified(await look(shelf.tools()))).toBe(true);
      writeValue(shelf.db, "replicated", false);
      const without = await look(shelf.tools());
      expect(stateOf(without, "replica")).toMatchObject({ state: "unreachable", left: null });
      expect(isVerified(without)).toBe(false);
    });
  });
});

describe("receipts over HTTP", () => {
  it("of a session name each place, with what it held", async () => {
    const client = new Client();
    await client.ask("My word is heron", { session_id: "s" }, { at: THEN });
    await client.post("/purge", { at: LATER });
    await client.get("/search?q=heron");
    const { body } = await client.call("DELETE", "/sessions/s");
    expect(body).toMatchObject({ deleted: true, turns: 1, verified: true });
    expect(body.places).toEqual([
      { place: "sqlite", state: "clean", found: expect.any(Number), left: 0 },
      { place: "search_index", state: "clean", found: expect.any(Number), left: 0 },
      { place: "external_calls", state: "clean", found: 0, left: 0 },
      { place: "user_facts", state: "clean", found: 0, left: 0 },
      { place: "kv", state: "clean", found: 0, left: 0 },
      { place: "r2_archives", state: "clean", found: 1, left: 0 },
      { place: "r2_backups", state: "clean", found: 0, left: 0 },
      { place: "replica", state: "absent", found: 0, left: 0 },
    ]);
  });

  it("of an account name each place, and every row of its tables is looked for", async () => {
    const client = new Client();
    await client.ask("My word is heron", { session_id: "s" }, { at: THEN });
    await client.post("/purge", { at: LATER });
    await client.ask("My word is heron", { session_id: "t", user_id: "ann" });
    await client.get("/search?q=heron");
    await client.post("/calls", {
      body: { call_id: "mine", request: { model: "m", messages: [] }, response: { choices: [] } },
    });
    await client.post("/backups", { body: {} });
    await runDurableObjectAlarm(client.object);
    const { body } = await client.call("DELETE", `/admin/accounts/${client.account}`);
    expect(body).toMatchObject({ deleted: true, verified: true });
    const found = Object.fromEntries(
      (body.places as PlaceReport[]).map((each) => [each.place, each.found]),
    );
    expect(found).toMatchObject({ external_calls: 1, whatsapp: 0, directory: 1, r2_archives: 1 });
    expect(found["sqlite"]).toBeGreaterThan(5);
    expect((body.places as PlaceReport[]).map(({ state }) => state)).toEqual([
      ...Array.from({ length: 8 }, () => "clean"),
      "absent",
      "clean",
      "clean",
    ]);
    await runInDurableObject(client.object, (_, { storage }) => {
      expect(countAllRows(new Database(storage))).toBe(0);
    });
  });
});
