import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, afterEach, inject } from "vitest";

import { ConversationDO } from "../../src/account/conversation-do.ts";
import { resetCircuit } from "../../src/outbound/circuit-breaker.ts";
import { clockOffset, setClock, setClockOffset, shiftAlarms } from "./clock.ts";
import { endLog } from "./kept-console.ts";
import { unlistAccounts } from "./unlist-accounts.ts";
import { untilIdle } from "./until.ts";

/** Of models by provider, and of flights. */
const CIRCUITS = ["openai", "workers-ai", "upstream", "amadeus_api", "duffel_api"];

// Before the first object is made: a test may stop the clock, or count what an object does.
await ConversationDO.loadCode();

// Set up before each file of tests that runs in workerd: with CLOCK, each of them begins at that time.
const clock = inject("clock");
setClockOffset(0);
if (clock !== null) setClock(clock);
await runInDurableObject(env.DIRECTORY.getByName("clock"), (_, { storage }) =>
  shiftAlarms(storage),
);

// Circuits are the isolate's, and all accounts': what failed in the file before is no affair of the next.
for (const circuit of CIRCUITS) await resetCircuit(env, circuit);

// So are cached flights: what one file searched for, the next would find.
const { keys: cached } = await env.CACHE.list();
for (const { name } of cached) await env.CACHE.delete(name);

// A cron queues a job for each account that the directory lists: those of the files before are no concern of this one.
await unlistAccounts();

// Files share the worker: what this one queued would log and count in the next. A job that fails is retried much later.
afterAll(() => untilIdle(env.JOBS));

const start = clockOffset();
afterEach(({ task }) => {
  // A test may move the clock: the next one finds it where it would have been.
  setClockOffset(start);
  endLog(task.result?.state === "fail");
});

declare module "vitest" {
  interface ProvidedContext {
    /** The time that CLOCK names, in ms since the epoch. */
    clock: number | null;
    /** Whether tests of large accounts and sessions take their true size: `npm run test:large`. */
    isLarge: boolean;
  }
}
