import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { eraseSession } from "../../../../src/account/archive/erasure/erase-session.ts";
import { eraseUser } from "../../../../src/account/archive/erasure/erase-user.ts";
import { redactSession } from "../../../../src/account/archive/erasure/redact-session.ts";
import { forkSession } from "../../../../src/account/archive/sessions/fork-session.ts";
import { insertRecord } from "../../../../src/account/archive/sessions/insert-record.ts";
import { liveRecord } from "../../../../src/account/archive/sessions/live-record.ts";
import { callId, seqOf, turnId } from "../../../../src/shared/ids.ts";
import { writeValue } from "../../../../src/account/store/account/account-values.ts";
import { readDaily, rollUp } from "../../../../src/account/store/usage/roll-up.ts";
import type { TurnLifecycle } from "../../../../src/account/conversation/turn-lifecycle.ts";
import {
  findDetails,
  findSession,
  patchSession,
  putDetails,
} from "../../../../src/account/store/sessions/sessions.ts";
import type { SessionRow } from "../../../../src/account/store/sessions/sessions.ts";
import { THEN, dueAt, turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf, Tools } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";
import type { Turn } from "../../../../src/shared/turn.ts";

const LATER = THEN + 40 * DAY;
const row = ({ db }: Pick<Shelf, "db">, id: string): SessionRow => findSession(db, id)!;

/** Knows of these sessions that nothing is written of yet, and notes what is asked of it. */
function ledgerOf(unwritten: string[] = []) {
  const asked: string[] = [];
  const lifecycle = {
    isBusy: () => false,
    unwrittenSessionsOf: () => [...unwritten],
    drop: (id: string) => {
      asked.push(`drop ${id}`);
      if (unwritten.includes(id)) unwritten.splice(unwritten.indexOf(id), 1);
    },
    flush: (id: string) => void asked.push(`flush ${id}`),
  };
  return { lifecycle: lifecycle as unknown as TurnLifecycle, asked };
}

/** What erasing a user works with. */
const erasing = (tools: Tools, lifecycle: TurnLifecycle) => ({
  ...tools,
  lifecycle,
  cache: env.CACHE,
  clean: () => tools.archivist.clean(),
});

const own = ({ db }: Shelf, id: string, user_id: string, role?: string) =>
  putDetails(db, row({ db }, id).key, { user_id, ...(role !== undefined && { role }) });

