import { DatabaseSync } from "node:sqlite";

import type { Migration } from "../src/sqlite/migrate.ts";
import { compactSql } from "./compact-sql.ts";
import { headOf } from "./snapshot-head.ts";

/**
 * A text of SQL that leaves an empty database as all the migrations leave it, their records aside. An isolate has it at its
 * start, so it goes without the migrations' comments.
 */
export function snapshotOf(folder: string, migrations: readonly Migration[]): string {
  const db = new DatabaseSync(":memory:");
  for (const { sql } of migrations) db.exec(sql);
  const texts = (sql: string, ...params: string[]): string[] =>
    db
      .prepare(sql)
      .all(...params)
      .map(({ text }) => String(text));

  const rowsOf = (table: string): string[] => {
    const values = texts(
      "select format('quote(\"%w\")', name) as text from pragma_table_info(?)",
      table,
    );
    return texts(
      `select 'insert into ${table} values (' || ${values.join(" || ', ' || ")} || ');' as text from "${table}"`,
    );
  };
  /** What an FTS5 table was told by inserts into its column of its own name. */
  const settingsOf = (table: string): string[] =>
    texts(
      `select format('insert into ${table} (${table}, rank) values (%Q, %s);', k, quote(v)) as text
       from "${table}_config" where k <> 'version'`,
    );

  // In the order in which they were made: triggers fire, and indexes are chosen, by it. Rows come before their triggers.
  const made = db
    .prepare(
      `select type, name, sql from sqlite_master
       where sql is not null and name not like 'sqlite\\_%' escape '\\'
         and name not in (select name from pragma_table_list where type = 'shadow')
       order by rowid`,
    )
    .all()
    .flatMap(({ type, name, sql }) => {
      const statement = `${compactSql(String(sql))};`;
      if (type !== "table") return [statement];
      const isVirtual = /^create virtual table/i.test(statement);
      return [statement, ...(isVirtual ? settingsOf : rowsOf)(String(name))];
    });
  db.close();
  return `-- Made by \`npm run new:migration\` of these files in ${folder}/. An empty database gets it in their place.
${headOf(migrations)}${made.join("\n")}
`;
}
