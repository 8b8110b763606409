import { isNumber } from "../../shared/json.ts";
import { MAX_TIME_MS } from "../../shared/time.ts";

/** Below it a number is seconds since the epoch (until the year 5138), from there on ms (since March 1973). */
const SECONDS_BELOW = 1e11;
/** From here on it is microseconds. */
const MICROSECONDS_FROM = 1e14;

const ISO =
  /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/i;
/** The form of HTTP and mail, with its zone: without one it would be ours. */
const RFC_1123 = /^[A-Z][a-z]{2}, \d\d? [A-Z][a-z]{2} \d{4} [\d:]{5,8} (?:GMT|UTC|Z|[+-]\d{4})$/;

/**
 * A time as others write it, in ms since the epoch: ISO 8601 (in UTC where it names no zone), a number of seconds, ms or
 * microseconds, or the `$date` of MongoDB's extended JSON. Null where it is none: the epoch itself stands for none, too.
 */
export function momentOf(value: unknown): number | null {
  const at = msOf(value);
  return at !== null && at > 0 && at < MAX_TIME_MS ? Math.trunc(at) : null;
}

function msOf(value: unknown): number | null {
  if (isNumber(value)) return ofNumber(Number(value));
  if (typeof value === "string") return ofText(value.trim());
  if (typeof value !== "object" || value === null) return null;
  if ("$date" in value) return msOf(value.$date);
  // Extended JSON says dates in ms, and small ones of them are no seconds.
  return "$numberLong" in value ? Number(value.$numberLong) : null;
}

function ofNumber(value: number): number | null {
  if (!Number.isFinite(value) || value <= 0) return null;
  if (value < SECONDS_BELOW) return Math.round(value * 1_000);
  return value < MICROSECONDS_FROM ? value : value / 1_000;
}

function ofText(text: string): number | null {
  if (/^\d+(?:\.\d+)?$/.test(text)) return ofNumber(Number(text));
  const zone = ISO.exec(text);
  if (!zone) return RFC_1123.test(text) ? Date.parse(text) : null;
  const [, named = "Z"] = zone;
  const local = text.slice(0, zone[1] === undefined ? undefined : -zone[1].length).trim();
  const day = local.replace(" ", "T").replace(",", ".");
  const whole = day.includes("T") ? day : `${day}T00:00`;
  const offset = /^[+-]\d\d$/.test(named) ? `${named}:00` : named.replace(/UTC/i, "Z");
  const at = Date.parse(whole + offset.replace(/^([+-]\d\d)(\d\d)$/, "$1:$2").toUpperCase());
  return Number.isNaN(at) ? null : at;
}
