import { expect, onTestFinished } from "vitest";

import { partsOfTurn } from "../../src/account/store/turns/search-parts.ts";
import { VOLUME_BOUNDS, sizeOf, volumesOf } from "../../src/account/store/turns/search-volumes.ts";
import { textsThrough } from "../../src/account/store/turns/searched-turns.ts";
import { Database } from "../../src/sqlite/database.ts";

const LAST_ID = Number.MAX_SAFE_INTEGER;

type Word = { doc: number; col: string; offset: number };

const byPlace = (one: Word, other: Word): number =>
  one.doc - other.doc ||
  (one.col < other.col ? -1 : one.col > other.col ? 1 : one.offset - other.offset);

/** Whether a statement takes rows out of the search index: FTS5 has a command for it. */
export const takesRowsOut = (sql: string): boolean =>
  /^insert into turn_search\w* \(\w+, rowid/.test(sql);

/** All words of a search index, with their places. */
function wordsOf(db: Database, index: string): Word[] {
  db.run(`create virtual table words using fts5vocab('${index}', 'instance')`);
  const words = db.all<Word>("select * from words order by doc, col, offset");
  db.run("drop table words");
  return words;
}

/** The search index of an account without archives holds the words of its turns, and no other. It is caught up before. */
export const expectWordsOfTurns = (storage: DurableObjectStorage): void => {
  expectWordsOf(new Database(storage));
};

/** {@link expectWordsOfTurns}, in long turns by their parts. */
export function expectWordsOf(db: Database): void {
  db.run(
    "create virtual table expected using fts5 (input, output, content = '', tokenize = 'unicode61 remove_diacritics 2')",
  );
  for (const texts of textsThrough(db, 0, LAST_ID))
    for (const [id, text] of texts) {
      const parts = partsOfTurn(db, id).map(({ id: part, side, begins, ends }) => {
        const piece = (text[side] ?? "").slice(begins, ends);
        return side === "input" ? [-part, piece, null] : [-part, null, piece];
      });
      for (const row of parts.length > 0 ? parts : [[id, text.input, text.output]])
        db.run("insert into expected (rowid, input, output) values (?, ?, ?)", ...row);
    }
  const expected = wordsOf(db, "expected");
  db.run("drop table expected");
  const words = volumesOf(db).flatMap((volume) => wordsOf(db, volume));
  expect(words.toSorted(byPlace)).toEqual(expected);
}

/** Words in all volumes of the search index. FTS5 writes their sum at the commit, which comes between two events. */
export const indexedWords = (db: Database): number =>
  sumOf(db, (volume) => sizeOf(db, volume).words);

/** Rows in all volumes: turns, and parts of them. */
export const indexedRows = (db: Database): number =>
  sumOf(db, (volume) => db.scalar<number>(`select count(*) from ${volume}_docsize`) ?? 0);

/** The bytes of all that the index has, as text: its pages, and FTS5's directory of them. */
export const indexBytes = (db: Database): string =>
  volumesOf(db)
    .flatMap((volume) =>
      db.all<{ hex: string }>(
        `select hex(block) as hex from ${volume}_data union all select hex(term) from ${volume}_idx`,
      ),
    )
    .map(({ hex }) => Buffer.from(hex, "hex").toString("latin1"))
    .join("\n");

const sumOf = (db: Database, of: (volume: string) => number): number =>
  volumesOf(db).reduce((sum, volume) => sum + of(volume), 0);

/** Has the test make volumes of so many words. */
export function useVolumesOf(words: number): void {
  const before = VOLUME_BOUNDS.words;
  VOLUME_BOUNDS.words = words;
  onTestFinished(() => {
    VOLUME_BOUNDS.words = before;
  });
}
