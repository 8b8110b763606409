import { seqOf } from "../../../shared/ids.ts";
import { sortedJson } from "../../../shared/json.ts";
import type { Turn } from "../../../shared/turn.ts";
import { USER_FACTS } from "../../../shared/user-facts.ts";
import type { UserFact } from "../../../shared/user-facts.ts";
import type { Database } from "../../../sqlite/database.ts";
import { countFacts, isFactErased } from "../../store/sessions/user-facts.ts";
import type { SessionRecord } from "../format/record.ts";
import type { CurrentSession } from "./live-record.ts";

type Head = Omit<SessionRecord, "turns">;

/** Whether a fact of one is shown to the same user in the same role as a fact of the other. */
export const isSameOwner = (a: Head, b: Head): boolean =>
  a.user_id === b.user_id && (a.role ?? null) === (b.role ?? null);

export const isSameTurn = (turn: Turn, other: Turn | undefined): boolean =>
  other?.created_at === turn.created_at && sortedJson(other.input) === sortedJson(turn.input);

/**
 * Whether the record's facts leave its user within the bound of the API. A user who is over it already may keep as many.
 *
 * @param replaced - the session that goes for the record; null for none
 */
export function factsFit(db: Database, record: Head, replaced: Head | null): boolean {
  const { user_id, user_facts = [] } = record;
  if (user_id === null || user_facts.length === 0) return true;
  const before = countFacts(db, { user_id });
  const going = replaced?.user_id === user_id ? (replaced.user_facts?.length ?? 0) : 0;
  const coming = user_facts.filter(({ fact_id }) => !isFactErased(db, fact_id)).length;
  return before - going + coming <= Math.max(USER_FACTS, before);
}

/**
 * The facts that a copy with the same turns and the same owner has more. The archives, which a reindex reads, have none. An
 * erased fact does not come back, and one that is there stays as it is.
 */
export function missingFacts(db: Database, there: CurrentSession, record: SessionRecord) {
  if (!isSameOwner(there.head, record)) return [];
  const known = new Set(there.head.user_facts?.map(({ fact_id }) => fact_id));
  const missing = (record.user_facts ?? []).filter(
    ({ fact_id }) => !known.has(fact_id) && !isFactErased(db, fact_id),
  );
  return missing.length > 0 && hasSameTurns(there, record) ? missing : [];
}

function hasSameTurns(there: CurrentSession, { turns }: SessionRecord): boolean {
  let count = 0;
  for (const turn of there.turns()) {
    const other = turns[count];
    if (!isSameTurn(turn, other) || seqOf(turn.id) !== seqOf(other?.id ?? 0)) return false;
    count += 1;
  }
  return count === turns.length;
}

/**
 * The facts of turns that a merge appends, under the numbers that the turns get.
 *
 * @param numbers - of the appended turns: the record's, and the new one
 */
export function factsOfAppended(
  db: Database,
  there: Head,
  record: SessionRecord,
  numbers: ReadonlyMap<number, number>,
): UserFact[] {
  if (!isSameOwner(there, record)) return [];
  const known = new Set(there.user_facts?.map(({ fact_id }) => fact_id));
  return (record.user_facts ?? []).flatMap((fact) => {
    const seq = numbers.get(fact.seq ?? 0);
    const isBrought = seq !== undefined && !known.has(fact.fact_id);
    return isBrought && !isFactErased(db, fact.fact_id) ? [{ ...fact, seq }] : [];
  });
}
