import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import type { Migration } from "../src/sqlite/migrate.ts";
import { isOf } from "./snapshot-head.ts";

export const ROOT = join(import.meta.dirname, "..");

/** The folders of migrations/: one a kind of object. */
export const FOLDERS = ["conversation", "directory"] as const;
export type Folder = (typeof FOLDERS)[number];

export const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
export const migrationPath = (folder: Folder, name: string) => `migrations/${folder}/${name}.sql`;
export const snapshotPath = (folder: Folder) => `migrations/${folder}.sql`;
export const migrationOf = (folder: Folder, name: string): Migration => ({
  name,
  sql: read(migrationPath(folder, name)),
});
export const namesIn = (folder: Folder): string[] =>
  readdirSync(join(ROOT, "migrations", folder))
    .map((file) => file.replace(/\.sql$/, ""))
    .toSorted();

/** @throws Error unless each snapshot is of the files in its folder */
export function checkSnapshots(): void {
  for (const folder of FOLDERS) {
    const migrations = namesIn(folder).map((name) => migrationOf(folder, name));
    if (isOf(read(snapshotPath(folder)), migrations)) continue;
    throw new Error(
      `${snapshotPath(folder)} is not of the migrations in migrations/${folder}/ as they are: call \`npm run new:migration\`.`,
    );
  }
}
