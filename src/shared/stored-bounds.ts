import { DAY_MS, MAX_TIME_MS } from "./time.ts";
import { parseJson } from "./json.ts";

/**
 * The bounds of every stored number and text. Write doors refuse what is outside of them, providers' answers are
 * brought inside, and the format of archives and exports takes nothing else.
 */

/** For the texts of a row. Durable Objects take rows of 2 MB, and the other columns need room. */
export const ROW_BYTES = 1_900_000;
/** For the texts of a turn: a request of 16 MiB, and its answer of 1 million characters. */
export const TURN_BYTES = 20 * 1024 * 1024;
/** For a request's texts, without pictures and files. */
export const TEXT_BYTES = 4 * 1024 * 1024;
/** For a request with pictures and files. */
export const CONTENT_BYTES = 16 * 1024 * 1024;
/** Limit for one turn: counts are added up, and no sum may come near the largest integer. */
export const MAX_TOKENS = 1_000_000_000;
/** Ten years. */
export const MAX_DURATION_MS = 3_650 * DAY_MS;
/** A state's version goes on counting. */
export const MAX_VERSION = 2 ** 40;
/** A session's numbers of chunks and pieces. */
export const MAX_INDEX = 2 ** 31;
/** `provider/model`, in UTF-16 units. */
export const MODEL_LENGTH = 513;
/** A code, a kind, a policy's name, an event's id. */
export const NAME_LENGTH = 256;
/** The id of a call that another program made. */
export const CALL_ID_LENGTH = 1_024;
export const ERROR_LENGTH = 16_384;

export const TIME_BOUNDS = "takes a time from 1970 to 9999";

/** Milliseconds since the epoch that RFC 3339 can name with four digits of a year. */
export const isStoredTime = (ms: number): boolean =>
  Number.isInteger(ms) && ms >= 0 && ms < MAX_TIME_MS;

export const boundTime = (ms: number): number => boundCount(ms, MAX_TIME_MS - 1);

/** The nearest whole number from 0 to `max`. */
export const boundCount = (value: number | bigint, max = MAX_TOKENS): number =>
  Number.isNaN(Number(value)) ? 0 : Math.min(Math.max(Math.round(Number(value)), 0), max);

/** The nearest number from 0 to ten years; parts of a millisecond stay. */
export const boundDuration = (ms: number | bigint): number =>
  Number.isNaN(Number(ms)) ? 0 : Math.min(Math.max(Number(ms), 0), MAX_DURATION_MS);

/** Cut to so many UTF-16 units; a half of a surrogate pair becomes U+FFFD. */
export const boundText = (text: string, length = Number.POSITIVE_INFINITY): string =>
  text.slice(0, length).toWellFormed();

/** Whether any text in it holds half of a surrogate pair: SQLite and UTF-8 would store something else. */
export function hasHalf(value: unknown): boolean {
  if (typeof value === "string") return !value.isWellFormed();
  return typeof value === "object" && value !== null && Object.values(value).some(hasHalf);
}

/** The same with well-formed texts; itself where they are. */
export function wellFormed<T>(value: T): T {
  return hasHalf(value) ? (repaired(value) as T) : value;
}

function repaired(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(repaired);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, repaired(each)]));
}

export const isJson = (text: string): boolean => jsonOr(text, NOT_JSON) !== NOT_JSON;
const NOT_JSON = Symbol("not JSON");

/** Parses a stored text as JSON, or returns a default where it is not JSON, so that one bad row fails no list. */
export function jsonOr<T>(text: string, otherwise: T): unknown {
  try {
    return parseJson(text);
  } catch {
    return otherwise;
  }
}
