import { OLD_TABLES } from "../../account/calls/old-schema.ts";
import type { OldTable } from "../../account/calls/old-schema.ts";
import type { ColumnType, Database, Row, Value } from "../sql/database.ts";
import { openMysql } from "../sql/mysql.ts";
import { openPostgres } from "../sql/postgres.ts";
import { parseJson } from "../../shared/json.ts";

/** A row as `POST /migrations/calls` takes it. */
export type JournalRow = { table: OldTable; call_id: string } & Record<string, unknown>;

export interface JournalOptions {
  /** `postgres://user:password@host:port/database`, or the same with `mysql://`. */
  url: string;
  /** The `call_id` to go on after. */
  after?: string | null | undefined;
  /** Is told what is not there, and what is left. */
  note?: ((text: string) => void) | undefined;
}

/** Those without which there is no journal. */
const NEEDED = new Set<OldTable>(["conversation_calls", "conversation_events"]);
/** Texts, whatever type they have there. */
const IDS = new Set(["id", "call_id", "trace_id", "tool_call_id"]);

/**
 * The old call journal, call by call in the order of their ids, with all rows of a call together. Rows of calls that
 * `conversation_calls` does not have are told, too. See docs/migrate/journal.md.
 *
 * @throws Error where there is no such server or table
 */
export async function* journalRows(
  options: JournalOptions,
): AsyncGenerator<{ call_id: string; rows: JournalRow[] }> {
  const { url, after = null, note = () => undefined } = options;
  const open = /^postgres(?:ql)?:/.test(url) ? openPostgres : openMysql;
  const first = await open(url);
  const databases = [first];
  try {
    const streams: Stream[] = [];
    for (const table of OLD_TABLES) {
      const columns = await first.columns(table);
      if (columns?.has("call_id")) {
        if (after === null) await noteStrays(first, table, note);
        // Each table has a connection of its own, so that all can be gone through side by side.
        const database = await first.another();
        databases.push(database);
        streams.push(streamOf(database, { table, columns, after }));
      } else if (NEEDED.has(table)) {
        throw new Error(`${first.name} has no table ${table} with a call_id there.`);
      } else note(`There is no table ${table}.`);
    }
    yield* together(streams);
  } finally {
    await Promise.all(databases.map((database) => database.close()));
  }
}

/** How many calls there are: a few more where only their events are. */
export async function journalTotal(url: string): Promise<number> {
  const database = await (/^postgres(?:ql)?:/.test(url) ? openPostgres : openMysql)(url);
  try {
    const [row] = await database.all("select count(*) as calls from conversation_calls");
    return Number(row?.["calls"] ?? 0);
  } finally {
    await database.close();
  }
}

interface Table {
  table: OldTable;
  columns: Map<string, ColumnType>;
  after: string | null;
}

interface Stream {
  rows: AsyncIterator<JournalRow>;
  /** The row that comes next. */
  next: JournalRow | null;
}

function streamOf(database: Database, { table, columns, after }: Table): Stream {
  const key = database.idText("call_id", columns.get("call_id") ?? "text");
  const ties = ["chunk_index", "sequence", "created_at", "id"].filter((name) => columns.has(name));
  const order = [key, ...ties.map((name) => database.ordered(database.quoted(name)))].join(", ");
  const onlyAfter = after === null ? "" : `and ${key} > ${database.idLiteral(after)}`;
  const sql = `select t.*, ${key} as journal_key from ${table} t where call_id is not null ${onlyAfter} order by ${order}`;
  async function* rows(): AsyncGenerator<JournalRow> {
    for await (const row of database.stream(sql)) yield rowOf(table, columns, row);
  }
  return { rows: rows(), next: null };
}

/** Rows of all tables, as long as they are of one call. */
async function* together(
  streams: readonly Stream[],
): AsyncGenerator<{ call_id: string; rows: JournalRow[] }> {
  const advance = async (stream: Stream) => {
    const { done, value } = await stream.rows.next();
    stream.next = done ? null : value;
  };
  try {
    for (const stream of streams) await advance(stream);
    for (;;) {
      const ids = streams.flatMap(({ next }) => (next ? [next.call_id] : []));
      const [some] = ids;
      if (some === undefined) return;
      const call_id = ids.reduce((least, id) => (isBefore(id, least) ? id : least), some);
      const rows: JournalRow[] = [];
      for (const stream of streams) {
        while (stream.next?.call_id === call_id) {
          rows.push(stream.next);
          await advance(stream);
        }
      }
      yield { call_id, rows };
    }
  } finally {
    for (const { rows } of streams) await rows.return?.();
  }
}

/** Compares ids as the servers do: byte by byte. */
const isBefore = (a: string, b: string): boolean =>
  Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;

function rowOf(table: OldTable, columns: Map<string, ColumnType>, row: Row): JournalRow {
  const { journal_key, ...rest } = row;
  const told = Object.entries(rest).flatMap(([name, value]): [string, unknown][] =>
    // Nulls say nothing.
    value === null ? [] : [[name, tell(value, IDS.has(name) ? "text" : columns.get(name))]],
  );
  return { ...Object.fromEntries(told), table, call_id: String(journal_key) };
}

/** Documents stay the text that they are: a number of theirs may be larger than ours. A text in JSON is that text. */
function tell(value: NonNullable<Value>, type: ColumnType | undefined): unknown {
  if (typeof value !== "string") return `\\x${Buffer.from(value).toString("hex")}`;
  if (type === "json" && !/^[[{]/.test(value)) return parseJson(value);
  if (type === "boolean") return value === "t";
  const number = Number(value);
  const isExact = !Number.isInteger(number) || Number.isSafeInteger(number);
  return type === "number" && Number.isFinite(number) && isExact ? number : value;
}

async function noteStrays(
  database: Database,
  table: OldTable,
  note: (text: string) => void,
): Promise<void> {
  const [row] = await database.all(
    `select count(*) as rows_of_none from ${table} where call_id is null`,
  );
  const rows = Number(row?.["rows_of_none"] ?? 0);
  if (rows > 0) note(`Rows of ${table} without a call_id are left: ${rows}.`);
}
