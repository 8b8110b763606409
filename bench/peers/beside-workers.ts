import { existsSync } from "node:fs";
import { join } from "node:path";

import { buildOwn } from "../product-worker.ts";
import type { Runtime } from "../product-worker.ts";
import type { Worker } from "./workerd.ts";

type Beside = Omit<Worker, "name" | "modules" | "vars"> & { entry: string; needs: string | null };

/** What runs beside the product, by its name. `needs` is a package that has to be installed in `extra`. */
const BESIDE: Record<string, Beside> = {
  floors: {
    entry: "floors.ts",
    needs: null,
    objects: { BARE: "BareDO" },
    refused: {},
    entrypoints: ["Floor", "Insert", "Ask"],
  },
  agents: {
    entry: "extra/agents.mjs",
    needs: "agents",
    objects: { SESSIONS: "SessionsDO", CHAT: "ChatAgent" },
    refused: {},
    entrypoints: ["AgentSessions", "Chat", "ChatSocket"],
  },
};

const besideNamed = (name: string): Beside => {
  const found = BESIDE[name];
  if (!found) throw new Error(`There is no worker ${name}.`);
  return found;
};

export function isWorkerInstalled(name: string): boolean {
  const { needs } = besideNamed(name);
  return needs === null || existsSync(join(import.meta.dirname, "extra/node_modules", needs));
}

/** Builds one of them. */
export async function besideWorker(
  name: string,
  of: { root: string; directory: string; modelUrl: string; runtime: Runtime },
): Promise<Worker> {
  const { entry, objects, refused, entrypoints } = besideNamed(name);
  const built = join(of.directory, `${name}-built`);
  return {
    name,
    modules: await buildOwn(of.root, built, `peers/${entry}`, of.runtime),
    vars: { MODEL_URL: of.modelUrl },
    objects,
    refused,
    entrypoints,
  };
}
