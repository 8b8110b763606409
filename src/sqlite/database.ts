export type Value = string | number | null;
export type Row = Record<string, Value>;

type ChangeListener = (table: string, key: number | null) => void;

/**
 * The only access to a Durable Object's SQLite: four verbs and a transaction. It counts the rows read and written, which
 * are the bill.
 *
 * SQLite 3.54 compiles a statement again each time a parameter is bound whose value its plan may depend on: a limit's, and
 * that of an equation in a statement that also sorts or groups. This takes two to five times as long as a short statement
 * itself. The planner does not look behind a plus: such statements have `limit +?` and `= +?`.
 */
export class Database {
  readonly #storage: DurableObjectStorage;
  readonly #rollbackListeners: (() => void)[] = [];
  readonly #changeListeners: ChangeListener[] = [];
  rowsRead = 0;
  rowsWritten = 0;
  /** Of rows that only take free pages: see file-compaction.ts. They are nothing that is stored. */
  fillerBytes = 0;
  /** Of all parameters of statements, in UTF-16 units. */
  textLength = 0;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  all<T extends Row>(sql: string, ...params: Value[]): T[] {
    for (const param of params) if (typeof param === "string") this.textLength += param.length;
    const cursor = this.#storage.sql.exec<T>(sql, ...params);
    // Read to the end: a cursor held across an await would see later rows.
    const rows = cursor.toArray();
    this.rowsRead += cursor.rowsRead;
    this.rowsWritten += cursor.rowsWritten;
    return rows;
  }

  run(sql: string, ...params: Value[]): void {
    this.all(sql, ...params);
  }

  one<T extends Row>(sql: string, ...params: Value[]): T | null {
    return this.all<T>(sql, ...params)[0] ?? null;
  }

  /** The first column of the first row, or null. */
  scalar<T extends Value>(sql: string, ...params: Value[]): T | null {
    const row = this.one<Row>(sql, ...params);
    return row === null ? null : ((Object.values(row)[0] ?? null) as T | null);
  }

  /** Runs `work` as a whole or not at all. It must be synchronous: an async function is not rolled back. */
  transaction<T>(work: () => T): T {
    try {
      return this.#storage.transactionSync(work);
    } catch (error) {
      for (const listener of this.#rollbackListeners) listener();
      throw error;
    }
  }

  /**
   * Calls the listener when a transaction is undone: a cache of what it wrote is stale then. A listener does not read: what
   * undid the transaction may fail its statements, too.
   */
  onRollback(listener: () => void): void {
    this.#rollbackListeners.push(listener);
  }

  /** Says that rows of a table were written. @param key - whose; null for several */
  changed(table: string, key: number | null): void {
    for (const listener of this.#changeListeners) listener(table, key);
  }

  /** Calls the listener at each {@link changed}: a cache of these rows is stale then. */
  onChanged(listener: ChangeListener): void {
    this.#changeListeners.push(listener);
  }

  /** Of rows and indexes, but for {@link fillerBytes}. */
  get sizeBytes(): number {
    return this.usedBytes - this.fillerBytes;
  }

  /** Of all pages that are not free. */
  get usedBytes(): number {
    return this.#storage.sql.databaseSize;
  }
}
