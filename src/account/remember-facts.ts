import { ApiError } from "../shared/errors.ts";
import { mintFactId } from "../shared/ids.ts";
import { factNotFound } from "../shared/not-found-errors.ts";
import { USER_FACTS } from "../shared/user-facts.ts";
import type { AccountServices } from "./account-services.ts";
import { checkAccountHold, checkHold } from "./archive/erasure/erase-session.ts";
import { insertRecord } from "./archive/sessions/insert-record.ts";
import { removeSession } from "./store/erasure/drop-session.ts";
import { factBlockId, isFactBlock } from "./store/sessions/session-flags.ts";
import { sessionByKey } from "./store/sessions/sessions.ts";
import {
  changeFact,
  countFacts,
  eraseFact,
  factBlockOf,
  factOfText,
  factsOfSession,
  findFact,
  insertFacts,
} from "./store/sessions/user-facts.ts";
import type { PlacedFact } from "./store/sessions/user-facts.ts";
import type { User } from "./store/sessions/users.ts";

/**
 * Stores a fact that a client tells of a user. A text that is there already is not stored twice.
 *
 * @throws ApiError `facts_full`, `quota_bytes` or `storage_full`
 */
export function rememberFact(
  parts: AccountServices,
  user: User,
  text: string,
  now: number,
): { fact: PlacedFact; isNew: boolean } {
  const { db, quotas } = parts;
  const known = factOfText(db, user, text);
  if (known) return { fact: known, isNew: false };
  if (countFacts(db, { user_id: user.user_id }) >= USER_FACTS)
    throw new ApiError(
      "facts_full",
      `The user has ${USER_FACTS} facts. Delete one before you add another.`,
    );
  quotas.checkBytes();
  const fact_id = mintFactId();
  db.transaction(() => {
    const role = user.role ?? null;
    const key = factBlockOf(db, user.user_id, role) ?? newBlock(parts, user, fact_id, now);
    insertFacts(db, key, [{ fact_id, text, created_at: now, updated_at: now }]);
  });
  return { fact: factOf(parts, user, fact_id), isNew: true };
}

/** Facts of clients lie in a session without turns, so that all that keeps, moves and erases sessions has them, too. */
function newBlock(
  parts: AccountServices,
  { user_id, role }: User,
  factId: string,
  now: number,
): number {
  return insertRecord(parts, {
    session_id: factBlockId(factId),
    key: 0,
    created_at: now,
    accessed_at: now,
    assistant: null,
    user_id,
    ...(role !== undefined && { role }),
    metadata: {},
    turns: [],
  });
}

/** @throws ApiError `fact_not_found` */
function factOf({ db }: AccountServices, user: User, factId: string): PlacedFact {
  const fact = findFact(db, user, factId);
  if (fact) return fact;
  throw factNotFound();
}

/** @throws ApiError `session_held` or `account_held` where a legal hold keeps the fact, or `fact_not_found` */
function changeable(parts: AccountServices, user: User, factId: string): PlacedFact {
  const { db } = parts;
  const fact = factOf(parts, user, factId);
  checkAccountHold(db);
  const session = sessionByKey(db, fact.key);
  if (session) checkHold(session);
  return fact;
}

/** Writes another text. Its source stays. @throws ApiError as {@link changeable}, or `quota_bytes` */
export function editFact(
  parts: AccountServices,
  user: User,
  factId: string,
  text: string,
  now: number,
): PlacedFact {
  const { db, quotas } = parts;
  db.transaction(() => {
    const { text: before } = changeable(parts, user, factId);
    if (text === before) return;
    if (text.length > before.length) quotas.checkBytes();
    changeFact(db, factId, text, now);
  });
  return factOf(parts, user, factId);
}

/**
 * Deletes a fact, and its block with the last one. Neither comes back from a backup or an import.
 *
 * @throws ApiError as {@link changeable}
 */
export function forgetFact(parts: AccountServices, user: User, factId: string, now: number): void {
  const { db, counters, lifecycle } = parts;
  db.transaction(() => {
    const { key } = changeable(parts, user, factId);
    eraseFact(db, factId, now);
    const session = sessionByKey(db, key);
    const isEmptyBlock =
      session && isFactBlock(session.session_id) && factsOfSession(db, key).length === 0;
    if (!isEmptyBlock) return;
    counters.changing();
    removeSession(db, session, now);
    lifecycle.drop(session.session_id);
    counters.sessionRemoved(session);
  });
}
