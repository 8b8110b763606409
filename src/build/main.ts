import { checkSnapshots } from "../../migrations/files.ts";
import { buildConsole } from "./console.ts";
import { buildWorker } from "./worker.ts";

checkSnapshots();
// Wrangler runs this before each start and each deployment.
await Promise.all([buildConsole(), buildWorker()]);
