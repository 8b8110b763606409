import { describe, expect, it } from "vitest";

import { TURNS_PER_SESSION, callId, turnId } from "../../../src/shared/ids.ts";
import { readDaily, rollUp } from "../../../src/account/store/usage/roll-up.ts";
import { findCall } from "../../../src/account/store/calls/calls.ts";
import { SystemPrompts } from "../../../src/account/store/turns/system-prompts.ts";
import {
  BLOCK_CALLS,
  changeCall,
  checkSize,
  writeCall,
} from "../../../src/account/conversation/external-calls.ts";
import type {
  CallWrite,
  ExternalCallParts,
} from "../../../src/account/conversation/external-calls.ts";
import { SearchIndex } from "../../../src/account/store/turns/search.ts";
import { JOURNAL } from "../../../src/account/store/sessions/session-flags.ts";
import { SessionCache } from "../../../src/account/store/sessions/session-cache.ts";
import { SessionKeys } from "../../../src/account/store/sessions/session-keys.ts";
import {
  findDetails,
  findSession,
  putDetails,
} from "../../../src/account/store/sessions/sessions.ts";
import { THEN, turnOf, withShelf } from "../../support/archive.ts";
import { refusal } from "../../support/desk.ts";
import type { Shelf } from "../../support/archive.ts";
import { DAY } from "../../support/client.ts";
import type { Turn } from "../../../src/shared/turn.ts";
import { removeSession } from "../../../src/account/store/erasure/drop-session.ts";

const NOW = THEN + 3 * DAY;
const WRITE: CallWrite = {
  status: "completed",
  created_at: THEN,
  duration_ms: 5,
  model: "openai/gpt-4o",
  input_tokens: 1,
  output_tokens: 2,
  input: "Hi",
  output: "Hello",
  call: { request: "{}" },
};
interface Book extends Shelf {
  write: (more?: Partial<CallWrite>) => { turn_id: number; created: boolean };
  change: (id: string, change: (turn: Turn) => Turn) => Turn;
  /** How often a journal was begun, and of which sessions turns were written. */
  told: { begun: number; written: number[] };
}

const withBook = (test: (book: Book) => Promise<void> | void): Promise<void> =>
  withShelf(async (shelf) => {
    const { db, turns, counters } = shelf;
    const told: Book["told"] = { begun: 0, written: [] };
    const parts: ExternalCallParts = {
      db,
      turns,
      counters,
      frames: new SystemPrompts(db),
      keys: new SessionKeys(db),
      sessions: new SessionCache(db),
      sessionWritten: () => undefined,
      keyWritten: () => undefined,
      turnWritten: (key) => void told.written.push(key),
      checkRoom: () => undefined,
      journalBegun: () => {
        told.begun += 1;
      },
    };
    await test({
      ...shelf,
      told,
      write: (more) => {
        const { turn_id, created } = db.transaction(() =>
          writeCall(parts, { ...WRITE, ...more }, NOW),
        );
        return { turn_id, created: created !== null };
      },
      change: (id, change) => db.transaction(() => changeCall(parts, id, change)),
    });
  });

const turnsOn = async ({ db }: Shelf, day = THEN / DAY) =>
  (await readDaily(db, day, day)).reduce((sum, { counts }) => sum + counts.turns, 0);

describe("a call of no session", () => {
  it("goes to the journal, a hundred to a block", () =>
    withBook(async (book) => {
      const { db, write, turns, told } = book;
      const ids = Array.from({ length: BLOCK_CALLS + 1 }, () => write().turn_id);
      expect(ids.slice(0, 2)).toEqual([turnId(1, 1), turnId(1, 2)]);
      expect(ids.slice(-2)).toEqual([turnId(1, BLOCK_CALLS), turnId(2, 1)]);
      expect(findSession(db, "journal/1")).toMatchObject({ flags: JOURNAL, accessed_at: THEN });
      expect(told.begun).toBe(1);
      expect(turns.get(turnId(1, 1))).toEqual({
        id: turnId(1, 1),
        status: "completed",
        created_at: THEN,
        duration_ms: 5,
        model: "openai/gpt-4o",
        input_tokens: 1,
        output_tokens: 2,
        input: "Hi",
        output: "Hello",
        extra: { call: { request: "{}" } },
      });
      db.run("update sessions set segment = 1 where key = 2");
      expect(write().turn_id).toBe(turnId(3, 1));
      expect([told.begun, await turnsOn(book)]).toEqual([1, 0]);
    }));

  it("is of its user, and no session", () =>
    withBook(({ write, db }) => {
      write({ user_id: "u" });
      expect(findDetails(db, 1)?.user_id).toBe("u");
      expect(findSession(db, "journal/1")).toMatchObject({ flags: JOURNAL });
    }));
});

