import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import {
  eraseSession,
  eraseSessions,
} from "../../../../src/account/archive/erasure/erase-session.ts";
import { insertRecord } from "../../../../src/account/archive/sessions/insert-record.ts";
import { FORMAT } from "../../../../src/account/archive/format/format.ts";
import { recordLines } from "../../../../src/account/archive/format/record-lines.ts";
import type { SessionRecord } from "../../../../src/account/archive/format/record.ts";
import { parseMembers } from "../../../../src/account/archive/format/segment.ts";
import { callId, turnId } from "../../../../src/shared/ids.ts";
import { writeValue } from "../../../../src/account/store/account/account-values.ts";
import { readDaily } from "../../../../src/account/store/usage/roll-up.ts";
import { scheduleDeletion, findSegment } from "../../../../src/account/store/archive/archives.ts";
import type { SegmentRow } from "../../../../src/account/store/archive/archives.ts";
import { putBackground } from "../../../../src/account/store/turns/background-turns.ts";
import { frameId } from "../../../../src/account/store/turns/system-prompts.ts";
import {
  findDetails,
  findSession,
  patchSession,
  putDetails,
} from "../../../../src/account/store/sessions/sessions.ts";
import type { SessionRow } from "../../../../src/account/store/sessions/sessions.ts";
import {
  THEN,
  backUp,
  dueAt,
  expectCounted,
  failingBucket,
  turnOf,
  withShelf,
} from "../../../support/archive.ts";
import type { Shelf, Tools } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";

const LATER = THEN + 40 * DAY;
const row = ({ db }: Pick<Shelf, "db">, id: string): SessionRow => findSession(db, id)!;
const noise = (bytes: number) =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString("hex");
const segments = ({ db }: Pick<Shelf, "db">) =>
  db.all<SegmentRow>("select * from segments order by id");
const segmentOf = (shelf: Pick<Shelf, "db">, id: string): SegmentRow =>
  findSegment(shelf.db, row(shelf, id).segment!)!;
const inputs = async (shelf: Shelf, id: string) => (await shelf.read(id)).map(({ input }) => input);
const archive = ({ archivist }: Tools, now = LATER) => archivist.archiveDue(dueAt(now, 0), 0);

/** Everything that a session can have. */
const FULL: SessionRecord = {
  session_id: "full",
  key: 9,
  created_at: THEN,
  accessed_at: THEN,
  assistant: "tutor",
  user_id: "u",
  metadata: { a: "b" },
  role: "pupil",
  facts: ["likes tea"],
  state: { step: 2 },
  state_version: 3,
  summary: { text: "They met.", turn: callId(turnId(9, 1)) },
  frames: { [frameId("You teach.")]: "You teach." },
  turns: [1, 2, 5].map((seq) =>
    turnOf(turnId(9, seq), `q${seq}`, { created_at: THEN + seq, frame: frameId("You teach.") }),
  ),
};

