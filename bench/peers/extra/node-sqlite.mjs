import { DatabaseSync } from "node:sqlite";

/**
 * What SqliteSaver calls of better-sqlite3, which would have to be compiled for each Node: the same statements on the
 * SQLite that Node brings.
 */
export class Database extends DatabaseSync {
  prepare(sql) {
    const statement = super.prepare(sql);
    const call =
      (name) =>
      (...values) =>
        statement[name](...values.map((value) => value ?? null));
    return { get: call("get"), all: call("all"), run: call("run") };
  }

  pragma(text) {
    this.exec(`pragma ${text}`);
  }

  transaction(work) {
    return (...args) => {
      this.exec("begin");
      try {
        const result = work(...args);
        this.exec("commit");
        return result;
      } catch (error) {
        this.exec("rollback");
        throw error;
      }
    };
  }
}
