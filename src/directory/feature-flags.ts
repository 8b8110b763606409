import type { Config } from "../config.ts";
import type { Flag, FlagName } from "../shared/flags.ts";
import { ADMIN_LOG } from "./account-directory-do.ts";
import { logError } from "../observe/log.ts";
import type { StoredFlag } from "./flags-table.ts";
import { SECOND_MS } from "../shared/time.ts";
import { isOn } from "../shared/rollout.ts";
import type { Subject } from "../shared/rollout.ts";
import { callDirectory } from "./directory-client.ts";

/** How long an isolate goes by what it read: a change is everywhere within a minute, with time to spare. */
const CACHE_TTL_MS = 30 * SECOND_MS;
/** After a failure it is not read again for this long. */
const FAILED_MS = 5 * SECOND_MS;
/** No turn waits longer to be told. */
const TIMEOUT_MS = 2 * SECOND_MS;

type FlagsEnv = Pick<Env, "DIRECTORY">;

interface IsolateState {
  /** What admins set, as last read; nothing before the first time. */
  flags: StoredFlag[];
  /** When it is to be read again, in ms since the epoch. */
  until: number;
  /** The one read that is on its way. */
  reading: Promise<StoredFlag[]> | null;
}

const keptFor = new WeakMap<object, IsolateState>();

/** Whether this turn is stored, by the flags that govern it. */
export async function isStored(env: FlagsEnv, config: Config, subject: Subject): Promise<boolean> {
  const flags = await storedFlags(env);
  const on = (name: FlagName) => isOn(effective(config, flags, name), name, subject);
  return (
    on("ENABLE_CONVERSATION_STORAGE") &&
    (subject.user_id === undefined || on("UNIFIED_CONVERSATION_ENABLED"))
  );
}

/** Whether a flag is on for whom a turn is for. */
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

/** What admins set, as fresh as from the directory. @throws ApiError when that cannot be reached */
export const readFlags = (env: FlagsEnv): Promise<StoredFlag[]> =>
  callDirectory(env, ADMIN_LOG, (directory) => directory.flags());

/** Has this isolate read again before its next turn, for what an admin has just changed. */
export function expireFlags(env: FlagsEnv): void {
  const kept = keptFor.get(env);
  if (kept) settle(kept, kept.flags, 0);
}

/** What admins set, at most half a minute old unless the directory is away. */
async function storedFlags(env: FlagsEnv): Promise<StoredFlag[]> {
  const kept = keptFor.get(env) ?? { flags: [], until: 0, reading: null };
  keptFor.set(env, kept);
  // Again where a change came in the midst of the read.
  while (Date.now() >= kept.until) await refresh(env, kept);
  return kept.flags;
}

/**
 * Every request waits by itself for the read that they share, and the first to know writes it down: the request that
 * began it may be cancelled, and what it began with it.
 */
async function refresh(env: FlagsEnv, kept: IsolateState): Promise<void> {
  const reading = (kept.reading ??= readFlags(env));
  let timer;
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer within 2 s")), TIMEOUT_MS);
  });
  try {
    const flags = await Promise.race([reading, patience]);
    if (kept.reading === reading) settle(kept, flags, CACHE_TTL_MS);
  } catch (error) {
    if (kept.reading !== reading) return;
    settle(kept, kept.flags, FAILED_MS);
    logError("flags.unreachable", "flags cannot be read; the last known ones hold", error);
  } finally {
    clearTimeout(timer);
  }
}

function settle(kept: IsolateState, flags: StoredFlag[], forMs: number): void {
  kept.flags = flags;
  kept.until = Date.now() + forMs;
  kept.reading = null;
}
