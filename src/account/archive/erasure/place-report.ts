/** What an erasure is checked in afterwards. */
export const PLACES = [
  "sqlite",
  "search_index",
  "external_calls",
  "user_facts",
  "whatsapp",
  "kv",
  "r2_archives",
  "r2_backups",
  "replica",
  "directory",
  "failed_jobs",
] as const;
export const PLACE_STATES = ["clean", "left", "unreachable", "absent"] as const;

/** A place that an erasure looked at afterwards. */
export interface PlaceReport {
  place: (typeof PLACES)[number];
  /** `unreachable`: it could not be looked at. `absent`: the deployment has no such place, and never had. */
  state: (typeof PLACE_STATES)[number];
  /** Number of things that it held: rows, indexed turns, calls, facts, messages, entries of the cache, objects, or jobs. */
  found: number;
  /** Number of things that it still holds; null where it could not be checked. */
  left: number | null;
}
