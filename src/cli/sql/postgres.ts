import { Client } from "pg";
import Cursor from "pg-cursor";

import { addressOf, partsOfName, reasonOf, valueOf } from "./database.ts";
import type { ColumnType, Database, Row, Value } from "./database.ts";

const FETCH_ROWS = 500;
const CONNECT_MS = 10_000;
/** The type of bytes. Source: pg_type. */
const BYTEA_OID = 17;

/** Every value as the server's text; bytes as the text that they are, if any. */
const types = {
  getTypeParser: (oid: number) => (text: string) =>
    oid === BYTEA_OID ? valueOf(Buffer.from(text.slice(2), "hex")) : text,
} as unknown as NonNullable<ConstructorParameters<typeof Client>[0] & object>["types"];

/**
 * @param url - `postgres://user:password@host:port/database`
 * @param snapshot - of another connection, to see what it sees
 * @throws Error that says what is wrong, without the password
 */
export async function openPostgres(url: string, snapshot?: string): Promise<Database> {
  const at = addressOf(url, /^postgres(?:ql)?:$/, "postgres://user@localhost:5432/chat");
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: "transfer",
    client_encoding: "UTF8",
    ...(types && { types }),
  });
  // The statement that fails reports the failure.
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("begin isolation level repeatable read read only");
    if (snapshot !== undefined)
      await client.query(`set transaction snapshot ${client.escapeLiteral(snapshot)}`);
    // A slow target may keep us waiting, and no statement is told for how long.
    await client.query(
      `set local time zone 'UTC'; set local datestyle to 'ISO'; set local intervalstyle to 'iso_8601';
       set local bytea_output to 'hex'; set local extra_float_digits to 3; set local statement_timeout to 0;
       set local idle_in_transaction_session_timeout to 0; set local standard_conforming_strings to on`,
    );
  } catch (error) {
    await client.end().catch(() => undefined);
    throw new Error(`No connection to PostgreSQL at ${at}: ${reasonOf(error)}.`, {
      cause: error,
    });
  }
  return new Postgres(client, url);
}

class Postgres implements Database {
  readonly name = "PostgreSQL";
  readonly #client: Client;
  readonly #url: string;
  #snapshot: string | null = null;

  constructor(client: Client, url: string) {
    this.#client = client;
    this.#url = url;
  }

  async all(sql: string): Promise<Row[]> {
    try {
      return (await this.#client.query<Row>(sql)).rows;
    } catch (error) {
      throw said(error);
    }
  }

  async *stream(sql: string): AsyncGenerator<Row> {
    const cursor = this.#client.query(new Cursor<Row>(sql, [], { types: types as never }));
    for (;;) {
      // A cursor that is left is closed with the connection: on one that was lost, it would wait for an answer for ever.
      const rows = await cursor.read(FETCH_ROWS).catch((error: unknown) => {
        throw said(error);
      });
      yield* rows;
      if (rows.length < FETCH_ROWS) return;
    }
  }

  async columns(table: string): Promise<Map<string, ColumnType> | null> {
    const [found] = await this.all(
      `select to_regclass(${this.literal(this.quoted(table))})::oid as oid`,
    );
    if (!found || found["oid"] === null) return null;
    const rows = await this.all(
      `select attname as name, atttypid::regtype::text as type, typcategory as category
       from pg_attribute join pg_type on pg_type.oid = atttypid
       where attrelid = ${String(found["oid"])} and attnum > 0 and not attisdropped`,
    );
    return new Map(rows.map(({ name, type, category }) => [String(name), typeOf(type, category)]));
  }

  async primaryKey(table: string): Promise<string[]> {
    const rows = await this.all(
      `select attname as name from pg_index cross join unnest(indkey) with ordinality as part (attnum, place)
       join pg_attribute on attrelid = indrelid and pg_attribute.attnum = part.attnum
       where indrelid = to_regclass(${this.literal(this.quoted(table))}) and indisprimary order by place`,
    );
    return rows.map(({ name }) => String(name));
  }

  quoted(name: string): string {
    return partsOfName(name)
      .map((part) => this.#client.escapeIdentifier(part))
      .join(".");
  }

  literal(text: string): string {
    return this.#client.escapeLiteral(text);
  }

  idText(expression: string): string {
    return `(${expression})::text collate "C"`;
  }

  idLiteral(text: string): string {
    return this.literal(text);
  }

  sameId(expression: string, _type: ColumnType, text: string): string {
    return `${this.idText(expression)} = ${this.idLiteral(text)}`;
  }

  ordered(expression: string, isDescending = false): string {
    return `${expression}${isDescending ? " desc" : ""} nulls first`;
  }

  async another(): Promise<Database> {
    this.#snapshot ??= String((await this.all("select pg_export_snapshot() as id"))[0]?.["id"]);
    return openPostgres(this.#url, this.#snapshot);
  }

  async close(): Promise<void> {
    await this.#client.end();
  }
}

function typeOf(type: Value | undefined, category: Value | undefined): ColumnType {
  if (type === "json" || type === "jsonb") return "json";
  if (type === "bytea") return "bytes";
  if (type === "boolean") return "boolean";
  return category === "N" ? "number" : "text";
}

const said = (error: unknown): Error =>
  new Error(`PostgreSQL: ${reasonOf(error)}.`, { cause: error });
