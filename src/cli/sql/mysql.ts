import type { Duplex } from "node:stream";

import { createConnection } from "mysql2";
import type { Connection, TypeCastField } from "mysql2";

import { addressOf, partsOfName, reasonOf, valueOf } from "./database.ts";
import type { ColumnType, Database, Row, Value } from "./database.ts";

const CONNECT_MS = 10_000;
/** Rows that wait to be taken. */
const WAITING_ROWS = 200;
/** A slow target may keep the server waiting for us. */
const PATIENCE_S = 31_536_000;

/**
 * @param url - `mysql://user:password@host:port/database`
 * @throws Error that says what is wrong, without the password
 */
export async function openMysql(url: string): Promise<Database> {
  const at = addressOf(url, /^(?:mysql|mariadb):$/, "mysql://user@localhost:3306/chat");
  const connection = createConnection({
    uri: url.replace(/^mariadb:/, "mysql:"),
    connectTimeout: CONNECT_MS,
    charset: "utf8mb4",
    // Every value as the server's text: no time goes through a zone, and no number through a double.
    typeCast: (field: TypeCastField) => {
      const bytes = field.buffer();
      return bytes === null ? null : valueOf(bytes);
    },
  });
  const database = new Mysql(connection, url);
  try {
    for (const sql of [
      "set session time_zone = '+00:00'",
      `set session net_write_timeout = ${PATIENCE_S}, net_read_timeout = ${PATIENCE_S}, wait_timeout = ${PATIENCE_S}`,
      "set session sql_mode = 'NO_BACKSLASH_ESCAPES'",
      "set session transaction isolation level repeatable read",
      "start transaction with consistent snapshot, read only",
    ])
      await database.all(sql);
  } catch (error) {
    connection.destroy();
    const cause = (error as Error).cause;
    throw new Error(`No connection to MySQL at ${at}: ${reasonOf(cause)}.`, { cause: error });
  }
  return database;
}

class Mysql implements Database {
  readonly name = "MySQL";
  readonly #connection: Connection;
  readonly #url: string;
  /** Why the connection went. A statement whose rows are streamed is not told so by itself. */
  #lost: Error | null = null;

  constructor(connection: Connection, url: string) {
    this.#connection = connection;
    this.#url = url;
    connection.on("error", (error: Error) => {
      this.#lost = error;
    });
  }

  all(sql: string): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      this.#connection.query(sql, (error, rows) =>
        error ? reject(said(error)) : resolve(rows as unknown as Row[]),
      );
    });
  }

  async *stream(sql: string): AsyncGenerator<Row> {
    const rows = this.#connection.query(sql).stream({ highWaterMark: WAITING_ROWS });
    const lose = (error: Error) => rows.destroy(error);
    this.#connection.on("error", lose);
    if (this.#lost) lose(this.#lost);
    let isWhole = false;
    try {
      for await (const row of rows) yield row as Row;
      isWhole = true;
    } catch (error) {
      throw said(error);
    } finally {
      this.#connection.off("error", lose);
      // Else the rest of the rows would all come first.
      if (!isWhole) this.#cutOff();
    }
  }

  #cutOff(): void {
    const { stream } = this.#connection as unknown as { stream: Duplex };
    this.#connection.destroy();
    stream.destroy();
  }

  async columns(table: string): Promise<Map<string, ColumnType> | null> {
    const rows = await this.all(
      `select column_name as name, data_type as type from information_schema.columns where ${this.#named(table)}`,
    );
    const json = await this.#jsonColumns(table);
    const types = rows.map(({ name, type }) => {
      const isJson = json.has(String(name));
      return [String(name), isJson ? "json" : typeOf(type)] as const;
    });
    return rows.length === 0 ? null : new Map(types);
  }

  /** MariaDB has JSON as text with a check. */
  async #jsonColumns(table: string): Promise<Set<string>> {
    try {
      const rows = await this.all(
        `select constraint_name as name, check_clause as said from information_schema.check_constraints
         where ${this.#named(table, "constraint_schema")}`,
      );
      const isJson = rows.filter(({ said: clause }) => /^\s*json_valid\(/i.test(String(clause)));
      return new Set(isJson.map(({ name }) => String(name)));
    } catch {
      // MySQL's own has no name of a table there, and tells JSON by its type.
      return new Set();
    }
  }

  async primaryKey(table: string): Promise<string[]> {
    const rows = await this.all(
      `select column_name as name from information_schema.statistics
       where ${this.#named(table)} and index_name = 'PRIMARY' order by seq_in_index`,
    );
    return rows.map(({ name }) => String(name));
  }

  #named(name: string, schemaColumn = "table_schema"): string {
    const [table = "", schema] = partsOfName(name).toReversed();
    const inSchema = schema === undefined ? "database()" : this.literal(schema);
    return `${schemaColumn} = ${inSchema} and table_name = ${this.literal(table)}`;
  }

  quoted(name: string): string {
    return partsOfName(name)
      .map((part) => `\`${part.replaceAll("`", "``")}\``)
      .join(".");
  }

  /** By its bytes: no sql_mode reads these in another way. */
  literal(text: string): string {
    return text === "" ? "''" : `convert(${this.idLiteral(text)} using utf8mb4)`;
  }

  idText(expression: string, type: ColumnType): string {
    const text = type === "bytes" ? `lower(hex(${expression}))` : expression;
    return `cast(convert(${text} using utf8mb4) as binary)`;
  }

  idLiteral(text: string): string {
    return text === "" ? "''" : `x'${Buffer.from(text).toString("hex")}'`;
  }

  sameId(expression: string, type: ColumnType, text: string): string {
    const isSame = `${this.idText(expression, type)} = ${this.idLiteral(text)}`;
    return type === "bytes" ? isSame : `${expression} = ${this.literal(text)} and ${isSame}`;
  }

  ordered(expression: string, isDescending = false): string {
    return isDescending ? `${expression} desc` : expression;
  }

  /** It sees what is there when it begins: MySQL shares no snapshot. */
  another(): Promise<Database> {
    return openMysql(this.#url);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#connection.end(() => resolve());
    });
  }
}

const NUMBERS = /^(?:tiny|small|medium|big)?int$|^(?:decimal|numeric|float|double|year)$/;
const BYTES = /^(?:var)?binary$|blob$|^bit$/;

function typeOf(type: Value | undefined): ColumnType {
  const name = String(type).toLowerCase();
  if (name === "json") return "json";
  if (NUMBERS.test(name)) return "number";
  return BYTES.test(name) ? "bytes" : "text";
}

const said = (error: unknown): Error => new Error(`MySQL: ${reasonOf(error)}.`, { cause: error });
