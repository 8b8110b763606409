import { letOthersRun } from "../../../shared/let-others-run.ts";
import type { Database } from "../../../sqlite/database.ts";
import { keySlices } from "../turns/idempotency.ts";
import { hasVolume, volumesOf } from "../turns/search-volumes.ts";

/** Tables whose rows belong to a turn, each with the column that names it. `calls` is counted by itself. */
export const BY_TURN = {
  turns: "id",
  turn_parts: "turn_id",
  streamed_pieces: "turn_id",
  background_turns: "turn_id",
  idempotency: "turn_id",
  search_parts: "turn_id",
  unfinished_turns: "turn_id",
  fact_extractions: "turn_id",
} as const;
/** Tables whose rows belong to a session. `user_facts` is counted by itself. */
export const BY_SESSION = [
  "sessions",
  "session_details",
  "session_metadata",
  "held_versions",
  "frames",
  "import_turns",
  "stale_copies",
  "session_parts",
  "expired_sessions",
  "former_sessions",
] as const;

const KEYS = "(select value from json_each(?1))";
const inSessions = (table: string, column: string, counted = "*") =>
  `(select count(${counted}) from json_each(?1) j cross join ${table} x
    on x.${column} >= j.value * 1048576 and x.${column} < (j.value + 1) * 1048576)`;
/** Rows that are looked at before other calls run. */
const SLICE_ROWS = 5_000;
/** Sessions that are looked for together in a volume of the search index, whose size bounds what is found. */
const SLICE_KEYS = 500;

const ROWS = [
  ...Object.entries(BY_TURN)
    .filter(([table]) => table !== "idempotency")
    .map(([table, column]) => inSessions(table, column)),
  ...BY_SESSION.map((table) => `(select count(*) from ${table} where key in ${KEYS})`),
].join(" + ");

const count = (db: Database, sql: string, ...params: string[]): number =>
  db.scalar<number>(sql, ...params) ?? 0;

/** Rows of any kind that belong to the sessions. No index leads from them to idempotency keys: these are read in slices. */
export async function countRowsOf(db: Database, keys: readonly number[]): Promise<number> {
  let found = 0;
  for await (const key of keysInSlices(db, keys))
    found += count(db, `select ${ROWS}`, JSON.stringify([key]));
  return found + (await countIdempotency(db, JSON.stringify(keys)));
}

/** One key after the other. Other calls run whenever {@link SLICE_ROWS} were read since. */
export async function* keysInSlices(
  db: Database,
  keys: readonly number[],
): AsyncGenerator<number, void, undefined> {
  let began = db.rowsRead;
  for (const key of keys) {
    yield key;
    if (db.rowsRead - began < SLICE_ROWS) continue;
    await letOthersRun();
    began = db.rowsRead;
  }
}

async function countIdempotency(db: Database, list: string): Promise<number> {
  let found = 0;
  const columns = `total(turn_id / 1048576 in ${KEYS}) as found`;
  for await (const slice of keySlices<{ found: number }>(db, columns, list)) found += slice.found;
  return found;
}

/** Turns of the sessions whose words the search index holds. A long one is there in parts. Other calls run in between. */
export async function countIndexedOf(db: Database, keys: readonly number[]): Promise<number> {
  let found = 0;
  for await (const key of keysInSlices(db, keys))
    found += count(db, IN_PARTS, JSON.stringify([key]));
  for (const volume of volumesOf(db))
    for (let from = 0; from < keys.length; from += SLICE_KEYS) {
      const some = JSON.stringify(keys.slice(from, from + SLICE_KEYS));
      if (hasVolume(db, volume))
        found += count(db, `select ${inSessions(`${volume}_docsize`, "id")}`, some);
      await letOthersRun();
    }
  return found;
}

const IN_PARTS = `select ${inSessions("search_parts", "turn_id", "distinct x.turn_id")}`;

/** Calls from outside, by their callers' ids, that belong to the sessions. */
export const countCallsOf = (db: Database, keys: readonly number[]): number =>
  count(db, `select ${inSessions("calls", "turn_id")}`, JSON.stringify(keys));

/** Facts of users that came from the sessions, or lie in these blocks. */
export const countFactsOf = (db: Database, keys: readonly number[]): number =>
  count(db, `select count(*) from user_facts where key in ${KEYS}`, JSON.stringify(keys));

/** Tables of which rows are there in an empty account, too. The index has a count of its own. */
const NOT_COUNTED = new Set(["account", "migrations"]);

/** Rows of the whole account in every table. */
export function countAllRows(db: Database): number {
  // A crash may have left virtual tables: see index-words.ts.
  const tables = db.all<{ name: string }>(
    `select name from sqlite_master where type = 'table' and sql not like 'create virtual table%' and name not like 'sqlite\\_%' escape '\\'
     and name not like '\\_cf\\_%' escape '\\' and name not like 'turn\\_search%' escape '\\'`,
  );
  return tables
    .filter(({ name }) => !NOT_COUNTED.has(name))
    .reduce((sum, { name }) => sum + count(db, `select count(*) from ${name}`), 0);
}

/** Rows of turns and of parts. Row 0 is of none: see volume-rewrites.ts. */
export const countAllIndexed = (db: Database): number =>
  volumesOf(db).reduce(
    (sum, each) => sum + count(db, `select count(*) from ${each}_docsize where id <> 0`),
    0,
  );

export const countAllCalls = (db: Database): number => count(db, "select count(*) from calls");

export const countAllFacts = (db: Database): number => count(db, "select count(*) from user_facts");