describe("a batch", () => {
  it("is filed under the month of its latest access, with what tells how to read it", async () => {
    await withShelf(async (shelf) => {
      shelf.add("a", ["first"]);
      shelf.add("b", ["first"]);
      shelf.db.run("update sessions set accessed_at = ? where session_id = 'a'", THEN + 35 * DAY);
      await archive(shelf.tools());
      const [key = ""] = await shelf.objects();
      expect(key).toMatch(
        new RegExp(`^conversations/${shelf.account}/2026/02/[0-9a-f]{64}\\.ndjson\\.gz$`),
      );
      const { customMetadata, httpMetadata } = (await env.ARCHIVE.head(key))!;
      expect(httpMetadata?.contentType).toBe("application/gzip");
      const [segment] = segments(shelf);
      const [offset, length] = parseMembers(segment!.members).at(-1)!;
      expect(customMetadata).toEqual({
        format: String(FORMAT),
        index_offset: String(offset + length),
        index_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        created_at: String(LATER),
      });
      expect(segment).toMatchObject({ created_at: LATER, key_id: null, backup_id: null });
    });
  });

  it("of more than one transaction takes says where the next begins, and the last says none", async () => {
    await withShelf(async (shelf) => {
      for (let n = 1; n <= 501; n += 1) shelf.add(`s${n}`, []);
      const { archivist } = shelf.tools();
      expect(await archivist.archiveDue(dueAt(LATER), 0)).toMatchObject({
        archived: 500,
        cursor: 500,
      });
      expect(await archivist.archiveDue(dueAt(LATER), 500)).toMatchObject({
        archived: 1,
        cursor: null,
      });
      expect(await archivist.archiveDue(dueAt(LATER), 501)).toEqual({
        archived: 0,
        errors: 0,
        bytes: 0,
        cursor: null,
      });
      expectCounted(shelf);
    });
  });

  it("takes what its segment has room for, and goes on with the next in another", async () => {
    await withShelf(async (shelf) => {
      for (const id of ["a", "b", "c"]) shelf.add(id, [noise(1_000)]);
      shelf.add("long", [noise(20_000)]);
      shelf.add("d", [noise(1_000)]);
      const { archivist } = shelf.tools(env.ARCHIVE, { segmentBytes: 10_000 });
      const batches: number[] = [];
      for (let after: number | null = 0; after !== null;) {
        const { archived, cursor } = await archivist.archiveDue(dueAt(LATER), after);
        batches.push(archived);
        after = cursor;
      }
      // Each holds some 4 kB twice, the question and the answer; one that is too long is alone.
      expect(batches).toEqual([2, 1, 1, 1]);
      for (const { bytes } of segments(shelf).filter(({ id }) => id !== 3))
        expect(bytes).toBeLessThan(10_000);
      expect(await inputs(shelf, "long")).toHaveLength(1);
      expectCounted(shelf);
    });
  });

  it("tells what it wrote, and counts it", async () => {
    await withShelf(async (shelf) => {
      shelf.counters.read();
      for (const id of ["a", "b"]) shelf.add(id, ["first", "second"]);
      shelf.counters.forget();
      expect(shelf.counters.read()).toMatchObject({ sessions: 2, turns: 4, messages: 8 });
      const swept = await archive(shelf.tools());
      const [{ bytes } = { bytes: 0 }] = segments(shelf);
      expect(swept).toEqual({ archived: 2, errors: 0, bytes, cursor: null });
      expect(shelf.counters.read()).toMatchObject({
        sessions: 0,
        turns: 0,
        messages: 0,
        archived: 2,
        archived_bytes: bytes,
      });
      expectCounted(shelf);
    });
  });

  it("leaves alone what is answered in the background, and what a lease is on", async () => {
    await withShelf(async (shelf) => {
      for (const id of ["background", "leased", "given-up"]) shelf.add(id, ["first"]);
      const begin = (id: string, until: number) => {
        const last = shelf.turns.last(row(shelf, id).key)!;
        const lease = { token: "t", until };
        shelf.turns.update({ ...last, status: "in_progress", output: null, extra: { lease } });
        return last.id;
      };
      putBackground(shelf.db, { turn_id: begin("background", 0), attempts: 0, due_at: 0 });
      begin("leased", Date.now() + 60_000);
      begin("given-up", 1);
      expect(await archive(shelf.tools())).toMatchObject({ archived: 1, errors: 0 });
      expect(["background", "leased"].map((id) => row(shelf, id).segment)).toEqual([null, null]);
      const [turn] = await shelf.read("given-up");
      expect(turn).toMatchObject({ status: "abandoned", output: null, extra: {} });
    });
  });

  it("keeps archived words searchable in accounts that have searched, and in no others", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      const found = async (word: string) =>
        (await shelf.search.search(`"${word}"`, { limit: 10, offset: 0 })).hits.length;
      shelf.add("a", ["walnut"]);
      expect(await found("walnut")).toBe(1);
      shelf.add("b", ["hazelnut"]);
      await archive(tools);
      expect([await found("walnut"), await found("hazelnut")]).toEqual([1, 1]);
      await eraseSession(tools, "b", LATER);
      expect([await found("walnut"), await found("hazelnut")]).toEqual([1, 0]);
      await eraseSession(tools, "a", LATER);
      expect(await found("walnut")).toBe(0);
      // Nor does the index itself have a word of them.
      const index = "select count(*) from turn_search where turn_search match 'walnut OR hazelnut'";
      expect(shelf.db.scalar(index)).toBe(0);
    });
  });

  it("keeps what is counted of its turns' days, and has it again when they come back", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      for (const id of ["a", "b"]) shelf.add(id, ["first", "second"]);
      const day = Math.floor(THEN / DAY);
      const turns = async () =>
        (await readDaily(shelf.db, day, day)).reduce((sum, { counts }) => sum + counts.turns, 0);
      expect(await turns()).toBe(4);
      await archive(tools);
      expect(await turns()).toBe(4);
      await tools.archivist.restore("a", LATER);
      expect(await turns()).toBe(4);
      await eraseSession(tools, "a", LATER);
      expect(await turns()).toBe(4);
      expect(shelf.db.scalar("select count(*) from turns")).toBe(0);
    });
  });
});

