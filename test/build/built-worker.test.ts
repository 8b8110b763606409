import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unstable_readConfig as readConfig } from "wrangler";

import { migrationOf, namesIn } from "../../migrations/files.ts";
import { checksumOf } from "../../migrations/snapshot-head.ts";
import { PROJECT } from "../../src/build/fresh.ts";
import { buildModules } from "../../src/build/worker.ts";

// The one that Wrangler brings.
const { Miniflare, convertV4MiniflareOptions } = createRequire(
  createRequire(import.meta.url).resolve("wrangler"),
)("miniflare") as typeof import("miniflare");

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW = Date.now();
const THEN = { "x-dev-now": String(NOW - 40 * DAY_MS) };

const directory = mkdtempSync(join(tmpdir(), "built-worker-"));
const errors: string[] = [];
let runtime: InstanceType<typeof Miniflare>;

interface Module {
  type: "ESModule";
  path: string;
  contents: string;
}

/** The Worker's, as `npm run deploy` takes them. */
let modules: Module[];

const { compatibility_date, compatibility_flags } = readConfig({
  config: join(PROJECT, "wrangler.toml"),
});

/** Each takes some 20 µs. Those of few requests are lazy, or a function makes them. */
const MAX_START_SCHEMAS = 90;

/** Each has an isolate and storage of its own. */
const WORKERS = ["newer", "lacking", "swept"] as const;
type Name = (typeof WORKERS)[number];

const workerOf = (name: string, own: Module[] = []) => ({
  name,
  modules: [...own, ...modules],
  modulesRoot: "/",
  compatibilityDate: compatibility_date as string,
  compatibilityFlags: compatibility_flags,
  bindings: { AUTH: "open", MODEL: "local", DEV_CLOCK: "on", RETENTION_DAYS: "30" },
  durableObjects: {
    CONVERSATIONS: { className: "ConversationDO", useSQLite: true },
    DIRECTORY: { className: "AccountDirectoryDO", useSQLite: true },
  },
  r2Buckets: { ARCHIVE: `${name}-archive` },
  kvNamespaces: { CACHE: `${name}-cache` },
  queueProducers: { JOBS: `${name}-jobs`, MESSAGES: `${name}-messages` },
});

/**
 * Imports every module of the Worker. Its reply has how many schemas the start made, and what each module that fails says.
 */
const importing = (paths: string[]): Module[] => [
  {
    type: "ESModule",
    path: "importing.js",
    contents: `import { schemas } from "./counting.js";
    export { AccountDirectoryDO, ConversationDO } from "./index.js";
    const atStart = schemas.made;
    const imports = {${paths.map((path) => `"${path}": () => import("./${path}")`).join()}};
    export default { async fetch() {
      const faults = {};
      for (const [path, load] of Object.entries(imports))
        await load().catch((error) => { faults[path] = String(error); });
      return Response.json({ schemas: atStart, faults });
    } };`,
  },
  {
    type: "ESModule",
    path: "counting.js",
    // zod tells it of each schema.
    contents: `export const schemas = { made: 0 };
    globalThis.__zod_globalConfig = { postProcessor: () => { schemas.made += 1; } };`,
  },
];

async function start(): Promise<void> {
  const paths = modules.map(({ path }) => path);
  runtime = new Miniflare(
    convertV4MiniflareOptions({
      cf: false,
      resourcePersistencePath: join(directory, "state"),
      handleStructuredLogs: ({ level, message }: { level: string; message: string }) => {
        if (level === "error") errors.push(message);
      },
      workers: [...WORKERS.map((name) => workerOf(name)), workerOf("importing", importing(paths))],
    }),
  );
  await runtime.ready;
}

async function call(name: string, path: string, init: object = {}) {
  const worker = await runtime.getWorker(name);
  const response = await worker.fetch(`http://colloquy${path}`, init);
  // oxlint-disable-next-line typescript/no-explicit-any -- what a client gets is JSON
  return { status: response.status, body: (await response.json()) as any };
}

