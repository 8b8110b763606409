import { asFormer } from "../../store/erasure/former-sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import { factsFit, isOthers, keepOwner } from "./brought-facts.ts";
import type { ImportParts, ImportRecordOptions, RecordImportResult } from "./bring.ts";
import type { Incoming } from "./incoming.ts";

/** A session that is there, and makes room for the one that comes. */
export interface GoingSession {
  session: SessionRow;
  /** The session without its turns. */
  head: Incoming["head"] | null;
  /**
   * In a transaction: deletes it.
   *
   * @param keepsKey - whether the one that comes gets its key
   */
  detach: (keepsKey: boolean) => void;
}

/**
 * In a transaction: writes a session in the place of another, and under its key where it is the same owner's.
 *
 * @param head - the incoming session's own, or one that keeps something of what is there
 */
export function replaceSession(
  parts: ImportParts,
  { session: { key }, head: before, detach }: GoingSession,
  incoming: Incoming,
  head: Incoming["head"],
  options: ImportRecordOptions,
): Omit<RecordImportResult, "done"> | "facts_full" {
  const { turns } = incoming;
  // A copy in a backup may be from before the session was named to its user.
  const own = options.import === null ? keepOwner(before, head) : head;
  if (!factsFit(parts.db, own, before)) return "facts_full";
  if (options.onlyCheck) return { turns };
  const isTheirs = !isOthers(before, own);
  // No session gets the key that another user's had.
  const othersKey = own.key === key ? 0 : own.key;
  const placed = { ...own, key: isTheirs ? key : othersKey };
  detach(isTheirs && asFormer(parts.db, placed).key === key);
  return { turns, key: incoming.insert(placed, options.import) };
}
