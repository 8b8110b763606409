import { DatabaseSync } from "node:sqlite";
import type { SQLOutputValue } from "node:sqlite";

import { partsOfName, reasonOf, valueOf } from "./database.ts";
import type { ColumnType, Database, Row, Value } from "./database.ts";

/**
 * A SQLite file, which is only read. libSQL's local files are SQLite's.
 *
 * @throws Error that says what is wrong
 */
export function openSqlite(path: string): Database {
  try {
    const file = new DatabaseSync(path, { readOnly: true });
    // One snapshot for everything that is read.
    file.exec("begin");
    return new Sqlite(file, path);
  } catch (error) {
    throw new Error(`${path} is not read as SQLite: ${reasonOf(error)}.`, { cause: error });
  }
}

class Sqlite implements Database {
  readonly name = "SQLite";
  readonly #file: DatabaseSync;
  readonly #path: string;

  constructor(file: DatabaseSync, path: string) {
    this.#file = file;
    this.#path = path;
  }

  async all(sql: string): Promise<Row[]> {
    const rows: Row[] = [];
    for await (const row of this.stream(sql)) rows.push(row);
    return rows;
  }

  async *stream(sql: string): AsyncGenerator<Row> {
    try {
      const statement = this.#file.prepare(sql);
      // Numbers may be larger than JavaScript's.
      statement.setReadBigInts(true);
      for (const row of statement.iterate())
        yield Object.fromEntries(Object.entries(row).map(([name, value]) => [name, told(value)]));
    } catch (error) {
      throw new Error(`SQLite: ${reasonOf(error)}.`, { cause: error });
    }
  }

  async columns(table: string): Promise<Map<string, ColumnType> | null> {
    const name = partsOfName(table).at(-1) ?? table;
    const rows = await this.all(`select name, type from pragma_table_info(${this.literal(name)})`);
    if (rows.length === 0) return null;
    return new Map(rows.map(({ name: column, type }) => [String(column), typeOf(String(type))]));
  }

  async primaryKey(table: string): Promise<string[]> {
    const name = partsOfName(table).at(-1) ?? table;
    const rows = await this.all(
      `select name from pragma_table_info(${this.literal(name)}) where pk > 0 order by pk`,
    );
    return rows.map((row) => String(row["name"]));
  }

  quoted(name: string): string {
    return partsOfName(name)
      .map((part) => `"${part.replaceAll('"', '""')}"`)
      .join(".");
  }

  literal(text: string): string {
    return `'${text.replaceAll("'", "''")}'`;
  }

  idText(expression: string): string {
    return `cast(${expression} as text) collate binary`;
  }

  idLiteral(text: string): string {
    return this.literal(text);
  }

  sameId(expression: string, _type: ColumnType, text: string): string {
    return `${this.idText(expression)} = ${this.literal(text)}`;
  }

  ordered(expression: string, isDescending = false): string {
    return `${expression}${isDescending ? " desc" : ""} nulls first`;
  }

  another(): Promise<Database> {
    return Promise.resolve(openSqlite(this.#path));
  }

  close(): Promise<void> {
    this.#file.close();
    return Promise.resolve();
  }
}

const told = (value: SQLOutputValue): Value =>
  value === null ? null : value instanceof Uint8Array ? valueOf(value) : String(value);

/** By what a column is declared as. Source: sqlite.org/datatype3.html */
function typeOf(declared: string): ColumnType {
  const type = declared.toUpperCase();
  if (type.includes("JSON")) return "json";
  if (type.includes("BOOL")) return "boolean";
  if (type.includes("BLOB")) return "bytes";
  return /INT|REAL|FLOA|DOUB|NUM|DEC/.test(type) ? "number" : "text";
}
