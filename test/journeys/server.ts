import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  globSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";

import { buildConsole } from "../../src/build/console.ts";
import { buildModules } from "../../src/build/worker.ts";
import { clockOffsetMs } from "../support/clock-setting.ts";

const PROJECT = join(import.meta.dirname, "../..");
const WRANGLER = join(PROJECT, "node_modules/.bin/wrangler");
const CLOCKED_ENTRY = "test/support/clocked-worker.ts";
/** For the first try. Each later one has twice as long: a slow machine may need minutes, and a start that hangs does not. */
const START_MS = 45_000;
const START_TRIES = 4;
const HEALTH_MS = 15_000;
/** Below what the system hands out to those who ask for any port. */
const PORTS = { first: 12_000, count: 16_000 };
const STOP_MS = 10_000;
const LOG_TAIL_LINES = 30;

const running = new Set<Server>();
const directories = new Set<string>();

/** Ends what a journey that went astray left running. */
export function killRunning(): void {
  for (const server of running) server.signal("SIGKILL");
  running.clear();
}

process.on("exit", () => {
  killRunning();
  for (const directory of directories) {
    rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
});
for (const [signal, status] of [
  ["SIGHUP", 129],
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.on(signal, () => process.exit(status));
}

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "colloquy-journey-"));
  directories.add(directory);
  return directory;
}

/** Where processes that this one starts find the Worker that it built. */
const BUILT = "COLLOQUY_BUILT";
/** Settings beside the built Worker, by its entry. Built once, so that every start of a journey runs the same code. */
const built = new Map<string | undefined, Promise<string>>();

/** @param around - an entry of the journey's own, around the Worker's */
function configOf(around?: string): Promise<string> {
  const inherited = process.env[BUILT];
  if (around === undefined && inherited !== undefined) return Promise.resolve(inherited);
  const config = built.get(around) ?? build(around);
  built.set(around, config);
  return config;
}

async function build(around?: string): Promise<string> {
  const directory = temporaryDirectory();
  // At another time than the machine's it is built from an entry that moves its clock.
  const file = around ?? (clockOffsetMs === 0 ? undefined : CLOCKED_ENTRY);
  const define = { CLOCK_OFFSET_MS: String(clockOffsetMs) };
  await Promise.all([
    buildModules(join(directory, "build"), { define, ...(file !== undefined && { file }) }),
    buildConsole(),
  ]);
  const settings = readFileSync(join(PROJECT, "wrangler.toml"), "utf8");
  const config = join(directory, "wrangler.toml");
  writeFileSync(
    config,
    settings
      .replace(/^main = .*$/m, 'main = "build/index.js"')
      // It is built.
      .replace(/^\[build\]\n(?:.+\n)+/m, "")
      .replace(/^directory = .*$/m, `directory = "${join(PROJECT, "dist/console")}"`),
  );
  if (around === undefined) process.env[BUILT] = config;
  return config;
}

/** What outlives a server: the directory of its SQLite and R2. Removed when this process ends. */
export const freshStorage = (): string => temporaryDirectory();

/** A development server in a process group of its own, so that the whole of it can be killed at one blow. */
export class Server {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #logFile: string;

  constructor(url: string, child: ChildProcess, logFile: string) {
    this.url = url;
    this.#process = child;
    this.#logFile = logFile;
    running.add(this);
  }