describe("a call of a session", () => {
  it("opens the session, or appends to it", () =>
    withBook(({ db, write }) => {
      expect(write({ session_id: "s", user_id: "u" })).toEqual({
        turn_id: turnId(1, 1),
        created: true,
      });
      expect(findSession(db, "s")).toMatchObject({ created_at: THEN, flags: 0 });
      expect(findDetails(db, 1)).toMatchObject({ user_id: "u" });
      expect(write({ session_id: "s", created_at: NOW }).turn_id).toBe(turnId(1, 2));
      expect(findSession(db, "s")).toMatchObject({ accessed_at: NOW });
    }));

  it("is refused where the session is another user's, erased or full", () =>
    withBook(({ db, add, write, turns }) => {
      add("s", []);
      putDetails(db, 1, { user_id: "u" });
      const others = refusal("invalid_request", { param: "user_id" });
      expect(() => write({ session_id: "s", user_id: "v" })).toThrow(others);
      write({ session_id: "s", user_id: "u" });
      write({ session_id: "s" });
      turns.insert(turnOf(turnId(1, TURNS_PER_SESSION - 3), "Hi"));
      expect(write({ session_id: "s" }).turn_id).toBe(turnId(1, TURNS_PER_SESSION - 2));
      expect(() => write({ session_id: "s" })).toThrow(refusal("session_full"));
      removeSession(db, findSession(db, "s")!, NOW);
      expect(() => write({ session_id: "s" })).toThrow(refusal("session_erased"));
    }));

  it("is counted on its day, also where that is over", () =>
    withBook(async (book) => {
      const { db, write, add } = book;
      await rollUp(db, NOW);
      add("s", []);
      putDetails(db, 1, { assistant: "support" });
      write({ session_id: "s", call_id: "c" });
      expect(await readDaily(db, THEN / DAY, THEN / DAY)).toMatchObject([
        { assistant: "support", model: "openai/gpt-4o", counts: { turns: 1, completed: 1 } },
      ]);
    }));
});

describe("a call", () => {
  it("is written once for its id", () =>
    withBook(({ db, write, turns }) => {
      const first = write({ call_id: "c" });
      expect(write({ call_id: "c", input: "Other" })).toEqual({ ...first, created: false });
      expect(turns.get(first.turn_id)?.extra.call).toEqual({ id: "c", request: "{}" });
      expect(findCall(db, "c")).toBe(first.turn_id);
    }));

  it("has what it was written with, and a lease of a day while it is open", () =>
    withBook(({ write, turns }) => {
      const error = { code: "no", message: "No" };
      const policy = { outcome: "blocked", events: [] } as const;
      const failed = write({
        status: "failed",
        output: null,
        error,
        policy: { ...policy, events: [] },
      });
      expect(turns.get(failed.turn_id)).toMatchObject({
        status: "failed",
        extra: { error, policy },
      });
      expect(turns.get(failed.turn_id)?.extra).not.toHaveProperty("lease");
      const open = write({ status: "in_progress", output: null, model: null });
      expect(turns.get(open.turn_id)).toMatchObject({
        model: null,
        extra: { lease: { token: "", until: THEN + DAY } },
      });
    }));

  it("takes so many bytes of JSON", () => {
    const turn = turnOf(1, "");
    checkSize({ ...turn, output: "x".repeat(1_000_000) });
    expect(() => checkSize({ ...turn, output: "é".repeat(1_500_000) })).toThrow(
      refusal("call_too_large"),
    );
    expect(() =>
      checkSize({ ...turn, extra: { call: { request: "x".repeat(3_000_000) } } }),
    ).toThrow(refusal("call_too_large"));
  });
});

const answered = (turn: Turn): Turn => ({ ...turn, output: "Pear", model: "m".repeat(600) });
const same = (turn: Turn) => turn;

describe("a change of a call", () => {
  it("is written, counted and found", () =>
    withBook(async (book) => {
      const { db, write, change, turns, told, counters } = book;
      await rollUp(db, NOW);
      const { turn_id } = write({ session_id: "s", output: null, status: "completed" });
      await book.search.search('"Hi"', { limit: 1, offset: 0 });
      expect(counters.read().messages).toBe(1);
      told.written.length = 0;
      const changed = change(callId(turn_id), answered);
      expect(changed).toMatchObject({ output: "Pear", model: "m".repeat(513) });
      expect(turns.get(turn_id)).toEqual(changed);
      expect(told.written).toEqual([1]);
      expect(counters.read().messages).toBe(2);
      const found = await new SearchIndex(db).search('"Pear"', { limit: 1, offset: 0 });
      expect(found.hits).toMatchObject([{ turn_id }]);
      expect(await turnsOn(book)).toBe(1);
      expect(await readDaily(db, THEN / DAY, THEN / DAY)).toContainEqual(
        expect.objectContaining({
          model: "m".repeat(513),
          counts: expect.objectContaining({ turns: 1 }),
        }),
      );
    }));

  it("that is none writes nothing", () =>
    withBook(({ db, write, change }) => {
      write({ call_id: "c" });
      const before = db.rowsWritten;
      change("c", (turn) => turn);
      expect(db.rowsWritten).toBe(before);
    }));

  it("of the journal is counted in no day", () =>
    withBook(async (book) => {
      const { db, write, change } = book;
      await rollUp(db, NOW);
      write({ call_id: "c" });
      change("c", answered);
      expect(db.all("select * from daily")).toEqual([]);
    }));

  it("is refused of what is archived or unknown", () =>
    withBook(({ db, write, change }) => {
      const { turn_id } = write({ call_id: "c" });
      expect(() => change("unknown", same)).toThrow(refusal("call_not_found"));
      expect(() => change(callId(turn_id + 1), same)).toThrow(refusal("call_not_found"));
      db.run("update sessions set segment = 1 where key = 1");
      expect(() => change("c", same)).toThrow(refusal("call_archived"));
    }));

  it("is refused of a turn that was answered here", () =>
    withBook(({ change, add }) => {
      add("s", ["Hi"]);
      expect(() => change(callId(turnId(1, 1)), (turn) => turn)).toThrow(
        refusal("invalid_request"),
      );
    }));
});
