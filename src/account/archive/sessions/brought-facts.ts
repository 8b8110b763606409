import { seqOf } from "../../../shared/ids.ts";
import type { Turn } from "../../../shared/turn.ts";
import { USER_FACTS } from "../../../shared/user-facts.ts";
import type { UserFact } from "../../../shared/user-facts.ts";
import type { Database } from "../../../sqlite/database.ts";
import { countFacts, isFactErased } from "../../store/sessions/user-facts.ts";
import type { SessionRecord } from "../format/record.ts";
import type { CurrentSession } from "./live-record.ts";

type Head = Omit<SessionRecord, "turns">;

/** A session that comes from outside, with what is asked of its turns: all of them may be more than fits into memory. */
export interface BroughtSession {
  head: Head;
  /** How many turns it has. */
  turns: number;
  /** Whether its turn at that place, from 0, has the input and the time of the one that is there. */
  asksAt: (place: number, there: Turn) => boolean;
  /** The number of its turn at that place. */
  seqAt: (place: number) => number | undefined;
}

type Owned = Pick<Head, "user_id" | "role">;

/** Whether a fact of one is shown to the same user in the same role as a fact of the other. */
export const isSameOwner = (a: Owned, b: Owned): boolean =>
  a.user_id === b.user_id && (a.role ?? null) === (b.role ?? null);

/** Whether a session that replaces what is there is another owner's, and so gets another key. */
export const isOthers = (there: Owned | null, own: Owned): boolean =>
  there !== null && there.user_id !== null && !isSameOwner(there, own);

/**
 * A copy with the user and the role of the session that is there, where it names none and began when that did: the session
 * was named to them afterwards.
 */
export function keepOwner(there: Head | null, copy: Head): Head {
  if (there === null || there.created_at !== copy.created_at) return copy;
  const user_id = copy.user_id ?? there.user_id;
  const role = copy.role ?? there.role;
  const isTheirs = user_id === there.user_id && role === there.role;
  return isTheirs ? { ...copy, user_id, ...(role !== undefined && { role }) } : copy;
}

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
export function missingFacts(db: Database, there: CurrentSession, incoming: BroughtSession) {
  const { head } = incoming;
  if (!isSameOwner(there.head, head)) return [];
  const known = new Set(there.head.user_facts?.map(({ fact_id }) => fact_id));
  const missing = (head.user_facts ?? []).filter(
    ({ fact_id }) => !known.has(fact_id) && !isFactErased(db, fact_id),
  );
  return missing.length > 0 && hasSameTurns(there, incoming) ? missing : [];
}

function hasSameTurns(there: CurrentSession, incoming: BroughtSession): boolean {
  let count = 0;
  for (const turn of there.turns()) {
    if (!incoming.asksAt(count, turn) || incoming.seqAt(count) !== seqOf(turn.id)) return false;
    count += 1;
  }
  return count === incoming.turns;
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
