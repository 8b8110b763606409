import { configOf } from "../../config.ts";
import { OPERATIONS } from "../../directory/account-directory-do.ts";
import { isOutside } from "../../shared/model-providers.ts";
import { logError } from "../../observe/log.ts";
import type { HealthStatus } from "../../directory/operations-table.ts";
import { SECOND_MS } from "../../shared/time.ts";
import { readCircuits } from "../../outbound/circuit-breaker.ts";
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

type Check = () => Promise<{ status: HealthStatus; detail?: string }>;

/** Tries everything at once. `degraded`: something is down that turns do without. */
export async function checkHealth(
  env: Env,
): Promise<{ status: "up" | "degraded" | "down"; checks: HealthCheck[] }> {
  const checks = await Promise.all([
    tryOut("sqlite", true, async () => {
      await callDirectory(env, OPERATIONS, (directory) => directory.circuits(Date.now()));
      return UP;
    }),
    tryOut("r2", false, async () => {
      await env.ARCHIVE.head(NO_KEY);
      return UP;
    }),
    ...(env.ARCHIVE_REPLICA
      ? [
          tryOut("r2_replica", false, async () => {
            await env.ARCHIVE_REPLICA?.head(NO_KEY);
            return UP;
          }),
        ]
      : []),
    tryOut("kv", false, async () => {
      await env.CACHE.get(NO_KEY);
      return UP;
    }),
    tryOut("queue", false, async () => {
      const { backlogCount } = await env.JOBS.metrics();
      return { status: "up", detail: `${backlogCount} jobs waiting` };
    }),
    tryOut("model", true, () => checkModels(env)),
  ]);
  const now = Date.now();
  const since = await sinceWhen(env, checks, now);
  const all = checks.map((check): HealthCheck => ({
    ...check,
    since: since.get(check.name) ?? now,
  }));
  const down = all.filter(({ status }) => status === "down");
  const status = down.some(({ needed }) => needed) ? "down" : down.length > 0 ? "degraded" : "up";
  return { status, checks: all };
}

const UP = { status: "up" as const };

/** A model is asked by turns, not by this: it is down while every circuit to one is open. */
async function checkModels(env: Env): Promise<{ status: HealthStatus; detail?: string }> {
  const now = Date.now();
  const open = (await readCircuits(env)).flatMap(({ name, until }) => (until > now ? [name] : []));
  const left = configOf(env).MODEL.filter((name) => !isOutside(name) || !open.includes(name));
  const detail = open.length > 0 ? `not asked for a while: ${open.join(", ")}` : undefined;
  return { status: left.length > 0 ? "up" : "down", ...(detail && { detail }) };
}

async function tryOut(
  name: string,
  needed: boolean,
  check: Check,
): Promise<Omit<HealthCheck, "since">> {
  const began = Date.now();
  const done = (status: HealthStatus, detail: string | null) => ({
    name,
    needed,
    status,
    latency_ms: Date.now() - began,
    detail,
  });
  try {
    const patience = scheduler.wait(TIMEOUT_MS).then(() => {
      throw new Error(`no answer within ${TIMEOUT_MS} ms`);
    });
    const { status, detail = null } = await Promise.race([check(), patience]);
    return done(status, detail);
  } catch (error) {
    logError("health.down", `${name} does not answer`, error, { check: name });
    return done("down", "it does not answer; the logs say more");
  }
}

/** Empty where the object that remembers it does not answer. */
async function sinceWhen(
  env: Env,
  checks: readonly Omit<HealthCheck, "since">[],
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
