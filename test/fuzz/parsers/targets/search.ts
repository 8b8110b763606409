import { DatabaseSync } from "node:sqlite";

import { matchExpression } from "../../../../src/account/store/turns/match-expression.ts";
import { ApiError } from "../../../../src/shared/errors.ts";
import { expect } from "../expect.ts";

/** The tokenizer of migrations/conversation/0001_init.sql. */
const TOKENIZER = "unicode61 remove_diacritics 2";
const db = new DatabaseSync(":memory:");
db.exec(`create virtual table words using fts5 (input, output, tokenize = '${TOKENIZER}')`);
const clear = db.prepare("delete from words");
const put = db.prepare("insert into words (input) values (?)");
const find = db.prepare("select count(*) as found from words where words match ?");

/** What anybody types is words to a real FTS5, and no syntax: it finds the very text, and nothing of what is not in it. */
export function fuzz(data: Buffer): void {
  const text = data.toString("utf8");
  const expression = expressionOf(text);
  if (expression === null) return;
  clear.run();
  put.run("only");
  const [none] = find.all(`${expression} "absent"`);
  expect(none?.["found"] === 0, "finds more than its words");
  put.run(text);
  const [all] = find.all(expression);
  // FTS5 knows the letters of Unicode 6.1: words of later ones are no words to it.
  const isOld = /^[\p{ASCII}\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]*$/u.test(text);
  if (isOld) expect(Number(all?.["found"]) >= 1, "does not find its own text");
}

/** Null for no word, and for more words than a query takes. */
function expressionOf(text: string): string | null {
  try {
    return matchExpression(text);
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}
