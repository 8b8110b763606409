import { join } from "node:path";

import { startWorkerd } from "../peers/workerd.ts";
import { besideWorker, isWorkerInstalled } from "../peers/beside-workers.ts";
import type { Workerd } from "../peers/workerd.ts";
import { buildOwn, productWorker, runtimeOf } from "../product-worker.ts";

/**
 * The product, the floors, the Agents SDK's chat and another checkout's product, in one workerd: an isolate each.
 *
 * @param beside - the other checkout; null for none
 */
export async function startPlaces(
  root: string,
  directory: string,
  modelUrl: string,
  beside: string | null,
): Promise<Workerd> {
  const runtime = runtimeOf(root);
  const workers = [
    await productWorker(root, directory, "product", modelUrl),
    {
      name: "floors",
      modules: await buildOwn(root, join(directory, "floors-built"), "streams/floors.ts", runtime),
      vars: { UPSTREAM: modelUrl },
      objects: {},
      refused: {},
      entrypoints: ["Pass", "Parse"],
    },
    ...(isWorkerInstalled("agents")
      ? [await besideWorker("agents", { root, directory, modelUrl, runtime })]
      : []),
    ...(beside === null ? [] : [await productWorker(beside, directory, "beside", modelUrl)]),
  ];
  return startWorkerd(root, directory, workers, runtime);
}
