import { execFile } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

export interface WorkerModule {
  type: "ESModule" | "Text";
  path: string;
  contents: string;
}

/**
 * Bundles an entry of the benchmark into one module, with wrangler's own bundling: also that of an earlier checkout. What
 * `npm run deploy` takes is several modules. The entry module comes first.
 *
 * @param flags - of `wrangler deploy`
 */
export async function build(
  root: string,
  outDir: string,
  entry = "bench/worker.ts",
  flags: readonly string[] = ["--config", "wrangler.toml"],
): Promise<WorkerModule[]> {
  const args = ["deploy", entry, "--dry-run", "--env=", "--outdir", outDir, ...flags];
  await promisify(execFile)(join(root, "node_modules/.bin/wrangler"), args, { cwd: root });
  const texts = (await readdir(outDir)).filter((name) => name.endsWith(".sql"));
  return Promise.all([
    readModule(outDir, entry.replace(/^.*\/(.*)\.\w+$/, "$1.js"), "ESModule"),
    ...texts.map((name) => readModule(outDir, name, "Text")),
  ]);
}

async function readModule(
  directory: string,
  path: string,
  type: WorkerModule["type"],
): Promise<WorkerModule> {
  return { type, path, contents: await readFile(join(directory, path), "utf8") };
}
