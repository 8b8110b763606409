import { logError } from "../observe/log.ts";
import { requestIdField } from "../observe/request-context.ts";
import { MINUTE_MS, SECOND_MS } from "../shared/time.ts";
import { RETRY_MS } from "./account.ts";
import type { Account } from "./account.ts";
import { eraseAccount } from "./erase-account.ts";
import { hasObjectsToDelete } from "./store/archive/archives.ts";
import { backgroundTurns, putBackground } from "./store/turns/background-turns.ts";
import { dropOldMessages, waitingUsers } from "./store/whatsapp/upkeep.ts";

/** How long until the alarm sends a job again that the queue may have lost, in ms. */
export const WAKE_MS = 30 * SECOND_MS;
/** The longest wait between two jobs for one waiting user, in ms. */
const MAX_WAKE_MS = 10 * MINUTE_MS;

/**
 * Takes up what could not be finished. Can run twice, and never throws: the platform stops retrying an alarm that does.
 */
export async function runAlarm(account: Account): Promise<void> {
  const { storage } = account.ctx;
  const next: (number | null)[] = [];
  try {
    if (account.isErasing) await account.archiving.run(() => eraseAccount(account));
    const { outbox } = account.services;
    await outbox.dropKeys(Date.now());
    // Of an account that was erased meanwhile there is nothing to tell. Who has written there since, set the alarm again.
    if (!account.isErasing && account.services.outbox === outbox)
      next.push(await outbox.deliver(Date.now()));
    if (hasObjectsToDelete(account.services.db)) await account.archiving.run(() => account.clean());
    await askForSweep(account);
    next.push(await wakeMessengers(account));
    next.push(await wakeResponders(account));
    next.push(indexArchives(account));
  } catch (error) {
    logError("alarm.failed", "[Storage Error] the alarm will try again", error);
    next.push(Date.now() + RETRY_MS);
  }
  // An alarm that was set meanwhile stays.
  const times = [...next, await storage.getAlarm()].filter((at) => at !== null);
  if (times.length > 0) await storage.setAlarm(Math.min(...times));
}

/** Goes on with the archives that are not indexed yet. Not awaited: it may take long. @returns when to look again */
function indexArchives({ archiveIndexing }: Account): number | null {
  if (!archiveIndexing.isDue) return null;
  void archiveIndexing.goOn();
  return Date.now() + RETRY_MS;
}

/** Queues a sweep where SQLite holds more than it may: it comes before the nightly one. */
async function askForSweep({ services: { room, accountId }, env }: Account): Promise<void> {
  if (!room.wantsSweep()) return;
  const now = Date.now();
  await env.JOBS.send({ type: "sweep", account_id: accountId, now, ...requestIdField() });
  room.sweepAsked();
}

/** Queues a job for each user who waits for an answer. @returns when to look again; null when no user waits */
async function wakeMessengers({ services, env }: Account): Promise<number | null> {
  const { db, accountId } = services;
  db.transaction(() => dropOldMessages(db, Date.now()));
  const waiting = waitingUsers(db);
  const now = Date.now();
  // The queue still has jobs for new messages, and a worker has the leased ones.
  const isDue = (each: { since: number; from: number }) =>
    each.from <= now && now - each.since >= WAKE_MS;
  for (const user_id of new Set(waiting.filter(isDue).map((each) => each.user_id)))
    await env.MESSAGES.send({
      type: "whatsapp",
      account_id: accountId,
      user_id,
      ...requestIdField(),
    });
  const next = waiting.map((each) => {
    // Retry old messages less often.
    const wait = Math.min(MAX_WAKE_MS, Math.max(WAKE_MS, (now - each.since) / 4));
    return isDue(each) ? now + wait : Math.max(each.from, each.since + WAKE_MS);
  });
  return next.length === 0 ? null : Math.min(...next);
}

/** Queues a job for each background turn without a worker. @returns when to look again; null when there is none */
async function wakeResponders({ services, env }: Account): Promise<number | null> {
  const { db, turns, accountId } = services;
  const now = Date.now();
  for (const turn of backgroundTurns(db)) {
    if (turn.due_at > now) continue;
    const { turn_id } = turn;
    const lease = turns.head(turn_id)?.extra.lease?.until ?? 0;
    if (turn.attempts > 0 && lease > now) {
      putBackground(db, { ...turn, due_at: lease });
      continue;
    }
    putBackground(db, { ...turn, due_at: now + WAKE_MS });
    await env.MESSAGES.send({
      type: "response",
      account_id: accountId,
      turn_id,
      ...requestIdField(),
    });
  }
  return backgroundTurns(db)[0]?.due_at ?? null;
}
