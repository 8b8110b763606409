import { nodeCrypto } from "../../../shared/node-modules.ts";
import { TURNS_PER_SESSION, seqOf, turnId } from "../../../shared/ids.ts";
import type { Turn } from "../../../shared/turn.ts";
import { findDetails } from "../../store/sessions/sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import { insertFacts } from "../../store/sessions/user-facts.ts";
import type { SessionRecord } from "../format/record.ts";
import type { CurrentSession } from "./live-record.ts";
import { factsFit, factsOfAppended } from "./brought-facts.ts";
import { appendTurns } from "./append-turns.ts";
import type { ImportParts, ImportRecordOptions, Merging, RecordImportResult } from "./bring.ts";

/**
 * Adds a record's missing turns to the end of a session, in their order, with their times and the facts that came from
 * them. The session's other fields stay, and so do the ids of its turns. Call inside a transaction.
 *
 * @param there - the session as it is
 * @param comeBack - makes it live, where it is not
 */
export function mergeRecord(
  parts: ImportParts,
  there: CurrentSession,
  comeBack: () => SessionRow,
  record: SessionRecord,
  options: ImportRecordOptions,
): RecordImportResult {
  const { accessed_at } = there.head;
  const name = record.untimed ? saidIn : nameOf;
  const { fresh, last } = missingTurns(there.turns(), record.turns, name, options.merging);
  const turns = fresh.length;
  if (turns === 0) return { done: "unchanged", turns };
  const before = last + (findDetails(parts.db, there.head.key)?.skipped ?? 0);
  if (before + turns > TURNS_PER_SESSION - 2) return { done: "exists", turns: 0 };
  const numbers = new Map(fresh.map(({ id }, at) => [seqOf(id), before + at + 1]));
  const user_facts = factsOfAppended(parts.db, there.head, record, numbers);
  if (!factsFit(parts.db, { ...there.head, user_facts }, null))
    return { done: "facts_full", turns: 0 };
  if (options.onlyCheck) return { done: "merged", turns };
  const session = comeBack();
  const own = fresh.map((turn, at) => ({ ...turn, id: turnId(session.key, before + at + 1) }));
  appendTurns(parts, session, accessed_at, own, record.frames, options.import);
  insertFacts(parts.db, session.key, user_facts);
  return { done: "merged", turns };
}

/**
 * A turn that both have is taken once, and as often as one has it more. Names are kept as their hashes: the texts of what is
 * there may be more than fits into memory.
 *
 * @returns with the number of the last turn that is there; 0 for none
 */
function missingTurns(
  there: Iterable<Turn>,
  brought: readonly Turn[],
  name: (turn: Turn) => string,
  merging: Merging = { known: null },
): { fresh: Turn[]; last: number } {
  const isFirst = merging.known === null;
  const known = (merging.known ??= new Map<string, number>());
  let last = 0;
  for (const turn of there) {
    last = seqOf(turn.id);
    if (!isFirst) continue;
    const hash = hashOf(name(turn));
    known.set(hash, (known.get(hash) ?? 0) + 1);
  }
  const fresh = brought.filter((turn) => {
    const hash = hashOf(name(turn));
    const left = known.get(hash) ?? 0;
    known.set(hash, left - 1);
    return left <= 0;
  });
  return { fresh, last };
}

/** 16 bytes, a character each: of a session with a million turns as many are kept. */
const hashOf = (text: string): string =>
  nodeCrypto().createHash("sha256").update(text).digest().toString("latin1", 0, 16);

const saidIn = ({ input, output }: Turn): string => JSON.stringify([input, output]);
const nameOf = (turn: Turn): string => `${turn.created_at} ${saidIn(turn)}`;
