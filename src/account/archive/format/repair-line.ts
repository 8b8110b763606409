import { repairTurn } from "../../../shared/bound-turn.ts";
import { isNumber } from "../../../shared/json.ts";
import { isObject } from "../../../shared/json-merge-patch.ts";
import { MAX_VERSION, boundCount, boundTime, wellFormed } from "../../../shared/stored-bounds.ts";
import { isoTime } from "../../../shared/time.ts";
import type { Turn } from "../../../shared/turn.ts";

/**
 * A line that an older version wrote, with its values brought within the bounds of the format; a turn keeps the
 * original values as `extra.original`. Other faults stay, and the reader refuses them.
 */
export function lineWithin(line: unknown): unknown {
  if (!isObject(line)) return line;
  try {
    if (line["type"] === "session") return sessionWithin(line);
    return line["type"] === "turn" ? turnWithin(line) : line;
  } catch (error) {
    // A text where a number should be, or the like: no version wrote that.
    if (error instanceof TypeError) return line;
    throw error;
  }
}

function sessionWithin(line: Record<string, unknown>): Record<string, unknown> {
  const { created_at, accessed_at, facts, summary, hold, state_version } = line;
  return {
    ...line,
    ...timeWithin("created_at", created_at),
    ...timeWithin("accessed_at", accessed_at),
    ...(isNumber(state_version) && {
      state_version: boundCount(state_version, MAX_VERSION),
    }),
    ...(facts !== undefined && { facts: wellFormed(facts) }),
    ...(summary !== undefined && { summary: wellFormed(summary) }),
    ...(hold !== undefined && { hold: wellFormed(hold) }),
  };
}

function turnWithin(line: Record<string, unknown>): Record<string, unknown> {
  const { created_at, system, extra } = line;
  const at = typeof created_at === "string" ? Date.parse(created_at) : Number.NaN;
  if (Number.isNaN(at) || (extra !== undefined && !isObject(extra))) return line;
  const turn = { ...line, created_at: at, extra: extra ?? {} } as unknown as Turn;
  const repaired = { ...repairTurn(turn) };
  const { extra: own, ...rest } = repaired;
  return {
    ...rest,
    created_at: isoTime(repaired.created_at),
    ...(system !== undefined && { system: wellFormed(system) }),
    ...(Object.keys(own).length > 0 && { extra: own }),
  };
}

function timeWithin(name: string, value: unknown): Record<string, string> {
  const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? {} : { [name]: isoTime(boundTime(at)) };
}
