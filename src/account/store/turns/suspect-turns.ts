import { MAX_DURATION_MS, MAX_TOKENS, MODEL_LENGTH } from "../../../shared/stored-bounds.ts";
import { MAX_TIME_MS } from "../../../shared/time.ts";
import type { Turn } from "../../../shared/turn.ts";
import type { Database } from "../../../sqlite/database.ts";
import { writeSession } from "../sessions/write-session.ts";
import type { Turns } from "./turns.ts";

const out = (column: string, max: number): string =>
  `(${column} is not null and (${column} < 0 or ${column} > ${max}))`;
const odd = (column: string, max: number): string =>
  `(${column} is not null and typeof(${column}) <> 'integer') or ${out(column, max)}`;

/** Numbers out of bounds, and rows whose JSON may hold others, or half of a surrogate pair. */
const SUSPECT = `(${odd("created_at", MAX_TIME_MS - 1)} or ${out("duration_ms", MAX_DURATION_MS)}
  or ${odd("input_tokens", MAX_TOKENS)} or ${odd("output_tokens", MAX_TOKENS)}
  or extra is not null or instr(input, '\\ud') > 0 or instr(output, '\\ud') > 0
  or model in (select id from models where length(name) > ${MODEL_LENGTH}))`;

/** The next turns that may hold values out of bounds, after the turn `after`. */
export const suspectTurns = (turns: Turns, after: number, limit: number): Turn[] =>
  turns.where(`id > ? and ${SUSPECT} order by id limit +?`, after, limit);

/** Brings the times of sessions into bounds. @returns how many sessions had others */
export function repairSessionTimes(db: Database): number {
  const [created, accessed] = ["created_at", "accessed_at"].map((name) =>
    odd(name, MAX_TIME_MS - 1),
  );
  const count = db.scalar<number>(`select count(*) from sessions where ${created} or ${accessed}`);
  if (!count) return 0;
  for (const name of ["created_at", "accessed_at"])
    writeSession(
      db,
      null,
      `update sessions set ${name} = min(max(cast(round(${name}) as integer), 0), ?) where ${odd(name, MAX_TIME_MS - 1)}`,
      MAX_TIME_MS - 1,
    );
  return count;
}