describe("a session that is archived on demand", () => {
  it("is not while a turn is on its way, or comes in between", async () => {
    await withShelf(async (shelf) => {
      shelf.add("a", ["first"]);
      shelf.busy.add("a");
      const busy = { code: "session_busy", retry_after_ms: 1_000 };
      const now = (bucket?: R2Bucket) =>
        shelf.tools(bucket).archivist.archiveNow(row(shelf, "a"), LATER);
      await expect(now()).rejects.toMatchObject(busy);
      shelf.busy.clear();
      const changing = {
        put: (...args: Parameters<R2Bucket["put"]>) => {
          shelf.db.run("update sessions set accessed_at = accessed_at + 1");
          return env.ARCHIVE.put(...args);
        },
      } as unknown as R2Bucket;
      await expect(now(changing)).rejects.toMatchObject(busy);
      expect(shelf.errors).toEqual([]);
      await now();
      expect(row(shelf, "a").segment).not.toBeNull();
    });
  });

  it("stays where R2 is away, or it cannot be read", async () => {
    await withShelf(async (shelf) => {
      shelf.add("a", ["first"]);
      const away = { code: "archive_unavailable", retry_after_ms: 1_000 };
      const now = (bucket?: R2Bucket) =>
        shelf.tools(bucket).archivist.archiveNow(row(shelf, "a"), LATER);
      await expect(now(failingBucket(1, "before").bucket)).rejects.toMatchObject(away);
      shelf.db.run("update turns set status = 17");
      await expect(now()).rejects.toMatchObject(away);
      expect([row(shelf, "a").segment, shelf.errors.length]).toEqual([null, 2]);
    });
  });

  it("is archived alone", async () => {
    await withShelf(async (shelf) => {
      shelf.add("a", ["first"]);
      shelf.add("b", ["first"]);
      await shelf.tools().archivist.archiveNow(row(shelf, "b"), LATER);
      expect([row(shelf, "a").segment, row(shelf, "b").segment]).toEqual([null, 1]);
    });
  });
});

