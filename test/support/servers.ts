import { execFileSync, spawn } from "node:child_process";
import {
  accessSync,
  chmodSync,
  chownSync,
  closeSync,
  constants,
  globSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { Client } from "pg";
import type { TestProject } from "vitest/node";

/** Until a server answers, or the tests fail: minutes, where other work has the processors. */
const START_MS = 300_000;
const RETRY_MS = 20;

/** URLs of servers that the tests may fill as they like; null where one is not installed. */
declare module "vitest" {
  interface ProvidedContext {
    redis: string | null;
    mysql: string | null;
    postgres: string | null;
  }
}

/**
 * Redis, MariaDB and PostgreSQL as Debian has them, each on a port and in a directory of its own, for as long as the
 * tests run. Nothing is flushed to disk, and nobody needs a password.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = mkdtempSync(join(tmpdir(), "transfer-servers-"));
  // The servers' own users have to pass, and to remove what is theirs.
  chmodSync(root, 0o1777);
  const servers: Server[] = [];
  const start = async (begin: (at: string) => Promise<Server | null>, name: string) => {
    const server = await begin(join(root, name));
    if (server) servers.push(server);
    return server?.url ?? null;
  };
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(root, { recursive: true, force: true });
  };
  const started = await Promise.allSettled([
    start(startRedis, "redis"),
    start(startMysql, "mysql"),
    start(startPostgres, "postgres"),
  ]);
  const failed = started.find((each) => each.status === "rejected");
  if (failed) {
    await stop();
    throw failed.reason;
  }
  const [redis, mysql, postgres] = started.map((each) =>
    each.status === "fulfilled" ? each.value : null,
  );
  project.provide("redis", redis ?? null);
  project.provide("mysql", mysql ?? null);
  project.provide("postgres", postgres ?? null);
  return stop;
}

export interface Server {
  url: string;
  /** The process that guards it, and started it. */
  pid: number;
  stop: () => Promise<void>;
}

/** @param durable - what of its options differs from the tests' */
export async function startRedis(
  directory: string,
  durable: Record<string, string> = {},
): Promise<Server | null> {
  const binary = find("redis-server", "redis-server");
  if (binary === null) return null;
  mkdirSync(directory);
  const port = await freePort();
  const usual = { port, bind: "127.0.0.1", save: "", appendonly: "no", dir: directory };
  const options = { ...usual, ...durable };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const { pid, stop, log } = guarded({ directory, command: [binary, ...args], signal: "KILL" });
  await until(() => answers(port), log);
  return { url: `redis://127.0.0.1:${port}`, pid, stop };
}

/** Without tables of grants: there is nothing to set up, and it is there in no time. */
async function startMysql(directory: string): Promise<Server | null> {
  const binary = find("mariadbd", "mariadb-server");
  if (binary === null) return null;
  mkdirSync(directory);
  const data = join(directory, "data");
  mkdirSync(data);
  const user = owner("mysql", directory, data);
  const port = await freePort();
  const command = [
    binary,
    "--no-defaults",
    ...(user ? [`--user=${user.name}`] : []),
    `--datadir=${data}`,
    `--socket=${join(directory, "socket")}`,
    `--port=${port}`,
    "--bind-address=127.0.0.1",
    "--skip-grant-tables",
    "--skip-log-bin",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-log-file-size=4M",
    "--innodb-buffer-pool-size=16M",
    "--character-set-server=utf8mb4",
    // Nothing of the tests' may hold by chance, because the server is in UTC.
    "--default-time-zone=+05:30",
  ];
  const { pid, stop, log } = guarded({ directory, command, signal: "KILL" });
  await until(() => answers(port), log);
  return { url: `mysql://root@127.0.0.1:${port}`, pid, stop };
}

