import { existsSync } from "node:fs";
import { join } from "node:path";

import { unstable_readConfig as readConfig } from "wrangler";

import { build } from "../build.ts";
import type { WorkerModule } from "../build.ts";
import type { Goals } from "./peers.ts";
import { startWorkerd } from "./workerd.ts";
import type { Worker, Workerd } from "./workerd.ts";

/** What bindings the product has is what wrangler.toml says, less the platform's own services. */
const PRODUCT: Omit<Worker, "modules"> = {
  name: "product",
  vars: { AUTH: "open", MODEL: "local", RETENTION_DAYS: "30" },
  objects: { CONVERSATIONS: "ConversationDO", DIRECTORY: "AccountDirectoryDO" },
  refused: { r2Bucket: ["ARCHIVE"], kvNamespace: ["CACHE"], queue: ["JOBS", "MESSAGES"] },
  entrypoints: ["default", "Doors"],
};

/** Likewise with a model outside, so that the Worker asks it between two RPCs. */
const OUTSIDE: typeof PRODUCT = {
  ...PRODUCT,
  name: "outside",
  vars: { ...PRODUCT.vars, MODEL: "upstream", UPSTREAM_URL: "http://127.0.0.1:1/" },
};

type Beside = Omit<Worker, "modules"> & { entry: string; needs: string | null };

/** Besides the product, by their name. `needs` is a package that has to be installed in `extra`. */
const BESIDE: Record<string, Beside> = {
  floors: {
    name: "floors",
    entry: "floors.ts",
    needs: null,
    vars: {},
    objects: { BARE: "BareDO" },
    refused: {},
    entrypoints: ["Floor", "Insert"],
  },
  agents: {
    name: "agents",
    entry: "extra/agents.mjs",
    needs: "agents",
    vars: {},
    objects: { SESSIONS: "SessionsDO", CHAT: "ChatAgent" },
    refused: {},
    entrypoints: ["AgentSessions", "Chat"],
  },
};

/** A peer in the product's workerd. */
export interface WorkerPeer {
  title: string;
  goals: Goals | null;
  /** `<worker>/<entrypoint>` */
  at: string;
  /** Whether it reads the conversation. */
  reads: boolean;
  /** The directories of its objects; null where they keep nothing. */
  keeps: string | null;
}

export const WORKERS: Record<string, WorkerPeer> = {
  outside: {
    title: "Colloquy itself, with a model outside: two RPCs",
    goals: null,
    at: "outside/default",
    // Its service is told the question alone.
    reads: false,
    keeps: "outside-*",
  },
  floor: {
    title: "workerd, Hono, zod: an RPC that does nothing",
    goals: [0.22, 0.16, 0.2],
    at: "floors/Floor",
    reads: false,
    keeps: null,
  },
  insert: {
    title: "workerd, Hono, zod: an RPC that inserts a row",
    goals: null,
    at: "floors/Insert",
    reads: false,
    keeps: "floors-BareDO",
  },
  sessions: {
    title: "Agents SDK, Sessions",
    goals: [1.2, 2.2, 2.5],
    at: "agents/AgentSessions",
    reads: true,
    keeps: "agents-SessionsDO",
  },
  chat: {
    title: "Agents SDK, AIChatAgent",
    goals: [10, 20, 25],
    at: "agents/Chat",
    reads: true,
    keeps: "agents-ChatAgent",
  },
};

/** Whether its packages are there. */
export function isInstalled({ at }: WorkerPeer): boolean {
  const needs = BESIDE[workerOf(at)]?.needs ?? null;
  return needs === null || existsSync(join(import.meta.dirname, "extra/node_modules", needs));
}

const workerOf = (at: string): string => at.slice(0, at.indexOf("/"));

/** The product and what runs beside it, in one workerd: an isolate each. */
export async function startWorkers(
  root: string,
  directory: string,
  peers: WorkerPeer[],
  options: string[] = [],
): Promise<Workerd> {
  const config = readConfig({ config: join(root, "wrangler.toml") });
  const date = config.compatibility_date as string;
  const flags: string[] = config.compatibility_flags;
  const bundle = (name: string, entry: string, args?: string[]): Promise<WorkerModule[]> =>
    build(root, join(directory, `${name}-built`), `bench/peers/${entry}`, args);
  const own = [
    "--config=bench/peers/wrangler.toml",
    `--compatibility-date=${date}`,
    ...flags.map((flag) => `--compatibility-flags=${flag}`),
  ];
  const isThere = (name: string) => peers.some(({ at }) => workerOf(at) === name);
  const product = await bundle("product", "product.ts");
  const beside = Object.values(BESIDE)
    .filter(({ name }) => isThere(name))
    .map(async (worker) => ({
      ...worker,
      modules: await bundle(worker.name, worker.entry, own),
    }));
  const workers = [
    { ...PRODUCT, modules: product },
    ...(isThere(OUTSIDE.name) ? [{ ...OUTSIDE, modules: product }] : []),
    ...(await Promise.all(beside)),
  ];
  return startWorkerd(root, directory, workers, { date, flags }, options);
}