describe("an archived session", () => {
  it("comes back with everything that it had", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      insertRecord(tools, structuredClone(FULL));
      patchSession(shelf.db, row(shelf, "full"), { pinned: true, hold: "case" });
      await tools.archivist.archiveNow(row(shelf, "full"), LATER);
      expect(shelf.db.scalar("select count(*) from frames")).toBe(0);
      const { accessed_at: _, ...rest } = FULL;
      expect(await tools.archivist.readWhole(row(shelf, "full"), Infinity)).toMatchObject({
        ...rest,
        pinned: true,
        hold: "case",
      });
      expect(await tools.archivist.restore("full", LATER + 1)).toBe(3);
      expect(row(shelf, "full")).toMatchObject({ segment: null, accessed_at: LATER + 1, flags: 3 });
      expect(findDetails(shelf.db, 9)).toMatchObject({
        state: '{"step":2}',
        state_version: 3,
        summary: "They met.",
        missing: 2,
      });
      expect(shelf.turns.last(9)).toEqual(FULL.turns.at(-1));
      expect(shelf.db.all("select key, text from frames")).toEqual([
        { key: 9, text: "You teach." },
      ]);
      expect(shelf.counters.read()).toMatchObject({
        sessions: 1,
        turns: 3,
        messages: 6,
        archived: 0,
      });
      expectCounted(shelf);
    });
  });

  it("brings no system message that anybody has already", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      insertRecord(tools, structuredClone(FULL));
      await tools.archivist.archiveNow(row(shelf, "full"), LATER);
      tools.frames.put(null, "You teach.");
      await tools.archivist.restore("full", LATER);
      expect(shelf.db.all("select key from frames")).toEqual([{ key: 0 }]);
    });
  });

  it("has the details that were set of it since", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      insertRecord(tools, structuredClone(FULL));
      await tools.archivist.archiveNow(row(shelf, "full"), LATER);
      putDetails(shelf.db, 9, { user_id: "v", facts: '["likes coffee"]', metadata: '{"c":"d"}' });
      expect(await tools.archivist.readWhole(row(shelf, "full"), Infinity)).toMatchObject({
        assistant: "tutor",
        user_id: "v",
        role: "pupil",
        facts: ["likes coffee"],
        metadata: { c: "d" },
      });
      shelf.db.run("delete from session_details");
      const {
        role: _,
        facts: __,
        ...bare
      } = await tools.archivist.readWhole(row(shelf, "full"), Infinity);
      expect(bare).toMatchObject({ assistant: null, user_id: null, metadata: {} });
    });
  });

  it("comes back once, and only if it is there", async () => {
    await withShelf(async (shelf) => {
      const { archivist } = shelf.tools();
      shelf.add("a", ["first"]);
      shelf.db.run("insert into tombstones (session_id, erased_at) values ('erased', 1)");
      expect(await archivist.restore("a", LATER)).toBeNull();
      await expect(archivist.restore("none", LATER)).rejects.toMatchObject({
        code: "archive_not_found",
      });
      await expect(archivist.restore("erased", LATER)).rejects.toMatchObject({
        code: "session_erased",
      });
      await expect(archivist.readWhole(row(shelf, "a"), Infinity)).rejects.toMatchObject({
        code: "archive_not_found",
      });
      await archivist.archiveNow(row(shelf, "a"), LATER);
      const both = await Promise.all([
        archivist.restore("a", LATER),
        archivist.restore("a", LATER),
      ]);
      expect(both).toEqual([1, null]);
      expectCounted(shelf);
    });
  });

  it("is read whole where it fits into one reply, to the byte", async () => {
    await withShelf(async (shelf) => {
      const { archivist } = shelf.tools();
      shelf.add("a", ["first", "second"]);
      await archivist.archiveNow(row(shelf, "a"), LATER);
      const record = await archivist.readWhole(row(shelf, "a"), Infinity);
      const size = 2 * recordLines(record).join("").length;
      expect(await archivist.readWhole(row(shelf, "a"), size)).toEqual(record);
      await expect(archivist.readWhole(row(shelf, "a"), size - 1)).rejects.toMatchObject({
        code: "archive_too_large",
      });
    });
  });

  it("is found in the new object where its segment is written again while it is read", async () => {
    await withShelf(async (shelf) => {
      for (const id of ["a", "b"]) shelf.add(id, ["first"]);
      await archive(shelf.tools());
      const session = row(shelf, "a");
      let erased = 0;
      const meanwhile = {
        get: async (...args: Parameters<R2Bucket["get"]>) => {
          if (erased === 0) {
            erased += 1;
            const tools = shelf.tools();
            await eraseSession(tools, "b", LATER);
            await tools.archivist.clean();
          }
          return env.ARCHIVE.get(...args);
        },
      } as unknown as R2Bucket;
      const { turns } = await shelf.tools(meanwhile).archivist.readWhole(session, Infinity);
      expect(turns.map(({ input }) => input)).toEqual(["first"]);
    });
  });

  it("whose members end before it does is damaged", async () => {
    await withShelf(async (shelf) => {
      shelf.add("a", ["first"]);
      const { archivist } = shelf.tools();
      await archivist.archiveNow(row(shelf, "a"), LATER);
      shelf.db.run("update segments set members = '[]'");
      await expect(archivist.readWhole(row(shelf, "a"), Infinity)).rejects.toMatchObject({
        code: "archive_corrupt",
      });
    });
  });
});

