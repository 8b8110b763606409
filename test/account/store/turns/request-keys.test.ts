import { describe, expect, it } from "vitest";

import { withArchived } from "../../../../src/account/archive/sessions/archived-session.ts";
import { importRecord } from "../../../../src/account/archive/sessions/import-record.ts";
import type { SessionRecord } from "../../../../src/account/archive/format/record.ts";
import { putKey } from "../../../../src/account/store/turns/idempotency.ts";
import {
  UNKNOWN_KEYS,
  blankKeysOfTurn,
  dropKeysOfTurn,
  dropRequestKeys,
  withRequestKeys,
} from "../../../../src/account/store/turns/request-keys.ts";
import type { RequestKeys } from "../../../../src/account/store/turns/request-keys.ts";
import { turnId } from "../../../../src/shared/ids.ts";
import {
  THEN,
  addRequestKeys,
  rowsOfTransactions,
  turnOf,
  withShelf,
} from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";

const OTHERS = 3_000;

/** Sessions 1 and 2 have turns that requests with keys made, beside the keys of many others. */
function fill(shelf: Shelf): void {
  for (const [key, session, seq, at] of [
    ["a", 1, 1, THEN],
    ["b", 1, 1, THEN + 1],
    ["c", 1, 2, THEN + 2],
    ["d", 2, 1, THEN],
  ] as const)
    putKey(shelf.db, { key, hash: "h" }, turnId(session, seq), at);
  shelf.db.run("delete from idempotency where key like 'other-%'");
  addRequestKeys(shelf, 100, OTHERS);
}

const recordOf = (session_id: string, input: string): SessionRecord => ({
  session_id,
  key: 1,
  created_at: THEN,
  accessed_at: THEN,
  assistant: null,
  user_id: null,
  metadata: {},
  turns: [turnOf(turnId(1, 1), input)],
});

const left = ({ db }: Shelf) =>
  db
    .all<{ key: string; hash: string }>(
      "select key, hash from idempotency where key not like 'other-%' order by key",
    )
    .map(({ key, hash }) => `${key}${hash === "" ? " blank" : ""}`);

const changes: [string, (shelf: Shelf, keys: RequestKeys) => void, string[]][] = [
  ["of sessions", ({ db }, keys) => dropRequestKeys(db, keys, [1]), ["d"]],
  ["of a session since", ({ db }, keys) => dropRequestKeys(db, keys, [1], THEN + 1), ["a", "d"]],
  ["of a turn", ({ db }, keys) => dropKeysOfTurn(db, keys, turnId(1, 1)), ["c", "d"]],
  [
    "of a turn, which are blank then",
    ({ db }, keys) => blankKeysOfTurn(db, keys, turnId(1, 1)),
    ["a blank", "b blank", "c", "d"],
  ],
];

describe("keys of requests", () => {
  it.each(changes)("%s are found before the transaction", (_name, change, expected) =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      fill(shelf);
      await withRequestKeys(db, [1], async (keys) => {
        const rows = rowsOfTransactions(shelf);
        db.transaction(() => change(shelf, keys));
        expect(Math.max(...rows)).toBeLessThan(20);
      });
      expect(left(shelf)).toEqual(expected);
    }),
  );

  it.each(changes)(
    "%s are found in the transaction, where none were looked for",
    (_, change, expected) =>
      withShelf(async (shelf) => {
        fill(shelf);
        shelf.db.transaction(() => change(shelf, UNKNOWN_KEYS));
        expect(left(shelf)).toEqual(expected);
      }),
  );

  it("that another session's request has by then stay", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      fill(shelf);
      await withRequestKeys(db, [1], async (keys) => {
        putKey(db, { key: "a", hash: "h" }, turnId(2, 2), THEN);
        putKey(db, { key: "e", hash: "h" }, turnId(1, 3), THEN);
        db.transaction(() => dropRequestKeys(db, keys, [1]));
      });
      expect(left(shelf)).toEqual(["a", "d"]);
      putKey(db, { key: "f", hash: "h" }, turnId(1, 3), THEN);
      expect(left(shelf)).toEqual(["a", "d", "f"]);
    }));

  it("go with sessions that an import replaces, and are read once for all of them, or not at all", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      for (const id of ["s", "t", "u"]) shelf.add(id, ["first"]);
      fill(shelf);
      const bring = async (text: string) => {
        const records = ["s", "t"].map((id) => recordOf(id, text));
        const how = { on_conflict: "replace", onlyCheck: false, import: null, now: THEN } as const;
        const before = db.rowsRead;
        const done = await withArchived(
          shelf.tools(),
          records,
          "replace",
          (archived, requestKeys) =>
            records.map(
              (each) => importRecord(shelf.tools(), each, { ...how, archived, requestKeys }).done,
            ),
        );
        return [...done, db.rowsRead - before] as const;
      };
      expect(await bring("second")).toEqual(["replaced", "replaced", expect.any(Number)]);
      expect(left(shelf)).toEqual([]);
      fill(shelf);
      const rows = (await bring("third"))[2] as number;
      expect([rows > OTHERS, rows < 1.5 * OTHERS]).toEqual([true, true]);
      fill(shelf);
      expect(await bring("third")).toEqual(["unchanged", "unchanged", expect.any(Number)]);
      expect((await bring("third"))[2]).toBeLessThan(200);
      expect(left(shelf)).toEqual(["a", "b", "c", "d"]);
    }));
});
