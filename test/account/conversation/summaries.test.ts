import { describe, expect, it } from "vitest";

import { turnId } from "../../../src/shared/ids.ts";
import { findDetails, findSession } from "../../../src/account/store/sessions/sessions.ts";
import { Summaries } from "../../../src/account/conversation/summaries.ts";
import { THEN, openTurnOf, withShelf } from "../../support/archive.ts";
import type { Shelf } from "../../support/archive.ts";
import { isVisible, settledView, turnMessages } from "../../../src/shared/turn.ts";
import type { Turn } from "../../../src/shared/turn.ts";

const MANY = Array.from({ length: 30 }, (_, index) => `q${index + 1}`);
const detailsOf = ({ db }: Shelf, sessionId: string) =>
  findDetails(db, findSession(db, sessionId)!.key);

describe("a summary", () => {
  it("is begun when enough turns have left, with what was said until then", () =>
    withShelf(async (shelf) => {
      shelf.add("s", MANY);
      const summaries = new Summaries(shelf.db, shelf.turns);
      expect(summaries.begin("s", turnId(1, 1), THEN)).toBeNull();
      const work = summaries.begin("s", turnId(1, 20), THEN);
      expect(work).toMatchObject({ previous: null, through: turnId(1, 20) });
      expect(work?.messages).toHaveLength(40);
      expect(work?.messages.slice(0, 2)).toEqual([
        { role: "user", content: "q1" },
        { role: "assistant", content: "q1!" },
      ]);
    }));

  it("is one writer's at a time, until it ends or is given up", () =>
    withShelf(async (shelf) => {
      shelf.add("s", MANY);
      const summaries = new Summaries(shelf.db, shelf.turns);
      const begin = (now: number) => summaries.begin("s", turnId(1, 20), now);
      expect(begin(THEN)).not.toBeNull();
      expect(begin(THEN + 1)).toBeNull();
      summaries.end("s", turnId(1, 20), null);
      expect(begin(THEN + 2)).not.toBeNull();
      expect(begin(THEN + 24 * 60 * 60 * 1_000)).not.toBeNull();
    }));

  it("that covers no more than the one before changes nothing", () =>
    withShelf(async (shelf) => {
      shelf.add("s", MANY);
      const summaries = new Summaries(shelf.db, shelf.turns);
      summaries.end("s", turnId(1, 10), "first");
      expect(detailsOf(shelf, "s")).toMatchObject({
        summary: "first",
        summary_turn: turnId(1, 10),
      });
      summaries.end("s", turnId(1, 10), "again");
      summaries.end("s", turnId(1, 9), "older");
      summaries.end("s", turnId(2, 20), "of another session");
      summaries.end("unknown", turnId(1, 20), "of none");
      expect(detailsOf(shelf, "s")?.summary).toBe("first");
      const next = summaries.begin("s", turnId(1, 30), THEN);
      expect([next?.previous, next?.messages[0]]).toEqual([
        "first",
        { role: "user", content: "q11" },
      ]);
      summaries.end("s", turnId(1, 30), "x".repeat(100_000));
      expect(detailsOf(shelf, "s")?.summary?.length).toBeLessThan(100_000);
    }));

  it("is of the live session that it was asked for", () =>
    withShelf(async (shelf) => {
      shelf.add("s", MANY);
      shelf.add("t", MANY);
      const summaries = new Summaries(shelf.db, shelf.turns);
      expect(summaries.begin("unknown", turnId(1, 20), THEN)).toBeNull();
      expect(summaries.begin("t", turnId(1, 20), THEN)).toBeNull();
      expect(summaries.begin("t", turnId(2, 20), THEN)).not.toBeNull();
    }));
});

const turn = (more: Partial<Turn>): Turn => openTurnOf(turnId(1, 1), "Hi", more);

describe("a turn", () => {
  it("in progress past its lease reads as abandoned", () => {
    const leased = turn({ extra: { lease: { token: "t", until: THEN }, restored: true } });
    expect(settledView(leased, THEN - 1)).toBe(leased);
    expect(settledView(leased, THEN)).toEqual(
      turn({ status: "abandoned", extra: { restored: true } }),
    );
    expect(settledView(turn({}), THEN).status).toBe("abandoned");
    const failed = turn({ status: "failed" });
    expect(settledView(failed, THEN)).toBe(failed);
  });

  it("is told where it has an answer, and holds what was asked either way", () => {
    const told = (
      ["in_progress", "completed", "failed", "abandoned", "interrupted"] as const
    ).filter((status) => isVisible(turn({ status })));
    expect(told).toEqual(["completed", "interrupted"]);
    expect(turnMessages(turn({}))).toEqual([{ role: "user", content: "Hi" }]);
    expect(turnMessages(turn({ output: "Hello" }))).toHaveLength(2);
  });
});