const ask = (name: Name, headers = {}) =>
  call(name, "/query", {
    method: "POST",
    headers,
    body: JSON.stringify({ query: "Hi", accountId: name }),
  });

/** The file of the database of a Worker's account. Change it while the runtime is stopped. */
function databaseOf(name: Name): string {
  const files = globSync(join(directory, `state/**/${name}-ConversationDO/*.sqlite`));
  const [file, ...others] = files.filter((path) => !path.endsWith("metadata.sqlite"));
  if (file === undefined || others.length > 0) throw new Error(`${name} has not one database`);
  return file;
}

function change(file: string, work: (db: DatabaseSync) => void): void {
  const db = new DatabaseSync(file);
  work(db);
  db.close();
}

/** Has a database be one that the version before the last migration made. */
function replaceByOlder(file: string): void {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(`${file}${suffix}`, { force: true });
  change(file, (db) => {
    db.exec(
      "create table migrations (name text primary key, checksum text not null) without rowid",
    );
    for (const name of namesIn("conversation").slice(0, -1)) {
      const migration = migrationOf("conversation", name);
      db.exec(migration.sql);
      db.prepare("insert into migrations values (?, ?)").run(name, checksumOf(migration));
    }
  });
}

beforeAll(async () => {
  const built = join(directory, "built");
  const files = Object.keys(await buildModules(built)).filter((path) => path.endsWith(".js"));
  modules = files
    .map((path) => join(PROJECT, path))
    .map((path) => ({
      type: "ESModule" as const,
      path: relative(built, path),
      contents: readFileSync(path, "utf8"),
    }))
    // The entry comes first.
    .toSorted((a, b) => Number(b.path === "index.js") - Number(a.path === "index.js"));
  await start();
});
afterAll(async () => {
  await runtime.dispose();
  rmSync(directory, { recursive: true });
});

it("has modules that evaluate, each of them", async () => {
  expect(await call("importing", "/")).toMatchObject({ status: 200, body: { faults: {} } });
});

it(`makes at most ${MAX_START_SCHEMAS} schemas at its start`, async () => {
  const { body } = await call("importing", "/");
  expect(body.schemas).toBeGreaterThan(0);
  expect(body.schemas).toBeLessThanOrEqual(MAX_START_SCHEMAS);
});

// It loads its code before its first call.
describe("the first object of an isolate", () => {
  beforeAll(async () => {
    for (const name of WORKERS) {
      const { status, body } = await ask(name, THEN);
      if (status !== 200) throw new Error(`${name} has no account: ${JSON.stringify(body)}`);
    }
    await runtime.dispose();
    change(databaseOf("newer"), (db) =>
      db.exec("insert into migrations values ('9999_newer', 'x')"),
    );
    replaceByOlder(databaseOf("lacking"));
    errors.length = 0;
    await start();
  });

  it("refuses a database of a newer version, as all later ones do", async () => {
    for (const nth of [1, 2]) {
      const { status, body } = await ask("newer");
      expect([nth, status, body.code]).toEqual([nth, 503, "storage_unavailable"]);
      const refused = errors.filter((line) => line.includes("written by a newer Colloquy"));
      expect(refused.length).toBeGreaterThanOrEqual(nth);
    }
  });

  it("runs the migrations that its database lacks before its first call", async () => {
    expect(await ask("lacking")).toMatchObject({ status: 200, body: { stored: true } });
    expect(await call("lacking", "/storage-stats?accountId=lacking")).toMatchObject({
      status: 200,
      body: { total_conversations: 1 },
    });
  });

  it("does a job of the queue", async () => {
    const body = { type: "sweep", account_id: "swept", now: NOW };
    const worker = await runtime.getWorker("swept");
    const message = { id: "1", timestamp: new Date(NOW), body, attempts: 1 };
    expect(await worker.queue("colloquy-jobs", [message])).toMatchObject({
      outcome: "ok",
      retryMessages: [],
    });
    expect(await call("swept", "/storage-stats?accountId=swept")).toMatchObject({
      status: 200,
      body: { total_conversations: 0, archived_conversations: 1 },
    });
  });
});
