import { createHash } from "node:crypto";

import type { Migration } from "../src/sqlite/migrate.ts";

export const checksumOf = ({ sql }: Migration): string =>
  createHash("sha256").update(sql).digest("hex");

/** The lines of a snapshot that name the migrations which it is of. */
export const headOf = (migrations: readonly Migration[]): string =>
  migrations.map((each) => `-- ${each.name} ${checksumOf(each)}\n`).join("");

/** Whether the snapshot is of these migrations, as they are. */
export const isOf = (snapshot: string, migrations: readonly Migration[]): boolean =>
  (snapshot.match(/^-- \d.*\n/gm) ?? []).join("") === headOf(migrations);
