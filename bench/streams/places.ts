import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

import { unstable_readConfig as readConfig } from "wrangler";

import { build } from "../build.ts";
import { startWorkerd } from "../peers/workerd.ts";
import type { Worker, Workerd } from "../peers/workerd.ts";

export interface ModelServer {
  url: string;
  stop: () => void;
}

export async function startModelServer(): Promise<ModelServer> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "model-server.ts")], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const [port] = (await once(createInterface({ input: child.stdout as Readable }), "line")) as [
    string,
  ];
  return { url: `http://127.0.0.1:${port}/v1`, stop: () => child.kill("SIGKILL") };
}

/**
 * The product, the floors and another checkout's product, in one workerd: an isolate each.
 *
 * @param beside - the other checkout; null for none
 */
export async function startPlaces(
  root: string,
  directory: string,
  modelUrl: string,
  beside: string | null,
): Promise<Workerd> {
  const config = readConfig({ config: join(root, "wrangler.toml") });
  const date = config.compatibility_date as string;
  const flags: string[] = config.compatibility_flags;
  const floors = await build(root, join(directory, "floors-built"), "bench/streams/floors.ts", [
    "--config=bench/peers/wrangler.toml",
    `--compatibility-date=${date}`,
    ...flags.map((flag) => `--compatibility-flags=${flag}`),
  ]);
  const productOf = async (name: string, of: string): Promise<Worker> => ({
    name,
    modules: await build(of, join(directory, `${name}-built`)),
    vars: {
      AUTH: "open",
      MODEL: "openai/fake",
      OPENAI_BASE_URL: modelUrl,
      RETENTION_DAYS: "30",
    },
    objects: { CONVERSATIONS: "ConversationDO", DIRECTORY: "AccountDirectoryDO" },
    refused: { r2Bucket: ["ARCHIVE"], kvNamespace: ["CACHE"], queue: ["JOBS", "MESSAGES"] },
    entrypoints: ["default", "Doors"],
  });
  const workers = [
    await productOf("product", root),
    {
      name: "floors",
      modules: floors,
      vars: { UPSTREAM: modelUrl },
      objects: {},
      refused: {},
      entrypoints: ["Pass", "Parse"],
    },
    ...(beside === null ? [] : [await productOf("beside", beside)]),
  ];
  return startWorkerd(root, directory, workers, { date, flags });
}

/** The processor time of a process so far, in ms. The kernel counts in steps of 10 ms. */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** The memory of a process, in KiB. */
export const memoryKib = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
