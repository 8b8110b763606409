import { expect } from "vitest";

import { textsThrough } from "../../src/account/store/turns/searched-turns.ts";
import { Database } from "../../src/sqlite/database.ts";

const LAST_ID = Number.MAX_SAFE_INTEGER;

/** All words of a search index, with their places. */
function wordsOf(db: Database, index: string): object[] {
  db.run(`create virtual table words using fts5vocab('${index}', 'instance')`);
  const words = db.all("select * from words order by doc, col, offset");
  db.run("drop table words");
  return words;
}

/** The search index of an account without archives holds the words of its turns, and no other. It is caught up before. */
export function expectWordsOfTurns(storage: DurableObjectStorage): void {
  const db = new Database(storage);
  db.run(
    "create virtual table expected using fts5 (input, output, content = '', tokenize = 'unicode61 remove_diacritics 2')",
  );
  for (const texts of textsThrough(db, 0, LAST_ID))
    for (const [id, { input, output }] of texts)
      db.run("insert into expected (rowid, input, output) values (?, ?, ?)", id, input, output);
  const expected = wordsOf(db, "expected");
  db.run("drop table expected");
  expect(wordsOf(db, "turn_search")).toEqual(expected);
}
