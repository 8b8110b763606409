import { ApiError } from "../../../shared/errors.ts";
import type { TurnLifecycle } from "../../conversation/turn-lifecycle.ts";
import { dropStagedOfUser } from "../../store/archive/staged-parts.ts";
import { countUserSessions, heldUserSessions, userSessions } from "../../store/sessions/users.ts";
import { countFacts } from "../../store/sessions/user-facts.ts";
import type { User } from "../../store/sessions/users.ts";
import { countMessagesOf, dropMessagesOf } from "../../store/whatsapp/upkeep.ts";
import { checkAccountHold, eraseSessions } from "./erase-session.ts";
import type { EraseParts } from "./erase-session.ts";
import { bury } from "../../store/erasure/drop-session.ts";
import { countFormersOfUser, formersOfUser } from "../../store/erasure/former-sessions.ts";
import { isVerified, lookAt, lookForSessions, namesOf, newTrace } from "./places.ts";
import type { PlaceReport } from "./place-report.ts";
import type { LookParts } from "./places.ts";

/** Sessions that are erased together: each segment is rewritten once for all of them. */
const BATCH_SESSIONS = 500;

/** Result of erasing a user, with the findings of the check afterwards. */
export interface UserErasure {
  user_id: string;
  sessions: number;
  /** Those of them that were archived. */
  archived_sessions: number;
  turns: number;
  /** The user's calls that belonged to no session. */
  calls: number;
  /** Archive segments that were rewritten without them. */
  segments: number;
  /** The places that they were erased from. */
  where: string[];
  /** Findings of the check afterwards, by place. */
  places: PlaceReport[];
  /** Whether every place was looked at, and holds nothing of the user. */
  verified: boolean;
  /** Ms since the epoch. */
  erased_at: number;
}

/**
 * Erases all sessions of a user, the user's facts and calls outside sessions, and the user's turns in progress; and then
 * the sessions of which only backups have copies. Each segment is rewritten once a batch. A failure leaves whole slices
 * of a batch done, and the next call continues.
 *
 * @throws ApiError `account_held`, or `session_held` while one is under legal hold: then nothing was erased, but for what went
 *   before the hold came
 */
export async function eraseUser(
  parts: EraseParts & LookParts & { lifecycle: TurnLifecycle; clean: () => Promise<void> },
  user: User,
  now: number,
): Promise<UserErasure> {
  const { db, lifecycle } = parts;
  checkAccountHold(db);
  const held = heldUserSessions(db, user);
  if (held > 0) {
    throw new ApiError(
      "session_held",
      `${held} sessions of the user are under legal hold: nothing may erase them. Lift the holds first.`,
    );
  }
  const messages = countMessagesOf(db, user.user_id);
  db.transaction(() => dropMessagesOf(db, user.user_id));
  const trace = newTrace();
  db.transaction(() => trace.archives.push(...dropStagedOfUser(db, user)));
  const total = { sessions: 0, archived_sessions: 0, turns: 0, calls: 0, segments: 0 };
  do {
    const unwritten = lifecycle.unwrittenSessionsOf(user);
    db.transaction(() => unwritten.forEach((sessionId) => bury(db, sessionId, user.user_id, now)));
    for (const sessionId of unwritten) lifecycle.drop(sessionId);
    const batch = userSessions(db, user, BATCH_SESSIONS);
    // Afterwards: a damaged part of a backup keeps no session that is there.
    const formers = batch.length > 0 ? [] : formersOfUser(db, user, BATCH_SESSIONS);
    if (batch.length + formers.length === 0) break;
    const erased = await eraseSessions(parts, batch, now, { trace, formers });
    for (const name of ["sessions", "archived_sessions", "turns", "calls", "segments"] as const)
      total[name] += erased[name];
  } while (countUserSessions(db, user) + countFormersOfUser(db, user) > 0);
  await parts.clean();
  // Sessions that came meanwhile are the user's, too.
  const rows = () =>
    countUserSessions(db, user) +
    countFormersOfUser(db, user) +
    lifecycle.unwrittenSessionsOf(user).length;
  const messagesLeft = () => countMessagesOf(db, user.user_id);
  const places = await lookForSessions(parts, trace, {
    rows,
    facts: () => countFacts(db, user),
  });
  places.push(await lookAt("whatsapp", messages, messagesLeft, parts.onError));
  return {
    user_id: user.user_id,
    ...total,
    where: namesOf(places),
    places,
    verified: isVerified(places),
    erased_at: now,
  };
}
