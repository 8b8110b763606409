import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { startPostgres, startRedis } from "../../test/support/servers.ts";
import { keptIn, keptInPostgres, keptInRedis } from "./kept.ts";
import type { Kept } from "./kept.ts";
import { startNode } from "./node.ts";

/** Something that answers `POST /query` as Colloquy does, and `POST /write`. */
export interface Peer {
  url: URL;
  /** Its process, and its database's. Those that they started count, too. */
  pids: number[];
  /** Ends it, and tells what is left of all that it was sent. */
  close(): Promise<Kept>;
}

/** Colloquy's turns a second to the peer's, at 1, 16 and 64 clients; null for none. */
export type Goals = readonly [number | null, number | null, number | null];

export interface Plan {
  title: string;
  goals: Goals | null;
  /** Null where it is not installed; who starts it says so. */
  start: (directory: string, modelUrl: string) => Promise<Peer | null>;
}

/** Peers that are processes of their own. */
export const PROCESSES: Record<string, Plan> = {
  sqlite: onFile("Node, Hono, node:sqlite (WAL, FULL)", "sqlite.ts", [0.8, 1, 1.2]),
  postgres: onPostgres("Node, Hono, PostgreSQL (synchronous)", "postgres.ts", [0.8, 0.7, 0.9]),
  "redis-always": onRedis("Node, Hono, Redis (fsync always)", "redis.ts", "always"),
  "redis-everysec": onRedis("Node, Hono, Redis (fsync everysec)", "redis.ts", "everysec"),
  "langchain-always": onRedis(
    "Node, Hono, LangChain on Redis (always)",
    "../extra/langchain-redis.mjs",
    "always",
  ),
  langgraph: onFile(
    "Node, Hono, LangGraph SqliteSaver",
    "../extra/langgraph-sqlite.mjs",
    [4, 8, 10],
  ),
  "langgraph-postgres": onPostgres(
    "Node, Hono, LangGraph PostgresSaver",
    "../extra/langgraph-postgres.mjs",
    [4, 8, 10],
  ),
  mastra: onFile("Node, Hono, Mastra, libSQL (WAL, NORMAL)", "../extra/mastra.mjs", null),
};

const isInstalled = (file: string): boolean =>
  !file.includes("/extra/") || existsSync(join(import.meta.dirname, "extra/node_modules"));

function onFile(title: string, file: string, goals: Goals | null): Plan {
  return {
    title,
    goals,
    async start(directory, modelUrl) {
      if (!isInstalled(file)) return null;
      await mkdir(directory);
      const node = await startNode(file, join(directory, "messages.sqlite"), modelUrl);
      return {
        url: node.url,
        pids: [node.pid],
        async close() {
          await node.stop();
          return keptIn(join(directory, "*.sqlite"));
        },
      };
    },
  };
}

function onPostgres(title: string, file: string, goals: Goals | null): Plan {
  return onServer(title, file, goals, {
    start: (directory) =>
      startPostgres(directory, {
        fsync: "on",
        synchronous_commit: "on",
        shared_buffers: "128MB",
      }),
    kept: keptInPostgres,
  });
}

function onRedis(title: string, file: string, appendfsync: "always" | "everysec"): Plan {
  return onServer(title, file, null, {
    // No rewriting of the log in the middle of a round.
    start: (directory) =>
      startRedis(directory, { appendonly: "yes", appendfsync, "auto-aof-rewrite-percentage": "0" }),
    kept: keptInRedis,
  });
}

/** A peer whose database is a server of its own. */
function onServer(
  title: string,
  file: string,
  goals: Goals | null,
  database: {
    start: (directory: string) => ReturnType<typeof startRedis>;
    kept: (url: string) => Promise<Kept>;
  },
): Plan {
  return {
    title,
    goals,
    async start(directory, modelUrl) {
      if (!isInstalled(file)) return null;
      const server = await database.start(directory);
      if (!server) return null;
      const node = await startNode(file, server.url, modelUrl);
      return {
        url: node.url,
        pids: [node.pid, server.pid],
        async close() {
          await node.stop();
          const kept = await database.kept(server.url);
          await server.stop();
          return kept;
        },
      };
    },
  };
}
