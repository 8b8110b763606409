import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { unstable_readConfig as readConfig } from "wrangler";

import { build } from "./build.ts";
import type { WorkerModule } from "./build.ts";
import { Collections } from "./collections.ts";
import { doorTo } from "./door.ts";
import type { DoorTo } from "./door.ts";

// The one that wrangler brings: `wrangler dev` keeps objects, R2, KV and queues with it too.
const { Miniflare, convertV4MiniflareOptions } = createRequire(
  createRequire(import.meta.url).resolve("wrangler"),
)("miniflare") as typeof import("miniflare");

/** One worker under measurement: where it listens, and the doors to its objects. */
export interface Target {
  url: URL;
  door: DoorTo;
}

export interface Platform {
  /** The product with its local model. */
  product: Target;
  /** The same, with storage switched off. */
  stateless: Target;
  /** The same, with a model across the network. */
  upstream: Target;
  /** A bare Hono POST and a bare object that inserts one row. */
  floor: URL;
  /** What V8 does meanwhile. */
  collections: Collections;
  /** What the workers wrote to their error log. */
  errors: string[];
  stop(): Promise<void>;
}

/**
 * The built worker in workerd, several times with other settings, on local disks. Requests go to sockets of the workers
 * themselves, past the proxy that stands in front of everything in development.
 */
export async function startPlatform(root: string, upstreamUrl: string): Promise<Platform> {
  const directory = await mkdtemp(join(tmpdir(), "colloquy-bench-"));
  const modules = await build(root, join(directory, "built"));
  const { compatibility_date, compatibility_flags } = readConfig({
    config: join(root, "wrangler.toml"),
  });
  const worker = (name: string, vars: Record<string, string>) => ({
    ...workerOptions(name, modules, vars),
    compatibilityDate: compatibility_date as string,
    compatibilityFlags: compatibility_flags,
  });
  const errors: string[] = [];
  const collections = Collections.watch();
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      cf: false,
      resourcePersistencePath: join(directory, "state"),
      handleStructuredLogs: ({ level, message }: { level: string; message: string }) => {
        if (level === "error") errors.push(message);
      },
      workers: [
        worker("product", { MODEL: "local" }),
        worker("stateless", { MODEL: "local", ENABLE_CONVERSATION_STORAGE: "false" }),
        worker("upstream", { MODEL: "upstream", UPSTREAM_URL: upstreamUrl }),
      ],
    }),
  );
  const proxy = await miniflare.ready;
  const direct = async (name: string, entrypoint?: string): Promise<URL> => {
    const url = await miniflare.unsafeGetDirectURL(name, entrypoint);
    if (url.port === proxy.port) throw new Error(`${name} is reached through the proxy`);
    return url;
  };
  const target = async (name: string): Promise<Target> => ({
    url: await direct(name),
    door: doorTo(await direct(name, "Doors")),
  });
  return {
    product: await target("product"),
    stateless: await target("stateless"),
    upstream: await target("upstream"),
    floor: await direct("product", "Floor"),
    collections,
    errors,
    async stop() {
      await miniflare.dispose();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** What wrangler.toml binds, less the AI binding, which has no local form; each worker has its own of everything. */
function workerOptions(name: string, modules: WorkerModule[], vars: Record<string, string>) {
  return {
    name,
    modules,
    modulesRoot: "/",
    bindings: { AUTH: "open", RETENTION_DAYS: "30", ...vars },
    durableObjects: {
      CONVERSATIONS: { className: "ConversationDO", useSQLite: true },
      DIRECTORY: { className: "AccountDirectoryDO", useSQLite: true },
      FLOOR: { className: "FloorDO", useSQLite: true },
    },
    r2Buckets: { ARCHIVE: `${name}-archive` },
    kvNamespaces: { CACHE: `${name}-cache` },
    queueProducers: { JOBS: `${name}-jobs` },
    queueConsumers: { [`${name}-jobs`]: { maxBatchSize: 10, maxBatchTimeout: 5 } },
    unsafeDirectSockets: ["default", "Floor", "Doors"].map((entrypoint) => ({
      entrypoint,
    })),
  };
}
