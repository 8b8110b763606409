import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

import type { WorkerModule } from "../build.ts";

/** A Worker of a process: an isolate of its own, with its own disk. */
export interface Worker {
  name: string;
  modules: WorkerModule[];
  vars: Record<string, string>;
  /** Class of Durable Object by binding. */
  objects: Record<string, string>;
  /** Bindings that nothing under measurement may touch: whoever does gets a refusal. */
  refused: { r2Bucket?: string[]; kvNamespace?: string[]; queue?: string[] };
  /** Each listens on a port of its own; `default` is the default export. */
  entrypoints: string[];
}

export interface Workerd {
  pid: number;
  /** By `<worker>/<entrypoint>`. */
  urls: Map<string, URL>;
  errors: string[];
  /** Where a Worker's objects lie: a directory a class, named `<worker>-<class>`. */
  disk: string;
  stop(): Promise<void>;
}

const text = JSON.stringify;

const list = (parts: string[]) => `[\n    ${parts.join(",\n    ")}\n  ]`;

/** What the runtime leaves to whoever embeds it and the Agents SDK imports; nothing here sends mail. */
const EMAIL = `export class EmailMessage {}; export default { EmailMessage };`;

const REFUSAL = `export default { fetch() { throw new Error("the benchmark has none of this"); } };`;

/**
 * `workerd serve`, as it comes: no proxy, no simulators.
 *
 * @param options - of `workerd serve`, such as `--inspector-addr=127.0.0.1:9300`
 */
export async function startWorkerd(
  root: string,
  directory: string,
  workers: Worker[],
  compatibility: { date: string; flags: string[] },
  options: string[] = [],
): Promise<Workerd> {
  const disk = join(directory, "disk");
  await mkdir(disk, { recursive: true });
  const services = [
    `(name = "disk", disk = (path = ${text(disk)}, writable = true))`,
    `(name = "internet", network = (allow = ["local"]))`,
    `(name = "refused", worker = (compatibilityDate = ${text(compatibility.date)}, modules = [(name = "refused.js", esModule = ${text(REFUSAL)})]))`,
  ];
  for (const worker of workers) {
    const code = join(directory, worker.name);
    await mkdir(code, { recursive: true });
    for (const { path, contents } of worker.modules) await writeFile(join(code, path), contents);
    services.push(`(name = ${text(worker.name)}, worker = ${workerText(worker, compatibility)})`);
  }
  const sockets = workers.flatMap(({ name, entrypoints }) =>
    entrypoints.map((entrypoint) => {
      const at = entrypoint === "default" ? "" : `, entrypoint = ${text(entrypoint)}`;
      return `(name = ${text(`${name}/${entrypoint}`)}, address = "127.0.0.1:0", http = (), service = (name = ${text(name)}${at}))`;
    }),
  );
  const config = join(directory, "config.capnp");
  await writeFile(
    config,
    `using Workerd = import "/workerd/workerd.capnp";\nconst config :Workerd.Config = (\n  services = ${list(services)},\n  sockets = ${list(sockets)},\n  extensions = [(modules = [(name = "cloudflare-internal:email", internal = true, esModule = ${text(EMAIL)})])]\n);\n`,
  );
  return serve(resolve(root, "node_modules/workerd/bin/workerd"), config, {
    disk,
    sockets: sockets.length,
    options,
  });
}

function workerText(
  { name, modules, vars, objects, refused }: Worker,
  { date, flags }: { date: string; flags: string[] },
): string {
  const bindings = [
    ...Object.entries(vars).map(([key, value]) => `(name = ${text(key)}, text = ${text(value)})`),
    ...Object.entries(objects).map(
      ([key, value]) => `(name = ${text(key)}, durableObjectNamespace = ${text(value)})`,
    ),
    ...Object.entries(refused).flatMap(([kind, names]) =>
      names.map((key) => `(name = ${text(key)}, ${kind} = "refused")`),
    ),
  ];
  const namespaces = Object.values(objects).map(
    (of) => `(className = ${text(of)}, uniqueKey = ${text(`${name}-${of}`)}, enableSql = true)`,
  );
  const files = modules.map(
    ({ type, path }) =>
      `(name = ${text(path)}, ${type === "Text" ? "text" : "esModule"} = embed ${text(`${name}/${path}`)})`,
  );
  return `(
      compatibilityDate = ${text(date)}, compatibilityFlags = [${flags.map((flag) => text(flag)).join(", ")}],
      modules = [${files.join(", ")}],
      bindings = [${bindings.join(", ")}],
      durableObjectNamespaces = [${namespaces.join(", ")}],
      durableObjectStorage = (localDisk = "disk"),
    )`;
}

async function serve(
  binary: string,
  config: string,
  { disk, sockets, options }: { disk: string; sockets: number; options: string[] },
): Promise<Workerd> {
  const child = spawn(binary, ["serve", config, "--control-fd=3", "--experimental", ...options], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit");
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const errors: string[] = [];
  createInterface({ input: child.stderr as Readable }).on("line", (line) => {
    // Flags that the date brings already do no harm.
    if (!line.includes("became the default")) errors.push(line);
  });
  const urls = new Map<string, URL>();
  const control = createInterface({ input: child.stdio[3] as Readable });
  await new Promise<void>((listening, failed) => {
    control.on("line", (line) => {
      const said = JSON.parse(line) as { event: string; socket?: string; port?: number };
      if (said.event !== "listen" || said.socket === undefined) return;
      urls.set(said.socket, new URL(`http://127.0.0.1:${said.port}`));
      if (urls.size === sockets) listening();
    });
    child.once("exit", () => failed(new Error(`workerd did not start:\n${errors.join("\n")}`)));
    child.once("error", failed);
  });
  return {
    pid: child.pid ?? 0,
    urls,
    errors,
    disk,
    async stop() {
      child.kill("SIGTERM");
      await ended;
      process.off("exit", kill);
    },
  };
}
