import { vi } from "vitest";

import type { Database } from "../../src/sqlite/database.ts";

/** What was done between two waits for a turn of the event loop. Texts in UTF-16 units. */
export interface CountedPiece {
  statements: number;
  rows: number;
  /** Of the texts of turns and of their parts that SQLite gave. */
  read: number;
  /** Of all parameters of statements. */
  written: number;
  /** Of JSON. */
  parsed: number;
}

const nothing = (): CountedPiece => ({ statements: 0, rows: 0, read: 0, written: 0, parsed: 0 });

/**
 * Counts the work of searches, piece by piece. The last piece is the one that is under way.
 *
 * @param meanwhile - called where others have their turn, with how many pieces there are
 */
export function countPieces(
  db: Database,
  meanwhile = (_pieces: number) => {},
): { pieces: CountedPiece[]; indexed: Map<number, number> } {
  const pieces = [nothing()];
  const last = () => pieces.at(-1) as CountedPiece;
  const [all, run] = [db.all.bind(db), db.run.bind(db)];
  vi.spyOn(db, "all").mockImplementation((sql, ...params) => {
    const before = db.textLength;
    const rows = all(sql, ...params);
    const piece = last();
    piece.statements += 1;
    piece.rows += rows.length;
    piece.written += db.textLength - before;
    for (const { input, output, text } of rows)
      for (const each of [input, output, text])
        if (typeof each === "string") piece.read += each.length;
    return rows;
  });
  /** By the piece: its text in bytes. */
  const indexed = new Map<number, number>();
  vi.spyOn(db, "run").mockImplementation((sql, ...params) => {
    if (/^insert into turn_search\w* \(rowid/.test(sql)) {
      const bytes = Buffer.byteLength(params.filter((one) => typeof one === "string").join(""));
      indexed.set(pieces.length, (indexed.get(pieces.length) ?? 0) + bytes);
    }
    return run(sql, ...params);
  });
  const parse = JSON.parse.bind(JSON);
  vi.spyOn(JSON, "parse").mockImplementation((json, reviver) => {
    last().parsed += json.length;
    return parse(json, reviver) as unknown;
  });
  const wait = scheduler.wait.bind(scheduler);
  vi.spyOn(scheduler, "wait").mockImplementation(async (ms) => {
    pieces.push(nothing());
    meanwhile(pieces.length);
    await wait(ms);
  });
  return { pieces, indexed };
}
