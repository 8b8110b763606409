import { describe, expect, it } from "vitest";

import { findSession } from "../../../src/account/store/sessions/sessions.ts";
import { putPieces } from "../../../src/account/store/turns/stream-pieces.ts";
import { indexedWords } from "../../support/search-index.ts";
import { eraseSessions } from "../../../src/account/archive/erasure/erase-session.ts";
import { keyOf, turnId } from "../../../src/shared/ids.ts";
import { THEN, dueAt, turnOf, withShelf } from "../../support/archive.ts";
import type { Shelf } from "../../support/archive.ts";
import { DAY } from "../../support/client.ts";
import { DONE, withDesk } from "../../support/desk.ts";
import type { Desk } from "../../support/desk.ts";

const told = (delta: string) => JSON.stringify([{ type: "text", delta }]);

const hits = async ({ search }: Shelf, word: string) =>
  (await search.search(`"${word}"`, { limit: 9, offset: 0 })).hits.length;

/** A turn on its way that another follows, as a call from outside does. A search has indexed both. */
async function openAndFollowed(desk: Desk) {
  const open = await desk.open({ response: {} });
  desk.lifecycle.flush("s");
  desk.turns.insert(turnOf(open.turn_id + 1, "plum", { output: null }));
  expect(await hits(desk, "plum")).toBe(1);
  return open;
}

async function expectForgotten({ db, search }: Desk, turn_id: number): Promise<void> {
  await search.forget([keyOf(turn_id)]);
  await scheduler.wait(1);
  expect(indexedWords(db)).toBe(0);
}

describe("a turn that was indexed before it had an answer", () => {
  it("is found by the answer, and forgotten with it", () =>
    withDesk(async (desk) => {
      const open = await openAndFollowed(desk);
      await desk.lifecycle.settle(open, { ...DONE, output: "zebra and more" }, THEN);
      expect(await hits(desk, "zebra")).toBe(1);
      await expectForgotten(desk, open.turn_id);
    }));

  it("is found by what had come of it where it was cancelled", () =>
    withDesk(async (desk) => {
      const open = await openAndFollowed(desk);
      expect(desk.lifecycle.append(open, 0, told("zebra and more"))).toBe(true);
      desk.lifecycle.cancel("s", open.turn_id);
      expect(await hits(desk, "zebra")).toBe(1);
      await expectForgotten(desk, open.turn_id);
    }));

  it("is found in the archive by what a lost worker had sent, and erased with it", () =>
    withShelf(async (shelf) => {
      const { db, turns } = shelf;
      const tools = shelf.tools();
      shelf.add("s", []);
      const lost = { status: "in_progress", output: null, extra: { response: {} } } as const;
      turns.insert(turnOf(turnId(1, 1), "pear", lost));
      turns.insert(turnOf(turnId(1, 2), "plum"));
      putPieces(db, turnId(1, 1), 0, told("zebra and more"));
      expect([await hits(shelf, "pear"), await hits(shelf, "zebra")]).toEqual([1, 0]);
      await tools.archivist.archiveDue(dueAt(THEN + 40 * DAY), 0);
      expect(findSession(db, "s")?.segment).not.toBeNull();
      expect(await hits(shelf, "zebra")).toBe(1);
      await eraseSessions(tools, ["s"], THEN + 40 * DAY);
      await scheduler.wait(1);
      expect(indexedWords(db)).toBe(0);
      expect(shelf.counters.read().messages).toBe(0);
    }));
});
