import { buildConsole } from "./console.ts";
import { buildWorker } from "./worker.ts";

// Wrangler runs this before each start and each deployment.
await Promise.all([buildConsole(), buildWorker()]);