describe("a segment that a session is erased from", () => {
  const FOUR = ["a", "b", "c", "d"];
  const fill = (shelf: Shelf) => FOUR.forEach((id) => shelf.add(id, [`${id} ${noise(12_000)}`]));

  it("is the same for the others, member by member", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      await archive(tools);
      const before = segmentOf(shelf, "a");
      const [one, two, ...more] = parseMembers(before.members);
      expect(more).toHaveLength(2);
      const { segments: rewritten, turns } = await eraseSession(tools, "b", LATER);
      expect([rewritten, turns]).toEqual([1, 1]);
      const after = segmentOf(shelf, "a");
      const [first, second, ...others] = parseMembers(after.members);
      expect(first).toEqual(one);
      expect(second![1]).toBeLessThan(two![1] / 10);
      expect(others.map(([, length, hash]) => [length, hash])).toEqual(
        more.map(([, length, hash]) => [length, hash]),
      );
      for (const id of ["a", "c", "d"])
        expect(await inputs(shelf, id)).toEqual([expect.stringMatching(new RegExp(`^${id} `))]);
      expect([after.id, after.created_at, after.bytes < before.bytes]).toEqual([
        before.id,
        LATER,
        true,
      ]);
      expect(after.object_key).toMatch(/\/2026\/01\/[0-9a-f]{64}\.ndjson\.gz$/);
      expect(shelf.counters.read()).toMatchObject({ archived: 3, archived_bytes: after.bytes });
      expectCounted(shelf);
      await tools.archivist.clean();
      expect(await shelf.objects()).toEqual([after.object_key]);
    });
  });

  it("is rewritten once for all removed sessions, and deleted unread when none is left", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      await archive(tools);
      expect(await eraseSessions(tools, ["a", "c", "none"], LATER)).toEqual({
        sessions: 2,
        archived_sessions: 2,
        turns: 2,
        calls: 0,
        segments: 1,
      });
      const unreadable = {
        get: () => Promise.reject(new Error("R2 is away")),
        delete: (keys: string[]) => env.ARCHIVE.delete(keys),
      } as unknown as R2Bucket;
      const blind = shelf.tools(unreadable);
      expect(await eraseSessions(blind, ["b", "d"], LATER)).toMatchObject({ segments: 1 });
      await blind.archivist.clean();
      expect([segments(shelf), await shelf.objects()]).toEqual([[], []]);
      expect(shelf.counters.read()).toMatchObject({ archived: 0, archived_bytes: 0 });
      expectCounted(shelf);
    });
  });

  it("stays as it is where none of them is in it", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      await archive(tools);
      const before = segmentOf(shelf, "a");
      await tools.archivist.rewriteSegment(before.id, new Set(["none"]));
      expect(segments(shelf)).toEqual([before]);
      expect(shelf.db.scalar("select count(*) from doomed_objects")).toBe(0);
      await tools.archivist.rewriteSegment(before.id + 1, new Set(["a"]));
      await tools.archivist.rewriteSegment(before.id, new Set(FOUR));
      expect(segments(shelf)).toEqual([]);
    });
  });

  it("says of a backup's part what is left in it", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      shelf.add("e", ["first", "second"]);
      const tools = shelf.tools();
      await backUp(tools);
      await eraseSession(tools, "b", LATER);
      expect(segments(shelf)).toMatchObject([{ part: 1, sessions: 4, turns: 5, first_key: 1 }]);
      expect(shelf.counters.read().archived_bytes).toBe(0);
      const manifest = `backups/${shelf.account}/backup_1/manifest.json`;
      expect(shelf.db.scalar("select 1 from doomed_objects where object_key = ?", manifest)).toBe(
        1,
      );
      await tools.archivist.clean();
      expect(await (await env.ARCHIVE.get(manifest))?.json()).toMatchObject({
        sessions: 4,
        turns: 5,
      });
    });
  });

  it("may be a copy in a backup, which stays where only archives are asked for", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools();
      await backUp(tools);
      const [part] = segments(shelf);
      await archive(tools);
      await tools.archivist.restore("a", LATER);
      const { segments: count, commit } = await tools.archivist.withoutSessions([row(shelf, "a")], {
        backups: false,
      });
      shelf.db.transaction(commit);
      expect([count, segments(shelf)[0], segments(shelf).length]).toEqual([1, part, 2]);
      const stored = await (await env.ARCHIVE.get(segmentOf(shelf, "b").object_key))!.arrayBuffer();
      expect(stored.byteLength).toBe(segmentOf(shelf, "b").bytes);
      expect(shelf.db.scalar("select count(*) from stale_copies")).toBe(0);
      // Twice is once.
      const again = await tools.archivist.withoutSessions([row(shelf, "a")], { backups: false });
      expect(again.segments).toBe(0);
    });
  });
});

