import type { Config } from "../config.ts";
import type { Flag, FlagName } from "../shared/flags.ts";
import { ADMIN_LOG } from "./account-directory-do.ts";
import { logError } from "../observe/log.ts";
import type { StoredFlag } from "./flags-table.ts";
import { SECOND_MS } from "../shared/time.ts";
import { isOn } from "../shared/rollout.ts";
import type { Subject } from "../shared/rollout.ts";
import { callDirectory } from "./directory-client.ts";

/** In milliseconds. An isolate trusts its flags for so long: a change reaches all within the promised minute. */
const CACHE_TTL_MS = 30 * SECOND_MS;
/** In milliseconds after a failed read, before the next one. */
const RETRY_DELAY_MS = 5 * SECOND_MS;
/** In milliseconds. No turn waits longer for the flags. */
const TIMEOUT_MS = 2 * SECOND_MS;

type FlagsEnv = Pick<Env, "DIRECTORY">;

interface IsolateState {
  /** The flags at the last read; empty before it. */
  flags: StoredFlag[];
  /** When to read again, in ms since the epoch. */
  refreshAt: number;
  /** The read in flight, which all requests share. */
  reading: Promise<StoredFlag[]> | null;
}

const isolateStates = new WeakMap<object, IsolateState>();

/** Whether the turn is stored, by both flags of storage. */
export async function isStored(env: FlagsEnv, config: Config, subject: Subject): Promise<boolean> {
  const flags = await storedFlags(env);
  const on = (name: FlagName) => isOn(effective(config, flags, name), name, subject);
  return (
    on("ENABLE_CONVERSATION_STORAGE") &&
    (subject.user_id === undefined || on("UNIFIED_CONVERSATION_ENABLED"))
  );
}

/** Whether a flag is on for a turn's account and user. */
export async function isFlagOn(
  env: FlagsEnv,
  config: Config,
  name: FlagName,
  subject: Subject,
): Promise<boolean> {
  return isOn(effective(config, await storedFlags(env), name), name, subject);
}

const effective = (config: Config, flags: StoredFlag[], name: FlagName): Flag =>
  flags.find((each) => each.name === name)?.flag ?? config[name];

/** The flags that admins set, from the directory. @throws ApiError when it cannot be reached */
export const readFlags = (env: FlagsEnv): Promise<StoredFlag[]> =>
  callDirectory(env, ADMIN_LOG, (directory) => directory.flags());

/** Makes this isolate read again before its next turn, after an admin's change. */
export function expireFlags(env: FlagsEnv): void {
  const state = isolateStates.get(env);
  if (state) update(state, state.flags, 0);
}

/** The flags that admins set, at most {@link CACHE_TTL_MS} old, or older when the directory cannot be reached. */
async function storedFlags(env: FlagsEnv): Promise<StoredFlag[]> {
  const state = isolateStates.get(env) ?? { flags: [], refreshAt: 0, reading: null };
  isolateStates.set(env, state);
  // A loop: a change during the read makes its result stale.
  while (Date.now() >= state.refreshAt) await refresh(env, state);
  return state.flags;
}

/**
 * Waits for the shared read, and stores its result if no other request has. Each request does both: the request that
 * began the read may be cancelled.
 */
async function refresh(env: FlagsEnv, state: IsolateState): Promise<void> {
  const reading = (state.reading ??= readFlags(env));
  let timer;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer within 2 s")), TIMEOUT_MS);
  });
  try {
    const flags = await Promise.race([reading, timeout]);
    if (state.reading === reading) update(state, flags, CACHE_TTL_MS);
  } catch (error) {
    if (state.reading !== reading) return;
    update(state, state.flags, RETRY_DELAY_MS);
    logError(
      "flags.unreachable",
      "flags cannot be read; the last known flags stay in force",
      error,
    );
  } finally {
    clearTimeout(timer);
  }
}

function update(state: IsolateState, flags: StoredFlag[], forMs: number): void {
  state.flags = flags;
  state.refreshAt = Date.now() + forMs;
  state.reading = null;
}
