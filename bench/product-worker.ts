import { join } from "node:path";

import { unstable_readConfig as readConfig } from "wrangler";

import { build } from "./build.ts";
import type { Worker } from "./peers/workerd.ts";

/** What workerd runs every Worker of a process with: the product's date and flags. */
export interface Runtime {
  date: string;
  flags: string[];
}

export function runtimeOf(root: string): Runtime {
  const config = readConfig({ config: join(root, "wrangler.toml") });
  return { date: config.compatibility_date as string, flags: config.compatibility_flags };
}

/** A Worker of the benchmark's own, bundled as the product is. */
export const buildOwn = (
  root: string,
  directory: string,
  entry: string,
  { date, flags }: Runtime,
): ReturnType<typeof build> =>
  build(root, directory, `bench/${entry}`, [
    "--config=bench/peers/wrangler.toml",
    `--compatibility-date=${date}`,
    ...flags.map((flag) => `--compatibility-flags=${flag}`),
  ]);

/**
 * A checkout's product, as it is, with the model's server for its model. What bindings it has is what wrangler.toml says,
 * less the platform's own services.
 *
 * @param name - what it is called in workerd
 */
export async function productWorker(
  root: string,
  directory: string,
  name: string,
  modelUrl: string,
): Promise<Worker> {
  return {
    name,
    modules: await build(root, join(directory, `${name}-built`)),
    vars: {
      AUTH: "open",
      MODEL: "openai/fake",
      OPENAI_BASE_URL: modelUrl,
      RETENTION_DAYS: "30",
    },
    objects: { CONVERSATIONS: "ConversationDO", DIRECTORY: "AccountDirectoryDO" },
    refused: { r2Bucket: ["ARCHIVE"], kvNamespace: ["CACHE"], queue: ["JOBS", "MESSAGES"] },
    entrypoints: ["default", "Doors"],
  };
}
