// `npm run new:migration <name>` makes a migration of the account's database; `directory/<name>`, of the directory's.
// `npm run new:migration` copies the newest migrations into their fixtures again, after they were edited, and makes the
// snapshots of the schemas again.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { FOLDERS, ROOT, migrationOf, migrationPath, namesIn, read, snapshotPath } from "./files.ts";
import type { Folder } from "./files.ts";
import { checksumOf } from "./snapshot-head.ts";
import { snapshotOf } from "./snapshot.ts";

/** Each folder of migrations/, with the file that lists its migrations. */
const LISTS: Record<Folder, string> = {
  conversation: "src/account/store/migrations.ts",
  directory: "src/directory/migrations.ts",
};

function write(path: string, text: string): void {
  writeFileSync(join(ROOT, path), text);
  console.log(path);
}
const fixturePath = (folder: Folder, name: string) => `test/fixtures/${folder}/${name}.sql`;

/** What a fixture has of a migration: its statements, and the record that it ran. */
function applied(folder: Folder, name: string): string {
  const migration = migrationOf(folder, name);
  const record = `insert into migrations values ('${name}', '${checksumOf(migration)}');`;
  return `${migration.sql.trimEnd()}\n${record}\n`;
}

const recordOf = (name: string) =>
  new RegExp(`^insert into migrations values \\('${name}'.*\n`, "m");

/** Where the fixture's text after the record of that migration begins. */
function afterRecord(fixture: string, name: string): number {
  const record = recordOf(name).exec(fixture);
  if (!record) throw new Error(`The fixture does not say that ${name} ran.`);
  return record.index + record[0].length;
}

function addMigration(folder: Folder, title: string): void {
  if (!/^[a-z][a-z0-9_]*$/.test(title)) {
    throw new Error(`"${title}" is no name: it takes lower-case letters, digits and underscores.`);
  }
  const names = namesIn(folder);
  const before = names.at(-1) as string;
  const name = `${String(names.length + 1).padStart(4, "0")}_${title}`;
  write(
    migrationPath(folder, name),
    "-- Each index says here which query it serves. The file ends with a statement, not with a comment.\n",
  );

  const list = LISTS[folder];
  const variable = title.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const imports = [...read(list).matchAll(/^import \w+ from ".*\/migrations\/\w+\/.*\n/gm)];
  const last = imports.at(-1) as RegExpExecArray;
  const prefix = /"(.*\/migrations\/)/.exec(last[0])?.[1] ?? "";
  const place = last.index + last[0].length;
  const code = read(list);
  const withImport = `${code.slice(0, place)}import ${variable} from "${prefix}${folder}/${name}.sql";\n${code.slice(place)}`;
  const entry = `  { name: "${before}", sql:`;
  const end = withImport.indexOf("\n", withImport.indexOf(entry)) + 1;
  write(
    list,
    `${withImport.slice(0, end)}  { name: "${name}", sql: ${variable} },\n${withImport.slice(end)}`,
  );

  const fixture = read(fixturePath(folder, before)).replace(before, name);
  const rows = afterRecord(fixture, before);
  write(
    fixturePath(folder, name),
    fixture.slice(0, rows) + applied(folder, name) + fixture.slice(rows),
  );
}

/** The rows of the fixture stay; the statements become the migration's as it is now. */
function renewFixture(folder: Folder): void {
  const [before, name] = namesIn(folder).slice(-2) as [string, string];
  const path = fixturePath(folder, name);
  const fixture = read(path);
  const renewed =
    fixture.slice(0, afterRecord(fixture, before)) +
    applied(folder, name) +
    fixture.slice(afterRecord(fixture, name));
  if (renewed !== fixture) write(path, renewed);
}

function renewSnapshot(folder: Folder): void {
  const path = snapshotPath(folder);
  const migrations = namesIn(folder).map((name) => migrationOf(folder, name));
  const snapshot = snapshotOf(folder, migrations);
  if (!existsSync(join(ROOT, path)) || read(path) !== snapshot) write(path, snapshot);
}

const [wanted] = process.argv.slice(2);
if (wanted === undefined) {
  for (const folder of FOLDERS) renewFixture(folder);
} else if (wanted.startsWith("directory/")) {
  addMigration("directory", wanted.slice("directory/".length));
} else {
  addMigration("conversation", wanted);
}
for (const folder of FOLDERS) renewSnapshot(folder);
