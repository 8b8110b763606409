import type { Draft } from "../reading/conversation.ts";
import type { History } from "../reading/history.ts";
import type { ColumnType, Database, Row } from "./database.ts";
import type { TableLayout } from "./layout.ts";
import { langchainRows } from "./langchain-rows.ts";
import type { Mapping } from "./mapping.ts";
import { draftOfRows, messageRows } from "./message-rows.ts";

/** The queries of a table, and how its rows are read. */
export interface Prepared {
  count: string;
  rowsAfter: (after: string | null) => string;
  rowsOf: (id: string) => string;
  /** Counts the rows that are in no session. */
  strays: { sql: string; problem: (rows: number) => string }[];
  historyOf: (rows: readonly Row[]) => History;
  draftOf: (id: string, history: History, rows: readonly Row[]) => Draft;
}

/** LangChain's names of its columns; `created_at` only where there is one. */
const langchainMapping = (table: string, hasTimes: boolean): Mapping => ({
  table,
  session_id: "session_id",
  role: "message",
  content: "message",
  id: "id",
  // The order in which they came, whatever the clocks said.
  order_by: ["id"],
  ...(hasTimes && { created_at: "created_at" }),
});

/** @throws Error where there is no such table or column */
export async function prepare(database: Database, layout: TableLayout): Promise<Prepared> {
  const name = "mapping" in layout ? layout.mapping.table : layout.langchain;
  const columns = await columnsOf(database, name);
  const mapping =
    "mapping" in layout ? layout.mapping : langchainMapping(name, columns.has("created_at"));
  const { session_table } = mapping;
  const sessionColumns = session_table ? await columnsOf(database, session_table.table) : null;
  const of = (alias: string, known: Map<string, ColumnType>, table: string) => (column: string) => {
    if (!known.has(column)) {
      const names = [...known.keys()].join(", ");
      throw new Error(`The table ${table} has no column ${column}; it has ${names}.`);
    }
    return `${alias}.${database.quoted(column)}`;
  };
  const m = of("m", columns, name);
  const s = of("s", sessionColumns ?? new Map(), session_table?.table ?? "");
  const keyType = columns.get(mapping.session_id) ?? "text";
  const key = database.idText(m(mapping.session_id), keyType);
  const picked: [string, string][] = [
    ["session_key", key],
    ["role", m(mapping.role)],
    ["content", m(mapping.content)],
  ];
  for (const field of ["created_at", "id", "user_id", "assistant", "model"] as const)
    if (mapping[field] !== undefined) picked.push([field, m(mapping[field])]);
  for (const [at, column] of Object.values(mapping.metadata ?? {}).entries())
    picked.push([`metadata_${at}`, m(column)]);
  if (session_table) {
    for (const field of ["user_id", "assistant", "created_at"] as const)
      if (session_table[field] !== undefined)
        picked.push([`session_${field}`, s(session_table[field])]);
    for (const [at, column] of Object.values(session_table.metadata ?? {}).entries())
      picked.push([`session_metadata_${at}`, s(column)]);
  }
  const primary = mapping.id === undefined ? await database.primaryKey(name) : [mapping.id];
  const time = mapping.created_at === undefined ? [] : [mapping.created_at];
  const byKey = primary.map((column) => database.ordered(m(column)));
  // Without a key, what is said at one time is at least always in the same order: who asks comes before who answers.
  const byContent = [
    database.ordered(m(mapping.role), true),
    // PostgreSQL has no order of json.
    ...(columns.get(mapping.content) === "json" ? [] : [database.ordered(m(mapping.content))]),
  ];
  const order = [
    key,
    ...(mapping.order_by ?? time).map((column) => database.ordered(m(column))),
    ...(byKey.length > 0 ? byKey : byContent),
  ].join(", ");
  const from = `${database.quoted(name)} m${session_table ? ` left join ${joined()}` : ""}`;
  const fields = picked.map(([as, what]) => `${what} as ${as}`).join(", ");
  const select = (where: string) =>
    `select ${fields} from ${from} where ${m(mapping.session_id)} is not null and ${where} order by ${order}`;
  const strays: Prepared["strays"] = [
    {
      sql: `select count(*) as rows_of_none from ${database.quoted(name)} m where ${m(mapping.session_id)} is null`,
      problem: (rows) => `Rows of ${name} without a ${mapping.session_id} are left: ${rows}.`,
    },
  ];
  if (session_table)
    strays.push({
      sql: `select count(*) as rows_of_none from ${database.quoted(session_table.table)} s where not exists
            (select 1 from ${database.quoted(name)} m where ${equal()})`,
      problem: (rows) =>
        `Sessions of ${session_table.table} without a message in ${name} are left: ${rows}.`,
    });
  const facts = { source: database.name.toLowerCase(), mapping, columns };
  const known = { ...facts, isBytes: keyType === "bytes" };
  return {
    count: `select count(distinct ${key}) as sessions from ${database.quoted(name)} m`,
    rowsAfter: (after) =>
      select(after === null ? "1 = 1" : `${key} > ${database.idLiteral(after)}`),
    rowsOf: (id) => select(database.sameId(m(mapping.session_id), keyType, id)),
    strays,
    historyOf: "mapping" in layout ? messageRows(known) : langchainRows,
    draftOf: draftOfRows(known),
  };

  function joined(): string {
    return session_table ? `${database.quoted(session_table.table)} s on ${equal()}` : "";
  }

  /** PostgreSQL compares no uuid with a text; MySQL does, and by an index only where both are as they are. */
  function equal(): string {
    const [one, other] = [s(session_table?.session_id ?? ""), m(mapping.session_id)];
    return database.name !== "PostgreSQL" ? `${one} = ${other}` : `${one}::text = ${other}::text`;
  }
}

async function columnsOf(database: Database, table: string): Promise<Map<string, ColumnType>> {
  const columns = await database.columns(table);
  if (!columns) throw new Error(`${database.name} has no table ${table} there.`);
  return columns;
}