/** @param durable - what of its settings differs from the tests' */
export async function startPostgres(
  directory: string,
  durable: Record<string, string> = {},
): Promise<Server | null> {
  const initdb = find("initdb", "postgresql");
  const binary = initdb && find("postgres", "postgresql");
  if (initdb === null || binary === null) return null;
  mkdirSync(directory);
  const user = owner("postgres", directory);
  // It refuses to be root.
  const as = user ? { uid: user.uid, gid: user.gid } : {};
  const data = join(directory, "data");
  const options = "-N -A trust -U postgres --no-locale -E UTF8 --no-instructions";
  await run([initdb, "-D", data, ...options.split(" ")], { ...as, cwd: directory });
  const port = await freePort();
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    fsync: "off",
    shared_buffers: "16MB",
    timezone: "Asia/Kolkata",
    ...durable,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const command = [binary, "-D", data, "-p", String(port), ...flags];
  // At once, and with its shared memory.
  const { pid, stop, log } = guarded({ directory, command, signal: "QUIT", ...as });
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  // It listens before it lets anybody in.
  await until(() => letsIn(url), log);
  return { url, pid, stop };
}

async function letsIn(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Where a binary is; null, and a word on what to install, where it is not. Debian has PostgreSQL's not on the path. */
function find(name: string, debianPackage: string): string | null {
  const places = [
    ...(process.env["PATH"] ?? "").split(delimiter),
    "/usr/sbin",
    "/usr/local/sbin",
    ...globSync("/usr/lib/postgresql/*/bin").toSorted().toReversed(),
  ];
  // A server is to come from the same place as what set its directory up.
  if (debianPackage === "postgresql") places.reverse();
  const found = places.map((place) => join(place, name)).find(isExecutable);
  if (found !== undefined) return found;
  console.warn(
    `\n${name} is not installed: what needs it SKIPS. On Debian: apt-get install ${debianPackage}\n`,
  );
  return null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Who is to own the directories, and to run what is in them; null where we are nobody special ourselves. */
function owner(
  name: string,
  ...directories: string[]
): { name: string; uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const ids = idsOf(name) ?? idsOf("nobody");
  if (ids === null) throw new Error(`There is neither a user ${name} nor nobody to run it.`);
  for (const directory of directories) chownSync(directory, ids.uid, ids.gid);
  return ids;
}

function idsOf(name: string): { name: string; uid: number; gid: number } | null {
  try {
    const id = (flag: string) =>
      Number(execFileSync("id", [flag, name], { encoding: "utf8", stdio: "pipe" }));
    return { name, uid: id("-u"), gid: id("-g") };
  } catch {
    return null;
  }
}

/** Runs the command, until nobody holds its input open any more; then the directory goes, too. */
const GUARD = `
directory=$1; signal=$2; shift 2
"$@" </dev/null &
server=$!
cat >/dev/null
kill -s "$signal" $server
wait $server
rm -rf "$directory"
rmdir "$(dirname "$directory")" 2>/dev/null
`;

/** A server that does not outlive us, however we end: its guard sees our end of the pipe close. */
function guarded(what: {
  directory: string;
  command: string[];
  signal: string;
  uid?: number;
  gid?: number;
}): { pid: number; stop: () => Promise<void>; log: () => string } {
  const { directory, command, signal, ...as } = what;
  const path = join(directory, "log");
  const log = openSync(path, "w");
  const guard = spawn("/bin/sh", ["-c", GUARD, "guard", directory, signal, ...command], {
    ...as,
    cwd: directory,
    // In a group of its own: an interrupt at the keyboard is for us, not for the guard.
    detached: true,
    stdio: ["pipe", log, log],
  });
  closeSync(log);
  const ended = new Promise<void>((resolve) => guard.once("exit", () => resolve()));
  return {
    pid: guard.pid ?? 0,
    stop: async () => {
      guard.stdin?.end();
      await ended;
    },
    log: () => readFileSync(path, "utf8"),
  };
}

async function until(isUp: () => Promise<boolean>, log: () => string): Promise<void> {
  for (const end = Date.now() + START_MS; !(await isUp());) {
    if (Date.now() > end) throw new Error(`A server did not start:\n${log()}`);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

const run = ([file = "", ...args]: string[], options: object): Promise<void> =>
  new Promise((resolve, reject) => {
    let said = "";
    const child = spawn(file, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.once("error", reject);
    child.once("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`${file} failed:\n${said}`)),
    );
  });
