/**
 * The value of a column as the server writes it as text; bytes where they are no text, null where there is nothing.
 */
export type Value = string | Uint8Array | null;
export type Row = Record<string, Value>;

/** The type of a column for a reader: `json` is a document's text, `bytes` is no text. */
export type ColumnType = "text" | "json" | "number" | "boolean" | "bytes";

/**
 * A snapshot of another system's database, which is only read. Times are told in UTC. One statement at a time: while
 * rows are streamed, nothing else can be asked.
 */
export interface Database {
  name: "MySQL" | "PostgreSQL" | "SQLite";
  all(sql: string): Promise<Row[]>;
  /**
   * Rows as they are needed: a few hundred of them are held, no more. A reader that stops in the middle can only
   * close the database.
   */
  stream(sql: string): AsyncIterable<Row>;
  /** The columns of a table, by name; null where there is no such table. */
  columns(table: string): Promise<Map<string, ColumnType> | null>;
  /** The columns of its primary key. */
  primaryKey(table: string): Promise<string[]>;
  /** A name of a column, or of a table with a schema. */
  quoted(name: string): string;
  /** A text in SQL. */
  literal(text: string): string;
  /** An id as text that is compared byte by byte: case and spaces at the end count. */
  idText(expression: string, type: ColumnType): string;
  /** Such a text to compare with it. */
  idLiteral(text: string): string;
  /** Whether an id is this one; by an index where there can be one. */
  sameId(expression: string, type: ColumnType, text: string): string;
  /** Always with nulls in the same place. */
  ordered(expression: string, isDescending?: boolean): string;
  /** Another connection that sees the same, for what has to be read at the same time. */
  another(): Promise<Database>;
  close(): Promise<void>;
}

const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes as text, where they are one. */
export function valueOf(bytes: Uint8Array): Value {
  try {
    return UTF_8.decode(bytes);
  } catch {
    return bytes;
  }
}

/** Names of a table and of its schema. */
export const partsOfName = (name: string): string[] => name.split(".");

/** Where a server is: the rest of its URL may hold a password. @throws Error where it is no such URL */
export function addressOf(url: string, scheme: RegExp, example: string): string {
  const parsed = URL.parse(url);
  if (!parsed || !scheme.test(parsed.protocol))
    throw new Error(`The database takes a URL such as ${example}.`);
  return parsed.host || "localhost";
}

/** The error of the server or of the network, in words. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  const said = error.message || error.name;
  return /\b(?:EPIPE|ECONNRESET)\b/.test(said) ? `the connection was lost (${said})` : said;
}
