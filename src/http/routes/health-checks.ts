import { configOf } from "../../config.ts";
import { OPERATIONS } from "../../directory/account-directory-do.ts";
import { logError } from "../../observe/log.ts";
import type { HealthStatus } from "../../directory/operations-table.ts";
import { SECOND_MS } from "../../shared/time.ts";
import { readCircuits } from "../../outbound/circuit-breaker.ts";
import {
  checkFlights,
  checkMaintenance,
  checkModels,
  checkQueue,
  checkRoom,
  probeAccount,
} from "./health-probes.ts";
import type { Finding } from "./health-probes.ts";
import { callDirectory } from "../../directory/directory-client.ts";

/** Whatever takes longer counts as down. */
const TIMEOUT_MS = 5 * SECOND_MS;
/** No such key is ever written. */
const NO_KEY = "health";

export interface HealthCheck {
  name: string;
  /** Whether nothing works without it. */
  needed: boolean;
  status: HealthStatus;
  latency_ms: number;
  /** The fault in a few words. */
  detail: string | null;
  /** Since when the status has been so, in ms since the epoch. */
  since: number;
}

type Check = () => Promise<Finding>;
/** `began`: when the check itself says that its status began; null where it does not. */
type TriedCheck = Omit<HealthCheck, "since"> & { began: number | null };

/** Tries everything at once. `degraded`: turns are answered and kept, and something else fails. */
export async function checkHealth(
  env: Env,
): Promise<{ status: HealthStatus; checks: HealthCheck[] }> {
  const config = configOf(env);
  const began = Date.now();
  const probed = probeAccount(env, began);
  const { ARCHIVE_REPLICA: replica } = env;
  const flights = checkFlights(env, config);
  const checks = await Promise.all([
    // Without it turns are refused, or answered and not kept.
    tryOut("sqlite", config.ON_STORAGE_ERROR !== "answer", async () => {
      await probed;
      return UP;
    }),
    tryOut("directory", false, async () => {
      await readCircuits(env);
      return UP;
    }),
    tryOut("r2", false, async () => {
      await env.ARCHIVE.head(NO_KEY);
      return UP;
    }),
    ...(replica
      ? [
          tryOut("r2_replica", false, async () => {
            await replica.head(NO_KEY);
            return UP;
          }),
        ]
      : []),
    tryOut("archive_key", false, async () => {
      const locked = await probed.catch(() => null);
      return locked === null ? UP : { status: "degraded", detail: locked };
    }),
    tryOut("kv", false, async () => {
      await env.CACHE.get(NO_KEY);
      return UP;
    }),
    tryOut("queue", false, () => checkQueue(env.JOBS, began)),
    tryOut("messages", false, () => checkQueue(env.MESSAGES, began)),
    tryOut("model", true, () => checkModels(env, config)),
    tryOut("room", false, () => checkRoom(env, config)),
    tryOut("maintenance", false, () => checkMaintenance(env, began)),
    ...(flights ? [tryOut("flights", false, flights)] : []),
  ]);
  const now = Date.now();
  const since = await sinceWhen(env, checks, now);
  const all = checks.map(({ began: own, ...check }): HealthCheck => ({
    ...check,
    since: own ?? since.get(check.name) ?? now,
  }));
  const isDown = all.some(({ needed, status }) => needed && status === "down");
  const isUp = all.every(({ status }) => status === "up");
  return { status: isDown ? "down" : isUp ? "up" : "degraded", checks: all };
}

const UP: Finding = { status: "up" };

async function tryOut(name: string, needed: boolean, check: Check): Promise<TriedCheck> {
  const began = Date.now();
  const done = (status: HealthStatus, detail: string | null, since: number | null = null) => ({
    name,
    needed,
    status,
    latency_ms: Date.now() - began,
    detail,
    began: since,
  });
  try {
    const patience = scheduler.wait(TIMEOUT_MS).then(() => {
      throw new Error(`no answer within ${TIMEOUT_MS} ms`);
    });
    const { status, detail = null, since } = await Promise.race([check(), patience]);
    return done(status, detail, since);
  } catch (error) {
    logError("health.down", `${name} does not answer`, error, { check: name });
    return done("down", "it does not answer; the logs say more");
  }
}

/** Empty where the object that remembers it does not answer. */
async function sinceWhen(
  env: Env,
  checks: readonly TriedCheck[],
  now: number,
): Promise<Map<string, number>> {
  const seen = checks.map(({ name, status }) => ({ name, status }));
  try {
    const notes = await callDirectory(env, OPERATIONS, (directory) =>
      directory.noteHealth(seen, now),
    );
    return new Map(notes.map(({ name, since }) => [name, since]));
  } catch {
    return new Map();
  }
}
