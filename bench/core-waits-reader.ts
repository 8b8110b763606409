import { constants, setPriority } from "node:os";
import { workerData } from "node:worker_threads";

import { SharedSamples } from "./core-waits.ts";
import { processorClock } from "./memory.ts";

/** In ms. */
const EVERY_MS = 1;

try {
  // Of this thread alone, on Linux.
  setPriority(constants.priority.PRIORITY_HIGHEST);
} catch {
  // Only root may.
}
const samples = new SharedSamples(workerData as SharedSamples["memory"]);
const clocks = [processorClock(), processorClock("inLine")] as const;
setInterval(() => {
  const [worked, waited] = [clocks[0](), clocks[1]()];
  if (worked === null || waited === null) return;
  samples.add({ at: performance.timeOrigin + performance.now(), worked, waited });
}, EVERY_MS);
