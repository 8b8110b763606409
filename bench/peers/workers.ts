import { execFileSync } from "node:child_process";

import { productWorker, runtimeOf } from "../product-worker.ts";
import { besideWorker, isWorkerInstalled } from "./beside-workers.ts";
import type { Goals } from "./peers.ts";
import { startWorkerd } from "./workerd.ts";
import type { Workerd } from "./workerd.ts";

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
  floor: {
    title: "workerd, Hono, zod: an RPC that does nothing",
    goals: [null, 0.33, 0.4],
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
  ask: {
    title: "workerd, Hono, zod: the model by fetch, no storage",
    goals: null,
    at: "floors/Ask",
    reads: false,
    keeps: null,
  },
  sessions: {
    title: "Agents SDK, Sessions",
    goals: [1.2, 1.8, 2.2],
    at: "agents/AgentSessions",
    reads: true,
    keeps: "agents-SessionsDO",
  },
  chat: {
    title: "Agents SDK, AIChatAgent",
    goals: null,
    at: "agents/Chat",
    reads: true,
    keeps: "agents-ChatAgent",
  },
};

/** Colloquy itself. */
export const PRODUCT: WorkerPeer = {
  title: "Colloquy",
  goals: null,
  at: "product/default",
  reads: true,
  keeps: "product-*",
};
/** That of another checkout, by its commit. */
export function productOf(checkout: string): WorkerPeer {
  const args = ["-C", checkout, "rev-parse", "--short", "HEAD"];
  const commit = execFileSync("git", args, { encoding: "utf8" }).trim();
  return {
    title: `Colloquy, ${commit}`,
    goals: [null, 1.4, 1.4],
    at: "beside/default",
    reads: true,
    keeps: "beside-*",
  };
}

/** Whether its packages are there. */
export const isInstalled = ({ at }: WorkerPeer): boolean => isWorkerInstalled(workerOf(at));

const workerOf = (at: string): string => at.slice(0, at.indexOf("/"));

export interface WorkersPlan {
  peers: WorkerPeer[];
  modelUrl: string;
  /** Another checkout, whose product runs beside; null for none. */
  checkout: string | null;
  /** Of `workerd serve`. */
  options?: string[];
}

/** The product and what runs beside it, in one workerd: an isolate each. */
export async function startWorkers(
  root: string,
  directory: string,
  { peers, modelUrl, checkout, options = [] }: WorkersPlan,
): Promise<Workerd> {
  const runtime = runtimeOf(root);
  const names = new Set(peers.map(({ at }) => workerOf(at)));
  const workers = [
    await productWorker(root, directory, "product", modelUrl),
    ...(checkout === null ? [] : [await productWorker(checkout, directory, "beside", modelUrl)]),
  ];
  for (const name of names)
    workers.push(await besideWorker(name, { root, directory, modelUrl, runtime }));
  return startWorkerd(root, directory, workers, runtime, options);
}
