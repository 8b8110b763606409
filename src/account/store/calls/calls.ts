import { callId as callIdOf, keyOf, parseCallId } from "../../../shared/ids.ts";
import type { Database } from "../../../sqlite/database.ts";
import { validJson } from "../../../sqlite/valid-json.ts";
import { readPage } from "../../../sqlite/keyset-page.ts";
import type { Page, PageQuery } from "../../../sqlite/keyset-page.ts";
import { callErased, callNotFound } from "../../../shared/not-found-errors.ts";
import { isHeld } from "../account/account-values.ts";
import { HELD } from "../sessions/session-flags.ts";
import { sessionByKey } from "../sessions/sessions.ts";
import type { SessionRow } from "../sessions/sessions.ts";
import { findKey, turnOfKey } from "../turns/idempotency.ts";
import type { IdempotencyKey } from "../turns/idempotency.ts";
import type { Turns } from "../turns/turns.ts";
import { providerOf } from "../../../shared/model-providers.ts";
import type { PolicyOutcome } from "../../../shared/policy-record.ts";
import { TURN_STATUSES, turnMessages } from "../../../shared/turn.ts";
import type { Turn, TurnStatus } from "../../../shared/turn.ts";

export interface CallFilter {
  session_id?: string | undefined;
  user_id?: string | undefined;
  /** With its provider or without. */
  model?: string | undefined;
  provider?: string | undefined;
  status?: TurnStatus | undefined;
  /** Begun then or later, in ms since the epoch. */
  from?: number | undefined;
  /** Begun before. */
  to?: number | undefined;
  /** `none`: no policy had a say. */
  policy_outcome?: PolicyOutcome | "none" | undefined;
}

/** The turn of a call's id, the caller's own or ours; null when there is none. */
export function findCall(db: Database, callId: string): number | null {
  const known = db.scalar<number>("select turn_id from calls where call_id = ?", callId);
  return known ?? parseCallId(callId);
}

/**
 * The turn of a call that is written again: under its id, or by the same request under one key. Null for a new call.
 *
 * @throws ApiError `call_erased`; `idempotency_mismatch` for a key of another request
 */
export function findWritten(
  db: Database,
  {
    call_id,
    idempotency,
  }: { call_id?: string | undefined; idempotency?: IdempotencyKey | undefined },
): number | null {
  const known = idempotency ? findKey(db, idempotency.key) : null;
  const id = call_id ?? (known ? callIdOf(known.turn_id) : undefined);
  if (id !== undefined && isCallErased(db, id)) throw callErased();
  // The keys of an erased call have no hash any more.
  if (idempotency) turnOfKey(db, idempotency);
  return id === undefined ? null : findCall(db, id);
}

/** A slash: no session has such an id. */
const TOMBSTONE = "call/";

/** The call's content is erased for good. In the transaction that deletes it. */
export function buryCall(db: Database, turn: Turn, now: number): void {
  for (const id of [callIdOf(turn.id), turn.extra.call?.id])
    if (id !== undefined) buryCallId(db, id, now);
}

/** No call is written under this id any more. */
export function buryCallId(db: Database, callId: string, now: number): void {
  db.run(
    "insert or ignore into tombstones (session_id, erased_at) values (?, ?)",
    TOMBSTONE + callId,
    now,
  );
}

export const isCallErased = (db: Database, callId: string): boolean =>
  db.scalar("select 1 from tombstones where session_id = ?", TOMBSTONE + callId) !== null;

/** Whether any call was ever erased by itself. */
export const hasErasedCalls = (db: Database): boolean =>
  db.scalar(
    "select 1 from tombstones where session_id >= 'call/' and session_id < 'call0' limit 1",
  ) !== null;

/** A call's turn and its session, live or archived. @throws ApiError `call_not_found` or `call_erased` */
export function locateCall(db: Database, callId: string): { id: number; session: SessionRow } {
  const id = findCall(db, callId);
  if (isCallErased(db, id === null ? callId : callIdOf(id))) throw callErased();
  const session = id === null ? null : sessionByKey(db, keyOf(id));
  if (id === null || !session) throw callNotFound();
  return { id, session };
}

