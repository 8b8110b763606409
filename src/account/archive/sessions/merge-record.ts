import { TURNS_PER_SESSION, seqOf } from "../../../shared/ids.ts";
import { importsOf } from "../../store/archive/imports.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import type { SessionRecord } from "../format/record.ts";
import { rewriteTurns, seqsOf } from "./rewrite-turns.ts";
import type { PlacedTurn } from "./rewrite-turns.ts";
import type { ImportRecordOptions, ImportParts, RecordImportResult } from "./bring.ts";
import type { Turn } from "../../../shared/turn.ts";

/**
 * Adds a record's missing turns to a session, by their time. The session's other fields stay. Call inside a
 * transaction.
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
  const { db } = parts;
  const owners = importsOf(db, there.key);
  const merged = mergeTurns(
    there.turns.map((turn) => ({ turn, was: seqOf(turn.id), import: owners.of(seqOf(turn.id)) })),
    record.turns.map((turn) => ({ turn, was: null, import: options.import })),
    record.untimed ? saidIn : nameOf,
  );
  const turns = merged.length - there.turns.length;
  if (turns === 0) return { done: "unchanged", turns };
  if ((seqsOf(merged).at(-1) ?? 0) > TURNS_PER_SESSION - 2) return { done: "exists", turns: 0 };
  if (!options.onlyCheck) {
    const frames = { ...record.frames, ...there.frames };
    rewriteTurns(parts, comeBack(), { ...there, frames }, merged, owners.maker);
  }
  return { done: "merged", turns };
}

/** Both keep their order; of one age, what is there comes first. A turn that both have is taken once. */
function mergeTurns(
  there: readonly PlacedTurn[],
  brought: readonly PlacedTurn[],
  name: (turn: Turn) => string,
): PlacedTurn[] {
  const known = new Map<string, number>();
  for (const { turn } of there) known.set(name(turn), (known.get(name(turn)) ?? 0) + 1);
  const fresh = brought.filter(({ turn }) => {
    const left = known.get(name(turn)) ?? 0;
    known.set(name(turn), left - 1);
    return left <= 0;
  });
  const merged: PlacedTurn[] = [];
  let next = 0;
  for (const placed of there) {
    for (; (fresh[next]?.turn.created_at ?? Infinity) < placed.turn.created_at; next += 1)
      merged.push(fresh[next] as PlacedTurn);
    merged.push(placed);
  }
  return [...merged, ...fresh.slice(next)];
}

const saidIn = ({ input, output }: Turn): string => JSON.stringify([input, output]);
const nameOf = (turn: Turn): string => `${turn.created_at} ${saidIn(turn)}`;