  /** Ends it as a crash does: nothing gets to say goodbye. */
  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.#ended();
  }

  async stop(): Promise<void> {
    this.signal("SIGTERM");
    const late = setTimeout(() => this.signal("SIGKILL"), STOP_MS);
    await this.#ended();
    clearTimeout(late);
    // Whoever of the group is left: a stop leaves no process behind.
    this.signal("SIGKILL");
  }

  signal(signal: NodeJS.Signals): void {
    const { pid } = this.#process;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** The log so far, as lines. */
  logLines(): string[] {
    return readFileSync(this.#logFile, "utf8").split("\n");
  }

  logTail(): string {
    return this.logLines().slice(-LOG_TAIL_LINES).join("\n");
  }

  async #ended(): Promise<void> {
    if (this.isRunning) await once(this.#process, "exit");
    running.delete(this);
  }
}

/**
 * Starts on storage that is fresh or that another server left. A start that fails is told, and tried again:
 * another program may take its port first, and one start that never answered was seen.
 *
 * @param vars - over those of the development server
 * @param around - an entry of the journey's own, around the Worker's
 */
export async function startServer(
  storage: string,
  vars: Record<string, string> = {},
  around?: string,
): Promise<Server> {
  for (let tries = 1; ; tries += 1) {
    const server = await spawnServer(storage, vars, around);
    const fault = await startFault(server, START_MS * 2 ** (tries - 1));
    if (fault === null) return server;
    const told = `The server did not start (try ${tries}, ${fault}):\n${server.logTail()}`;
    await server.kill();
    if (tries === START_TRIES) throw new Error(told);
    console.error(told);
  }
}

async function spawnServer(
  storage: string,
  vars: Record<string, string>,
  around?: string,
): Promise<Server> {
  const config = await configOf(around);
  const port = await freePort();
  const logFile = join(storage, "server.log");
  const log = openSync(logFile, "w");
  const settings = { AUTH: "open", MODEL: "local", DEV_CLOCK: "on", ...vars };
  const options = {
    config,
    port: String(port),
    // The system gives a free one. By itself Wrangler counts up from 9229, and servers that start together take the same.
    "inspector-port": "0",
    "persist-to": join(storage, "state"),
  };
  const child = spawn(
    WRANGLER,
    [
      "dev",
      "--local",
      "--no-bundle",
      ...Object.entries(options).map(([name, value]) => `--${name}=${value}`),
      ...Object.entries(settings).flatMap(([name, value]) => ["--var", `${name}:${value}`]),
    ],
    {
      detached: true,
      stdio: ["ignore", log, log],
      env: {
        ...process.env,
        // Else every span of every request is written to a file that only grows.
        X_LOCAL_OBSERVABILITY: "false",
        // Else each start asks another host for its place in the world.
        CLOUDFLARE_CF_FETCH_ENABLED: "false",
        // Else servers of one name see each other, and those that were killed.
        WRANGLER_REGISTRY_PATH: join(storage, "registry"),
      },
    },
  );
  closeSync(log);
  return new Server(`http://127.0.0.1:${port}`, child, logFile);
}

/** Why it does not answer, once that is clear; null as soon as it is healthy. */
async function startFault(server: Server, patienceMs: number): Promise<string | null> {
  const until = Date.now() + patienceMs;
  let answer = "no answer";
  while (Date.now() < until) {
    if (!server.isRunning) return "it ended";
    const signal = AbortSignal.timeout(HEALTH_MS);
    const health = await fetch(`${server.url}/health`, { signal }).catch(() => null);
    if (health?.ok) return null;
    if (health) answer = `health answers ${health.status} ${await health.text().catch(String)}`;
    if (server.logTail().includes("Address already in use")) return "its port is taken";
    await sleep(100);
  }
  return answer;
}

/** The gzip files that the server's R2 holds. */
export const r2Directory = (storage: string): string => join(storage, "state/v3/r2");

/** What the R2 of a stopped server holds. Miniflare keeps its list in SQLite. */
export function r2Keys(storage: string): string[] {
  return globSync(join(r2Directory(storage), "miniflare-R2BucketObject/*.sqlite")).flatMap(
    (file) => {
      const db = new DatabaseSync(file);
      const isBucket = db.prepare("select 1 from sqlite_schema where name = '_mf_objects'").get();
      const rows = isBucket ? db.prepare("select key from _mf_objects").all() : [];
      db.close();
      return rows.map(({ key }) => String(key));
    },
  );
}

async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.first + Math.floor(Math.random() * PORTS.count);
    const probe = createServer().listen(port, "127.0.0.1");
    const isFree = await once(probe, "listening").then(
      () => true,
      () => false,
    );
    probe.close();
    if (isFree) return port;
  }
}