describe("what is erased", () => {
  it("is counted as it was, live or archived, and leaves its cached answer to be forgotten", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      shelf.add("live", ["first", "second"]);
      shelf.add("archived", ["first", "second", "third"]);
      shelf.add("stays", ["first"]);
      await tools.archivist.archiveNow(row(shelf, "archived"), LATER);
      const cached = `query:${shelf.account}`;
      await env.CACHE.put(cached, "answer");
      putDetails(shelf.db, row(shelf, "live").key, { cache_key: cached });
      const dropped: string[] = [];
      const lifecycle = { ...tools.lifecycle, drop: (id: string) => void dropped.push(id) };
      shelf.counters.read();
      expect(await eraseSessions({ ...tools, lifecycle }, ["live", "archived"], LATER)).toEqual({
        sessions: 2,
        archived_sessions: 1,
        turns: 5,
        calls: 0,
        segments: 1,
      });
      expect(dropped).toEqual(["live", "archived"]);
      expect(shelf.counters.read()).toMatchObject({
        sessions: 1,
        turns: 1,
        messages: 2,
        archived: 0,
      });
      expectCounted(shelf);
      expect(await env.CACHE.get(cached)).toBe("answer");
      await tools.archivist.clean();
      expect(await env.CACHE.get(cached)).toBeNull();
      expect(await shelf.objects()).toEqual([]);
      await expect(eraseSession(tools, "live", LATER)).rejects.toMatchObject({
        code: "session_not_found",
      });
      expect(shelf.db.all("select session_id, erased_at from tombstones order by 1")).toEqual([
        { session_id: "archived", erased_at: LATER },
        { session_id: "live", erased_at: LATER },
      ]);
    });
  });

  it("is nothing where one of them, or the account, is held", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      for (const id of ["a", "b"]) shelf.add(id, ["first"]);
      patchSession(shelf.db, row(shelf, "b"), { hold: "case" });
      await expect(eraseSessions(tools, ["a", "b"], LATER)).rejects.toMatchObject({
        code: "session_held",
      });
      patchSession(shelf.db, row(shelf, "b"), { hold: null, pinned: true });
      writeValue(shelf.db, "hold", "case");
      await expect(eraseSessions(tools, ["a"], LATER)).rejects.toMatchObject({
        code: "account_held",
      });
      expect(shelf.db.scalar("select count(*) from sessions")).toBe(2);
      shelf.db.run("delete from account where name = 'hold'");
      expect(await eraseSessions(tools, ["b"], LATER)).toMatchObject({ sessions: 1 });
    });
  });
});

