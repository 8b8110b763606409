import type { Database } from "../../../sqlite/database.ts";
import { recordStaleCopy } from "../archive/archives.ts";
import { partsOf } from "../archive/session-parts.ts";
import type { SessionRow } from "../sessions/sessions.ts";
import { STORED_BYTES } from "../turns/searched-turns.ts";
import { keysInSlices } from "./erased-rows.ts";
import { noteFormer } from "./former-sessions.ts";

/** Rows that one transaction deletes, unless a single session has more. */
export const SLICE_ROWS = 1_000;
/** Of turns that one transaction deletes, unless a single session has more. SQLite follows a long text page by page. */
export const SLICE_BYTES = 8 * 1024 * 1024;
/** Rows of a session beside its turns, calls and facts. */
const OWN_ROWS = 8;

/**
 * Sessions that are deleted in one transaction. Other calls run while their rows are counted.
 *
 * @param comeBack - archived sessions are brought back before they are deleted
 */
export async function deletionSlices(
  db: Database,
  keys: readonly number[],
  { comeBack }: { comeBack: boolean } = { comeBack: false },
): Promise<[number[], ...number[][]]> {
  const slices: [number[], ...number[][]] = [[]];
  let rows = 0;
  let bytes = 0;
  for await (const key of keysInSlices(db, keys)) {
    const size = db.one<{ rows: number; bytes: number }>(SIZE, key, comeBack ? 1 : 0);
    rows += OWN_ROWS + (size?.rows ?? 0);
    bytes += size?.bytes ?? 0;
    if ((rows > SLICE_ROWS || bytes > SLICE_BYTES) && (slices.at(-1)?.length ?? 0) > 0) {
      slices.push([]);
      rows = OWN_ROWS + (size?.rows ?? 0);
      bytes = size?.bytes ?? 0;
    }
    slices.at(-1)?.push(key);
  }
  return slices;
}

const SIZE = `select count(*) + (select count(*) from calls where turn_id >= ?1 * 1048576 and turn_id < (?1 + 1) * 1048576)
    + (select count(*) from user_facts where key = ?1)
    + ?2 * coalesce((select turns from sessions where key = ?1 and segment is not null), 0) as rows, total(${STORED_BYTES}) as bytes
  from turns t where t.id >= ?1 * 1048576 and t.id < (?1 + 1) * 1048576`;

/**
 * In a transaction that deletes the session, before that, where another deletes its copies afterwards: after a crash an
 * erasure of its id or user finds these.
 */
export function leaveCopies(db: Database, session: SessionRow): void {
  for (const { segment } of partsOf(db, session)) recordStaleCopy(db, session.key, segment);
  noteFormer(db, session);
}
