export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The year 10000, which RFC 3339 cannot express. */
export const MAX_TIME_MS = 253_402_300_800_000;

/** The UTC day of a moment, counted from the epoch. */
export const dayOf = (ms: number): number => Math.floor(ms / DAY_MS);

/**
 * RFC 3339 in UTC with milliseconds, the form of every time outside SQL. A time before 1970 or after 9999 is shown as the
 * nearest valid one, so that one bad row fails no list.
 */
export const isoTime = (ms: number): string =>
  new Date(Math.min(Math.max(ms, 0), MAX_TIME_MS - 1) || 0).toISOString();