describe("a user who is erased", () => {
  it("has nothing left, live, archived or on its way, and all others have theirs", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      for (const id of ["live", "archived", "bob"]) {
        shelf.add(id, ["first", "second"]);
        own(shelf, id, id === "bob" ? "bob" : "ann");
      }
      await tools.archivist.archiveDue(dueAt(LATER, 0), 0);
      await tools.archivist.restore("live", LATER);
      const { lifecycle, asked } = ledgerOf(["unwritten"]);
      expect(await eraseUser(erasing(tools, lifecycle), { user_id: "ann" }, LATER)).toEqual({
        user_id: "ann",
        sessions: 2,
        archived_sessions: 1,
        turns: 4,
        calls: 0,
        segments: 1,
        where: [
          "sqlite",
          "search_index",
          "external_calls",
          "user_facts",
          "kv",
          "r2_archives",
          "r2_backups",
          "whatsapp",
        ],
        places: expect.arrayContaining([
          // Two of each: the session and its details, the live one's turns, and its copy in the archive.
          { place: "sqlite", state: "clean", found: 7, left: 0 },
          { place: "r2_archives", state: "clean", found: 1, left: 0 },
          { place: "replica", state: "absent", found: 0, left: 0 },
        ]),
        verified: true,
        erased_at: LATER,
      });
      expect(asked).toEqual(["drop unwritten", "drop live", "drop archived"]);
      expect(shelf.db.all("select session_id, erased_at from tombstones order by 1")).toEqual(
        ["archived", "live", "unwritten"].map((session_id) => ({ session_id, erased_at: LATER })),
      );
      expect((await shelf.read("bob")).map(({ input }) => input)).toEqual(["first", "second"]);
    });
  });

  it("goes over more sessions than one transaction takes, and adds them up", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      for (let n = 0; n < 501; n += 1) {
        shelf.add(`s${n}`, n === 0 || n === 500 ? ["x"] : []);
        own(shelf, `s${n}`, "ann");
      }
      for (const id of ["s0", "s500"]) await tools.archivist.archiveNow(row(shelf, id), LATER);
      const { lifecycle } = ledgerOf();
      expect(await eraseUser(erasing(tools, lifecycle), { user_id: "ann" }, LATER)).toMatchObject({
        sessions: 501,
        archived_sessions: 2,
        turns: 2,
        segments: 2,
        verified: true,
      });
    });
  });

  it("may have no sessions", async () => {
    await withShelf(async (shelf) => {
      const { lifecycle, asked } = ledgerOf();
      expect(
        await eraseUser(erasing(shelf.tools(), lifecycle), { user_id: "ann" }, LATER),
      ).toMatchObject({
        sessions: 0,
        segments: 0,
        verified: true,
      });
      expect(asked).toEqual([]);
    });
  });

  it("in one role keeps what is theirs in another", async () => {
    await withShelf(async (shelf) => {
      for (const role of ["pupil", "teacher"]) {
        shelf.add(role, ["x"]);
        own(shelf, role, "ann", role);
      }
      const { lifecycle } = ledgerOf();
      const user = { user_id: "ann", role: "pupil" };
      expect(await eraseUser(erasing(shelf.tools(), lifecycle), user, LATER)).toMatchObject({
        sessions: 1,
        verified: true,
      });
      expect([findSession(shelf.db, "pupil"), row(shelf, "teacher").session_id]).toEqual([
        null,
        "teacher",
      ]);
    });
  });

  it("is not where a session of theirs, or the account, is held: then nothing is", async () => {
    await withShelf(async (shelf) => {
      for (const id of ["a", "b"]) {
        shelf.add(id, ["x"]);
        own(shelf, id, "ann");
      }
      const { lifecycle, asked } = ledgerOf(["unwritten"]);
      const erase = () => eraseUser(erasing(shelf.tools(), lifecycle), { user_id: "ann" }, LATER);
      patchSession(shelf.db, row(shelf, "b"), { hold: "case" });
      await expect(erase()).rejects.toMatchObject({ code: "session_held" });
      writeValue(shelf.db, "hold", "case");
      await expect(erase()).rejects.toMatchObject({ code: "account_held" });
      expect([asked, shelf.db.scalar("select count(*) from sessions")]).toEqual([[], 2]);
    });
  });
});

const forget = (tools: Tools, session: SessionRow, remove: () => void) =>
  redactSession({ ...tools, ...ledgerOf() }, session, { remove, turn: null });

describe("words that are forgotten", () => {
  it("go from the session and from its copies in archives, and stay in backups", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      for (const id of ["a", "b"]) shelf.add(id, ["first", "second"]);
      await tools.archivist.archiveDue(dueAt(LATER, 0), 0);
      await tools.archivist.restore("a", LATER);
      const [before = ""] = await shelf.objects();
      const { key } = row(shelf, "a");
      const { lifecycle, asked } = ledgerOf();
      const remove = () => shelf.turns.remove([turnId(key, 1), turnId(key, 2)]);
      await redactSession({ ...tools, lifecycle }, row(shelf, "a"), { remove, turn: null });
      await tools.archivist.clean();
      const [after = "", ...more] = await shelf.objects();
      expect([more, after === before, asked]).toEqual([[], false, ["flush a"]]);
      expect((await shelf.read("a")).map(({ input }) => input)).toEqual(["second"]);
      expect((await shelf.read("b")).map(({ input }) => input)).toEqual(["first", "second"]);
    });
  });

  it("stay, all of them, where the session is held or gone, or the account is held", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      for (const id of ["a", "b"]) shelf.add(id, ["first"]);
      await tools.archivist.archiveDue(dueAt(LATER, 0), 0);
      await tools.archivist.restore("a", LATER);
      const objects = await shelf.objects();
      const session = row(shelf, "a");
      const copies = () => shelf.db.all("select * from stale_copies");
      const before = copies();
      expect(before).toHaveLength(1);
      let removed = 0;
      const attempt = () => forget(tools, session, () => void (removed += 1));
      patchSession(shelf.db, session, { hold: "case" });
      await expect(attempt()).rejects.toMatchObject({ code: "session_held" });
      writeValue(shelf.db, "hold", "case");
      await expect(attempt()).rejects.toMatchObject({ code: "account_held" });
      shelf.db.run("delete from account where name = 'hold'");
      expect([copies(), removed]).toEqual([before, 0]);
      await tools.archivist.clean();
      expect(await shelf.objects()).toEqual(objects);
      patchSession(shelf.db, row(shelf, "a"), { hold: null });
      await eraseSession(tools, "a", LATER);
      await expect(attempt()).rejects.toMatchObject({ code: "session_not_found" });
      expect(removed).toBe(0);
    });
  });
});

