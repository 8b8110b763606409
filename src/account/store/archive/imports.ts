import type { Database } from "../../../sqlite/database.ts";
import { readPage } from "../../../sqlite/keyset-page.ts";
import type { Page, PageQuery } from "../../../sqlite/keyset-page.ts";

/** `undoing`: what it brought is being removed, and it takes nothing any more. */
export type ImportStatus = "running" | "complete" | "failed" | "undoing";

export type ImportRow = {
  number: number;
  import_id: string;
  status: ImportStatus;
  /** JSON. */
  options: string;
  /** Up to this line of its source everything is done with. */
  line: number;
  /** The uploader's own word for where that is. */
  position: string | null;
  /** JSON. */
  report: string;
  /** Ms since the epoch. */
  created_at: number;
  updated_at: number;
};

export const findImport = (db: Database, importId: string): ImportRow | null =>
  db.one<ImportRow>("select * from imports where import_id = ?", importId);

export const listImports = (db: Database, query: PageQuery): Page<ImportRow> =>
  readPage<ImportRow, number>(query, {
    cursorOf: (id) => findImport(db, id)?.number ?? null,
    walk: (order, after, count) =>
      db.all<ImportRow>(
        `select * from imports ${after === null ? "" : `where number ${order === "desc" ? "<" : ">"} ?`}
         order by number ${order} limit +?`,
        ...(after === null ? [] : [after]),
        count,
      ),
    placeOf: ({ number }) => number,
    sizeOf: ({ report, options, position }) =>
      report.length + options.length + (position?.length ?? 0),
  });

export function insertImport(
  db: Database,
  { import_id, options, report, created_at }: Omit<ImportRow, "number" | "status">,
): void {
  db.run(
    `insert into imports (import_id, status, options, report, created_at, updated_at)
     values (?, 'running', ?, ?, ?, ?)`,
    import_id,
    options,
    report,
    created_at,
    created_at,
  );
}

/** Writes what is given and leaves the rest as it is. */
export function updateImport(
  db: Database,
  number: number,
  change: Partial<
    Pick<ImportRow, "status" | "options" | "line" | "position" | "report" | "updated_at">
  >,
): void {
  const columns = Object.keys(change);
  db.run(
    `update imports set ${columns.map((name) => `${name} = ?`).join(", ")} where number = ?`,
    ...Object.values(change),
    number,
  );
}

export const deleteImport = (db: Database, number: number): void =>
  db.run("delete from imports where number = ?", number);

/** Turns of one session, from one seq to another, that an import brought. */
export interface TurnRange {
  first: number;
  last: number;
  /** `imports.number`. */
  import: number;
}

/**
 * Records which of a session's turns imports brought, in the transaction that writes them. Deleted with the session.
 *
 * @param maker - the import that made the session; null: a turn began it
 */
export function markTurns(
  db: Database,
  key: number,
  ranges: readonly TurnRange[],
  maker: number | null,
): void {
  const isMarked = ranges.some(({ import: by }) => by === maker);
  const all =
    maker === null || isMarked ? ranges : [{ first: 0, last: -1, import: maker }, ...ranges];
  for (const { first, last, import: by } of all) {
    const made = by === maker ? 1 : 0;
    db.run("insert into import_turns values (?, ?, ?, ?, ?)", key, first, last, by, made);
  }
}

/** The imports that brought a session's turns. */
export function importsOf(
  db: Database,
  key: number,
): { of: (seq: number) => number | null; maker: number | null } {
  const ranges = db.all<{ first: number; last: number; import: number; made: number }>(
    "select * from import_turns where key = ?",
    key,
  );
  return {
    of: (seq) => ranges.find(({ first, last }) => first <= seq && seq <= last)?.import ?? null,
    maker: ranges.find(({ made }) => made === 1)?.import ?? null,
  };
}

/** The keys of the next sessions that an import brought something to. No index: undoing is rare, importing is not. */
export function keysOfImport(db: Database, number: number, after: number, limit: number): number[] {
  return db
    .all<{ key: number }>(
      "select distinct key from import_turns where import = +? and key > ? order by key limit +?",
      number,
      after,
      limit,
    )
    .map(({ key }) => key);
}

/** Which turns the import brought to a session. */
export const rangesOfImport = (
  db: Database,
  number: number,
  key: number,
): { first: number; last: number }[] =>
  db.all<{ first: number; last: number }>(
    "select first, last from import_turns where key = ? and import = ?",
    key,
    number,
  );

/** How many turns the import brought to a live session. */
export const turnsOfImport = (db: Database, number: number, key: number): number =>
  db.scalar<number>(
    `select count(*) from import_turns i cross join turns t
     on t.id between i.key * 1048576 + i.first and i.key * 1048576 + i.last
     where i.key = ? and i.import = ?`,
    key,
    number,
  ) ?? 0;

/** Makes the import of the first turn the session's maker, where every turn is an import's. */
export function passOn(db: Database, key: number): void {
  const others = db.scalar(
    `select 1 from turns t where t.id > ?1 * 1048576 and t.id < (?1 + 1) * 1048576 and not exists (
       select 1 from import_turns i where i.key = ?1 and t.id - ?1 * 1048576 between i.first and i.last) limit 1`,
    key,
  );
  if (others !== null) return;
  db.run(
    `update import_turns set made = 1 where key = ?1 and import = (
       select import from import_turns where key = +?1 order by first limit 1)`,
    key,
  );
}

export const forgetImport = (db: Database, number: number, key: number): void =>
  db.run("delete from import_turns where key = ? and import = ?", key, number);
