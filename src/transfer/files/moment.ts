import { z } from "zod";

/** Seconds of the year 5138: what is greater is in milliseconds. */
const MOST_SECONDS = 1e11;
/** Milliseconds of that year: what is greater is in microseconds. */
const MOST_MS = 1e14;
/** The last moment that RFC 3339 can tell, which has four digits for the year. */
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * A time of whatever shape: seconds, ms or µs since the epoch, ISO 8601, or the `$date` of MongoDB's extended JSON.
 *
 * @returns ms since the epoch; undefined where it is none, or one before 1970
 */
export function momentOf(value: unknown): number | undefined {
  const ms = msOf(value);
  return ms !== undefined && ms > 0 && ms <= LAST_MS ? Math.trunc(ms) : undefined;
}

function msOf(value: unknown): number | undefined {
  if (typeof value === "number") {
    if (value < MOST_SECONDS) return value * 1_000;
    return value < MOST_MS ? value : value / 1_000;
  }
  if (typeof value === "string") {
    if (/^\d+(\.\d+)?$/.test(value)) return msOf(Number(value));
    const parsed = Date.parse(value);
    return Number.isNaN(parsed) ? undefined : parsed;
  }
  if (typeof value !== "object" || value === null) return undefined;
  if ("$date" in value) return msOf(value.$date);
  // Extended JSON says dates in ms, and small ones of them are no seconds.
  return "$numberLong" in value ? Number(value.$numberLong) : undefined;
}

/** A time of whatever shape, in ms since the epoch; where it is none it is as if it were not there. */
export const moment = z.unknown().optional().transform(momentOf);