const turn = (seq: number, extra: Turn["extra"] = {}): Turn =>
  turnOf(turnId(5, seq), `q${seq}`, { created_at: THEN + seq, output: `a${seq}`, extra });

describe("a fork", () => {
  it("has the turns up to one, and all else as it is now but pin, hold and summary", async () => {
    await withShelf(async (shelf) => {
      const tools = shelf.tools();
      const others = { assistant: "tutor", user_id: "u", role: "pupil", metadata: { a: "b" } };
      insertRecord(tools, {
        session_id: "s",
        key: 5,
        created_at: THEN,
        accessed_at: THEN,
        ...others,
        facts: ["likes tea"],
        state: { n: 1 },
        state_version: 2,
        summary: { text: "They met.", turn: callId(turnId(5, 1)) },
        pinned: true,
        hold: "case",
        turns: [turn(1, { call: { id: "mine" }, cached: true }), turn(2), turn(3)],
      });
      shelf.db.transaction(() => forkSession(tools, turnId(5, 2), "fork", LATER));
      const { key } = row(shelf, "fork");
      const fork = liveRecord(tools, key)!;
      expect(key).not.toBe(5);
      expect(fork.turns.map(({ id, input, extra }) => [seqOf(id), input, extra])).toEqual([
        [1, "q1", { cached: true }],
        [2, "q2", {}],
      ]);
      expect(fork).toMatchObject({
        ...others,
        accessed_at: LATER,
        facts: ["likes tea"],
        state: { n: 1 },
      });
      expect([fork.pinned, fork.hold, fork.summary]).toEqual([undefined, undefined, undefined]);
      expect(shelf.turns.count(5).turns).toBe(3);
      expect(findDetails(shelf.db, 5)?.summary).toBe("They met.");
    });
  });

  it("is of what is live only", async () => {
    await withShelf(async (shelf) => {
      const fork = () => forkSession(shelf.tools(), turnId(9, 1), "fork", LATER);
      expect(fork).toThrow("only what is live");
      expect(findSession(shelf.db, "fork")).toBeNull();
    });
  });
});

/** Its first day is rolled up, and the day of its last turn is not. */
const prepare = async (shelf: Shelf) => {
  shelf.add("a", ["first", "second"]);
  const last = shelf.turns.last(row(shelf, "a").key)!;
  shelf.turns.update({ ...last, created_at: THEN + 2 * DAY });
  shelf.db.run("update sessions set accessed_at = ?", THEN + 2 * DAY);
  await rollUp(shelf.db, THEN + 1.5 * DAY);
};

const counted = ({ db }: Shelf) =>
  Promise.all(
    [0, 1, 2].map(async (day) =>
      (await readDaily(db, THEN / DAY + day, THEN / DAY + day)).reduce(
        (sum, { counts }) => sum + counts.turns,
        0,
      ),
    ),
  );

describe("turns of days that are not rolled up yet, in a session that was begun before", () => {
  it("are counted still when it is erased, archived or restored", async () => {
    await withShelf(async (shelf) => {
      await prepare(shelf);
      const tools = shelf.tools();
      expect(await counted(shelf)).toEqual([1, 0, 1]);
      await tools.archivist.archiveNow(row(shelf, "a"), THEN + 2 * DAY);
      expect(await counted(shelf)).toEqual([1, 0, 1]);
      await tools.archivist.restore("a", THEN + 2 * DAY);
      expect(await counted(shelf)).toEqual([1, 0, 1]);
      await eraseSession(tools, "a", THEN + 2 * DAY);
      expect(await counted(shelf)).toEqual([1, 0, 1]);
    });
  });
});