/** The key of a call's session; null where there is no such call. */
export function sessionOfCall(db: Database, callId: string): number | null {
  const id = findCall(db, callId);
  return id === null ? null : keyOf(id);
}

/** The legal hold that keeps a call from being overwritten: the account's, or its session's. Null: none. */
export function holdOfCall(db: Database, callId: string): "account_held" | "session_held" | null {
  if (isHeld(db)) return "account_held";
  const id = findCall(db, callId);
  const session = id === null ? null : sessionByKey(db, keyOf(id));
  return session && (session.flags & HELD) !== 0 ? "session_held" : null;
}

/** In the transaction of the turn. An id that has come to another call meanwhile stays with that. */
export function putCall(db: Database, callId: string, turnId: number): void {
  db.run("insert or ignore into calls values (?, ?)", callId, turnId);
}

/** An erased call has no items left. An item that was deleted by itself leaves a call that can be read. */
const NOT_ERASED =
  "and (input <> char(1) || '[]' or coalesce(extra ->> '$.response.deleted', 0) = 0)";

/** Live calls: in the order of their sessions, and in these as they came. */
export function listCalls(
  db: Database,
  turns: Turns,
  filter: CallFilter,
  query: PageQuery,
  now: number,
): Page<Turn> {
  const { sql, params } = conditions(turns, filter, now);
  return readPage(query, {
    cursorOf: (id) => findCall(db, id),
    walk: (order, after, count) => {
      const sign = order === "asc" ? ">" : "<";
      const start = order === "asc" ? 0 : Number.MAX_SAFE_INTEGER;
      return turns.heads(
        `id ${sign} ? ${NOT_ERASED} ${sql} order by id ${order} limit +?`,
        after ?? start,
        ...params,
        count,
      );
    },
    placeOf: ({ id }) => id,
    sizeOf: (turn) => turnMessages(turn).reduce((sum, { content }) => sum + 2 * content.length, 0),
  });
}

const EXTRA = validJson("extra");

function conditions(
  turns: Turns,
  filter: CallFilter,
  now: number,
): { sql: string; params: (string | number)[] } {
  const sql: string[] = [];
  const params: (string | number)[] = [];
  const add = (condition: string, ...values: (string | number)[]) => {
    sql.push(`and ${condition}`);
    params.push(...values);
  };
  const { session_id, user_id, model, provider, status, from, to, policy_outcome } = filter;
  if (session_id !== undefined) {
    const key = "(select key from sessions where session_id = ?)";
    add(`id > ${key} * 1048576`, session_id);
    add(`id < (${key} + 1) * 1048576`, session_id);
  }
  if (user_id !== undefined)
    add("id / 1048576 in (select key from session_details where user_id = ?)", user_id);
  if (model !== undefined || provider !== undefined) {
    const names = turns
      .models()
      .filter(
        ({ name }) =>
          (model === undefined || name === model || name.endsWith(`/${model}`)) &&
          (provider === undefined ||
            (name === provider && providerOf(name) !== null) ||
            name.startsWith(`${provider}/`)),
      );
    add("model in (select value from json_each(?))", JSON.stringify(names.map(({ id }) => id)));
  }
  if (status !== undefined) {
    // A turn in progress past its lease counts as abandoned, written or not.
    const lease = `coalesce((${EXTRA}) ->> '$.lease.until', 0)`;
    const code = TURN_STATUSES.indexOf(status);
    if (status === "in_progress") add(`status = 0 and ${lease} > ?`, now);
    else if (status === "abandoned") add(`(status = ${code} or status = 0 and ${lease} <= ?)`, now);
    else add("status = ?", code);
  }
  if (from !== undefined) add("created_at >= ?", from);
  if (to !== undefined) add("created_at < ?", to);
  if (policy_outcome === "none") add(`(${EXTRA}) ->> '$.policy.outcome' is null`);
  else if (policy_outcome !== undefined)
    add(`(${EXTRA}) ->> '$.policy.outcome' = ?`, policy_outcome);
  return { sql: sql.join(" "), params };
}
