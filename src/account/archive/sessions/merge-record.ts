import { TURNS_PER_SESSION, seqOf, turnId } from "../../../shared/ids.ts";
import type { Turn } from "../../../shared/turn.ts";
import { findDetails } from "../../store/sessions/sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import type { SessionRecord } from "../format/record.ts";
import { appendTurns } from "./append-turns.ts";
import type { ImportParts, ImportRecordOptions, RecordImportResult } from "./bring.ts";

/**
 * Adds a record's missing turns to the end of a session, in their order and with their times. The session's other fields
 * stay, and so do the ids of its turns. Call inside a transaction.
 *
 * @param there - the session's own record
 * @param comeBack - makes it live, where it is not
 */
export function mergeRecord(
  parts: ImportParts,
  there: SessionRecord,
  comeBack: () => SessionRow,
  record: SessionRecord,
  options: ImportRecordOptions,
): RecordImportResult {
  const fresh = missingTurns(there.turns, record.turns, record.untimed ? saidIn : nameOf);
  const turns = fresh.length;
  if (turns === 0) return { done: "unchanged", turns };
  const last = there.turns.at(-1);
  const skipped = findDetails(parts.db, there.key)?.skipped ?? 0;
  const before = (last ? seqOf(last.id) : 0) + skipped;
  if (before + turns > TURNS_PER_SESSION - 2) return { done: "exists", turns: 0 };
  if (options.onlyCheck) return { done: "merged", turns };
  const session = comeBack();
  const own = fresh.map((turn, at) => ({ ...turn, id: turnId(session.key, before + at + 1) }));
  appendTurns(parts, session, there.accessed_at, own, record.frames, options.import);
  return { done: "merged", turns };
}

/** A turn that both have is taken once, and as often as one has it more. */
function missingTurns(
  there: readonly Turn[],
  brought: readonly Turn[],
  name: (turn: Turn) => string,
): Turn[] {
  const known = new Map<string, number>();
  for (const turn of there) known.set(name(turn), (known.get(name(turn)) ?? 0) + 1);
  return brought.filter((turn) => {
    const left = known.get(name(turn)) ?? 0;
    known.set(name(turn), left - 1);
    return left <= 0;
  });
}

const saidIn = ({ input, output }: Turn): string => JSON.stringify([input, output]);
const nameOf = (turn: Turn): string => `${turn.created_at} ${saidIn(turn)}`;
