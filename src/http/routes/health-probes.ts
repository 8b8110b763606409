import { callAccount } from "../../account/account-client.ts";
import { storageLimitBytes } from "../../account/store/retention/retention-policy.ts";
import { WARN_SHARE } from "../../account/store/usage/storage-room.ts";
import type { Config } from "../../config.ts";
import { DIRECTORY_SHARDS, OPERATIONS, shardName } from "../../directory/account-directory-do.ts";
import { fullestAccount } from "../../directory/deployment-totals.ts";
import { callDirectory } from "../../directory/directory-client.ts";
import { MAX_ACCOUNTS } from "../../directory/failing-maintenance.ts";
import type { HealthStatus } from "../../directory/operations-table.ts";
import { readCircuits } from "../../outbound/circuit-breaker.ts";
import { isOutside, providerOf } from "../../shared/model-providers.ts";
import { MINUTE_MS } from "../../shared/time.ts";
import { DEFAULT_ACCOUNT } from "../auth/authorise.ts";
import { flightsCircuit } from "./circuit-names.ts";

/** A job that waits for longer than this means that the queue does not move, in ms. */
const STALLED_MS = 10 * MINUTE_MS;
/** Accounts of each shard to choose from. */
const CANDIDATES = 5;

export interface Finding {
  status: HealthStatus;
  /** The fault in a few words. */
  detail?: string;
  /** When it began, in ms since the epoch, where what is looked at tells. */
  since?: number;
}

const UP: Finding = { status: "up" };

/**
 * Writes a row in an account's object, and opens its archives' keys. It takes the account with the most archives of the first
 * ones that the directory has: a wrong `ARCHIVE_KEY` shows there.
 *
 * @returns why the keys stay closed; null where they open
 */
export async function probeAccount(env: Env, now: number): Promise<string | null> {
  const account = await accountToProbe(env).catch(() => DEFAULT_ACCOUNT);
  return callAccount(env, account, ({ settings }) => settings.probe(now));
}

async function accountToProbe(env: Env): Promise<string> {
  const shards = Array.from({ length: DIRECTORY_SHARDS }, (_, shard) =>
    callDirectory(env, shardName(shard), (each) => each.list({ after: "", limit: CANDIDATES })),
  );
  const found = (await Promise.all(shards)).flat();
  const [most] = found.toSorted((a, b) => b.archived_sessions - a.archived_sessions);
  return most?.account_id ?? DEFAULT_ACCOUNT;
}

/** A model is asked by turns, not by this: it is down while every circuit to one is open. */
export async function checkModels(env: Env, config: Config): Promise<Finding> {
  const known = await openCircuits(env);
  if (known === null) return UNKNOWN;
  // Others are of flights, also of a provider that the deployment had before.
  const open = known.filter((name) => providerOf(name) !== null);
  if (open.length === 0) return UP;
  const isLeft = config.MODEL.some((name) => !isOutside(name) || !open.includes(name));
  return { status: isLeft ? "degraded" : "down", detail: notAsked(open) };
}

/** Null where the offers are the deployment's own. */
export function checkFlights(env: Env, config: Config): (() => Promise<Finding>) | null {
  if (config.FLIGHTS_PROVIDER === "demo") return null;
  return async () => {
    const name = flightsCircuit(config);
    const open = await openCircuits(env);
    if (open === null) return UNKNOWN;
    return open.includes(name) ? { status: "degraded", detail: notAsked([name]) } : UP;
  };
}

/** The directory is tried by itself: without it, turns are answered. */
const UNKNOWN: Finding = { status: "up", detail: "its circuits cannot be read" };

/** Null while the directory does not answer. */
async function openCircuits(env: Env): Promise<string[] | null> {
  try {
    return (await readCircuits(env)).map(({ name }) => name);
  } catch {
    return null;
  }
}

const notAsked = (circuits: readonly string[]): string =>
  `not asked for a while: ${circuits.join(", ")}`;

/** A queue whose oldest job has waited for {@link STALLED_MS} does not move. */
export async function checkQueue(queue: Queue, now: number): Promise<Finding> {
  const { backlogCount, oldestMessageTimestamp: oldest } = await queue.metrics();
  const waited = oldest ? now - oldest.getTime() : 0;
  const jobs = `${backlogCount} jobs waiting`;
  if (waited < STALLED_MS) return { status: "up", detail: jobs };
  const minutes = Math.floor(waited / MINUTE_MS);
  return { status: "degraded", detail: `${jobs}, the oldest for ${minutes} minutes` };
}

/** What crons left undone in accounts, as they told the deployment's object. No account is asked. */
export async function checkMaintenance(env: Env, now: number): Promise<Finding> {
  const known = await callDirectory(env, OPERATIONS, (each) => each.operations(0, now)).catch(
    () => null,
  );
  if (known === null) return { status: "up", detail: "the directory does not answer" };
  const [first, ...others] = known.failing_maintenance ?? [];
  if (!first) return UP;
  const count = others.length + 1;
  const orMore = count >= MAX_ACCOUNTS ? " or more" : "";
  const accounts = count === 1 ? "1 account" : `${count}${orMore} accounts`;
  return {
    status: "degraded",
    detail: `it fails in ${accounts}: GET /admin/operations names accounts and steps`,
    since: first.since,
  };
}

/** An account's SQLite ends at a limit. The fullest one is looked at, by what accounts last told the directory. */
export async function checkRoom(env: Env, config: Config): Promise<Finding> {
  const fullest = await fullestAccount(env).catch(() => undefined);
  if (fullest === undefined) return { status: "up", detail: "the directory does not answer" };
  if (fullest === null) return UP;
  const limit = storageLimitBytes(config);
  const share = fullest.storage_bytes / limit;
  const percent = Math.floor(share * 100);
  const detail = `account ${fullest.account_id} holds ${fullest.storage_bytes} of ${limit} bytes, ${percent} %`;
  return { status: share < WARN_SHARE ? "up" : "degraded", detail };
}
