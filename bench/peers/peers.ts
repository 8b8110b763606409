import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { Client } from "pg";
import { createClient } from "redis";

import { startPostgres, startRedis } from "../../test/support/servers.ts";
import { keptIn } from "./kept.ts";
import type { Kept } from "./kept.ts";
import { startNode } from "./node.ts";

/** Something that answers `POST /query` as Colloquy does. */
export interface Peer {
  url: URL;
  /** Ends it, and tells what is left of all that it was sent. */
  close(): Promise<Kept>;
}

/** Colloquy's turns a second to the peer's, at 1, 16 and 64 clients. */
export type Goals = readonly [number, number, number];

export interface Plan {
  title: string;
  goals: Goals | null;
  /** Null where it is not installed; who starts it says so. */
  start: (directory: string) => Promise<Peer | null>;
}

const LANGCHAIN = "../extra/langchain-redis.mjs";

/** Peers that are processes of their own. */
export const PROCESSES: Record<string, Plan> = {
  sqlite: {
    title: "Node, Hono, node:sqlite (WAL, FULL)",
    goals: [0.4, 0.9, 1],
    start: (directory) => startOnFile(directory, "sqlite.ts"),
  },
  postgres: {
    title: "Node, Hono, PostgreSQL (synchronous)",
    goals: [0.45, 0.5, 0.55],
    start: startOnPostgres,
  },
  "redis-always": {
    title: "Node, Hono, Redis (fsync always)",
    goals: null,
    start: (directory) => startOnRedis(directory, "redis.ts", "always"),
  },
  "redis-everysec": {
    title: "Node, Hono, Redis (fsync everysec)",
    goals: null,
    start: (directory) => startOnRedis(directory, "redis.ts", "everysec"),
  },
  "langchain-always": {
    title: "Node, Hono, LangChain on Redis (always)",
    goals: [0.8, 0.35, 0.4],
    start: (directory) => startOnRedis(directory, LANGCHAIN, "always"),
  },
  "langchain-everysec": {
    title: "Node, Hono, LangChain on Redis (everysec)",
    goals: null,
    start: (directory) => startOnRedis(directory, LANGCHAIN, "everysec"),
  },
  langgraph: {
    title: "Node, Hono, LangGraph SqliteSaver",
    goals: [2.5, 6, 7],
    start: (directory) => startOnFile(directory, "../extra/langgraph.mjs"),
  },
};

async function startOnFile(directory: string, file: string): Promise<Peer | null> {
  if (!isInstalled(file)) return null;
  await mkdir(directory);
  const node = await startNode(file, join(directory, "messages.sqlite"));
  return {
    url: node.url,
    async close() {
      await node.stop();
      return keptIn(join(directory, "*.sqlite"));
    },
  };
}

/** Whether the packages of what lies in `extra` are there. */
const isInstalled = (file: string): boolean =>
  !file.includes("/extra/") || existsSync(join(import.meta.dirname, "extra/node_modules"));

async function startOnPostgres(directory: string): Promise<Peer | null> {
  const server = await startPostgres(directory, {
    fsync: "on",
    synchronous_commit: "on",
    shared_buffers: "128MB",
  });
  if (!server) return null;
  const node = await startNode("postgres.ts", server.url);
  return {
    url: node.url,
    async close() {
      await node.stop();
      const client = new Client({ connectionString: server.url });
      await client.connect();
      const { rows } = await client.query<Kept>(
        "select pg_total_relation_size('messages')::float8 as bytes, count(*)::float8 as rows from messages",
      );
      await client.end();
      await server.stop();
      return rows[0] ?? { bytes: 0, rows: 0 };
    },
  };
}

async function startOnRedis(
  directory: string,
  file: string,
  appendfsync: "always" | "everysec",
): Promise<Peer | null> {
  if (!isInstalled(file)) return null;
  // No rewriting of the log in the middle of a round.
  const options = { appendonly: "yes", appendfsync, "auto-aof-rewrite-percentage": "0" };
  const server = await startRedis(directory, options);
  if (!server) return null;
  const node = await startNode(file, server.url);
  return {
    url: node.url,
    async close() {
      await node.stop();
      const redis = await createClient({ url: server.url }).connect();
      const bytes = Number(/aof_current_size:(\d+)/.exec(await redis.info("persistence"))?.[1]);
      redis.destroy();
      await server.stop();
      return { bytes, rows: null };
    },
  };
}
