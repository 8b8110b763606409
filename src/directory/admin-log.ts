import { log } from "../observe/log.ts";
import { ADMIN_LOG, ADMIN_LOG_ANCHOR } from "./account-directory-do.ts";
import type { AdminEntry, LogCheck, LogHead, LogPage } from "./admin-log-table.ts";
import { callDirectory } from "./directory-client.ts";

type LogEnv = Pick<Env, "DIRECTORY">;

/** Entries that are written at once may pass each other on their way to the anchor. */
const MAX_TRIES = 5;

/** Writes an entry, and its hash outside the log. @throws ApiError `storage_unavailable` unless both are written */
export async function appendToLog(env: LogEnv, entry: AdminEntry): Promise<void> {
  const { previous, seq, hash } = await callDirectory(env, ADMIN_LOG, (each) => each.append(entry));
  await anchorHead(env, previous, { seq, hash });
}

async function anchorHead(env: LogEnv, previous: LogHead | null, head: LogHead): Promise<void> {
  const advance = (from: LogHead | null) =>
    callDirectory(env, ADMIN_LOG_ANCHOR, (anchor) => anchor.advanceAnchor(from, head));
  let anchored = await advance(previous);
  // The entries in between were written by requests that broke off, or that are still on their way.
  for (let tries = 1; anchored.seq < head.seq && tries < MAX_TRIES; tries += 1) {
    const from = anchored;
    if (!(await callDirectory(env, ADMIN_LOG, (each) => each.isContinued(from, head)))) {
      log("admin_log.broken", "the admin log does not continue its anchored head", {
        anchored: from.seq,
        head: head.seq,
      });
      return;
    }
    anchored = await advance(from);
  }
}

/** A page of the log, and a check of all of it. @param after - a `seq` */
export async function readAdminLog(
  env: LogEnv,
  after: number,
  limit: number,
): Promise<LogPage & LogCheck & { anchored: number | null }> {
  // Read before the log, which is written before it.
  const anchor = await callDirectory(env, ADMIN_LOG_ANCHOR, (each) => each.readAnchor());
  const read = await callDirectory(env, ADMIN_LOG, (each) => each.log(after, limit, anchor));
  return { ...read, anchored: anchor?.seq ?? null };
}
