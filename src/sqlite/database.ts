/** SQLite here takes rows of 2 MB; what is to fit into one has to leave room for the rest of it. */
export const ROW_BYTES = 1_900_000;

type Value = string | number | null;
export type Row = Record<string, Value>;

type WriteListener = (sql: string, params: readonly Value[]) => void;

/**
 * The only way to a Durable Object's SQLite: four verbs and a transaction. Keeps count of the rows read and written,
 * since these are the product's bill.
 */
export class Database {
  readonly #storage: DurableObjectStorage;
  readonly #rollbackListeners: (() => void)[] = [];
  readonly #writeListeners: WriteListener[] = [];
  rowsRead = 0;
  rowsWritten = 0;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  all<T extends Row>(sql: string, ...params: Value[]): T[] {
    const cursor = this.#storage.sql.exec<T>(sql, ...params);
    // Read to the end at once: a cursor held across an await would see later rows.
    const rows = cursor.toArray();
    this.rowsRead += cursor.rowsRead;
    if (cursor.rowsWritten > 0) {
      this.rowsWritten += cursor.rowsWritten;
      for (const listener of this.#writeListeners) listener(sql, params);
    }
    return rows;
  }

  run(sql: string, ...params: Value[]): void {
    this.all(sql, ...params);
  }

  one<T extends Row>(sql: string, ...params: Value[]): T | null {
    return this.all<T>(sql, ...params)[0] ?? null;
  }

  /** The only column of the only row, or null when there is none. */
  scalar<T extends Value>(sql: string, ...params: Value[]): T | null {
    const row = this.one<Row>(sql, ...params);
    return row === null ? null : ((Object.values(row)[0] ?? null) as T | null);
  }

  /** All of `work` or nothing. It must be synchronous: an async function would not be rolled back. */
  transaction<T>(work: () => T): T {
    try {
      return this.#storage.transactionSync(work);
    } catch (error) {
      for (const listener of this.#rollbackListeners) listener();
      throw error;
    }
  }

  /** Whoever keeps in memory what a transaction wrote must forget it when that transaction is undone. */
  onRollback(listener: () => void): void {
    this.#rollbackListeners.push(listener);
  }

  /** Whoever keeps in memory what lies in storage has to see what is written. */
  onWrite(listener: WriteListener): void {
    this.#writeListeners.push(listener);
  }

  get sizeBytes(): number {
    return this.#storage.sql.databaseSize;
  }
}