describe("what is doomed", () => {
  it("is deleted, however much it is", async () => {
    await withShelf(async (shelf) => {
      const { archivist } = shelf.tools();
      const key = (n: number) => `conversations/${shelf.account}/${n}`;
      for (const n of [1, 1_500]) await env.ARCHIVE.put(key(n), "x");
      for (let n = 0; n < 1_501; n += 1) scheduleDeletion(shelf.db, key(n));
      await archivist.clean();
      expect(shelf.db.scalar("select count(*) from doomed_objects")).toBe(0);
      expect(await shelf.objects()).toEqual([]);
    });
  });

  it("stays to be deleted where R2 is away", async () => {
    await withShelf(async (shelf) => {
      const key = `conversations/${shelf.account}/x`;
      await env.ARCHIVE.put(key, "x");
      scheduleDeletion(shelf.db, key);
      const away = shelf.tools(failingBucket(1, "before").bucket).archivist;
      await expect(away.clean()).rejects.toMatchObject({ code: "archive_unavailable" });
      expect([
        await shelf.objects(),
        shelf.db.scalar("select object_key from doomed_objects"),
      ]).toEqual([[key], key]);
      await away.clean();
      expect(await shelf.objects()).toEqual([]);
    });
  });

  it("asks R2 for nothing where it is all in the cache", async () => {
    await withShelf(async (shelf) => {
      const { bucket, operations } = failingBucket(1, "before");
      await env.CACHE.put(`query:${shelf.account}`, "x");
      scheduleDeletion(shelf.db, `query:${shelf.account}`);
      await shelf.tools(bucket).archivist.clean();
      expect([operations(), await env.CACHE.get(`query:${shelf.account}`)]).toEqual([0, null]);
    });
  });

  it("is a segment, too, that all sessions have come back from, and no other", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      shelf.add("a", ["first"]);
      await archive(tools);
      shelf.add("b", ["first"]);
      await archive(tools, LATER + DAY);
      const kept = segmentOf(shelf, "b");
      await tools.archivist.restore("a", LATER);
      await tools.archivist.clean();
      expect([segments(shelf), await shelf.objects()]).toEqual([[kept], [kept.object_key]]);
      expect(shelf.counters.read()).toMatchObject({ archived: 1, archived_bytes: kept.bytes });
      expectCounted(shelf);
    });
  });
});

const left = async (tools: Tools, limit = 2) => (await tools.archivist.reencrypt(limit)).left;

describe("archives under another key", () => {
  it("are all tried, where the first is damaged, and it again after the last", async () => {
    await withShelf(async (shelf) => {
      const key = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64");
      for (const n of [1, 2, 3]) {
        shelf.add(`s${n}`, [`text ${n}`]);
        await archive(shelf.tools(), LATER + n * DAY);
      }
      await env.ARCHIVE.put(segmentOf(shelf, "s1").object_key, "damaged");
      const tools = shelf.tools(env.ARCHIVE, { key });
      const next = (limit: number) => tools.archivist.reencrypt(limit);
      expect(await next(1)).toEqual({ segments: 0, errors: 1, left: 3 });
      expect(shelf.errors).toHaveLength(1);
      expect(await next(1)).toEqual({ segments: 1, errors: 0, left: 2 });
      expect(await next(1)).toEqual({ segments: 1, errors: 0, left: 1 });
      // None comes after it: it is tried again, and told, in each step.
      expect(await next(1)).toEqual({ segments: 0, errors: 1, left: 1 });
      expect(await next(1)).toEqual({ segments: 0, errors: 1, left: 1 });
    });
  });

  it("are re-encrypted in batches, and the last batch drops the old keys", async () => {
    await withShelf(async (shelf) => {
      const key = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64");
      expect(await left(shelf.tools(), 9)).toBe(0);
      for (const n of [1, 2, 3]) {
        shelf.add(`s${n}`, [`text ${n}`]);
        await archive(shelf.tools(), LATER + n * DAY);
      }
      const tools = shelf.tools(env.ARCHIVE, { key });
      expect(await left(tools)).toBe(1);
      expect(await left(tools)).toBe(0);
      await tools.keyring.rotate(LATER);
      expect(await left(tools)).toBe(1);
      expect(tools.keyring.rows().map(({ id }) => id)).toEqual([1, 2]);
      expect(await left(tools)).toBe(0);
      expect(tools.keyring.rows().map(({ id }) => id)).toEqual([2]);
      await tools.archivist.clean();
      const objects = await shelf.objects();
      expect(objects.filter((name) => name.endsWith(".ndjson.gz.enc"))).toHaveLength(3);
      expect(objects).toHaveLength(4);
      const { turns } = await tools.archivist.readWhole(row(shelf, "s2"), Infinity);
      expect(turns.map(({ input }) => input)).toEqual(["text 2"]);
      expectCounted(shelf);
    });
  });
});
