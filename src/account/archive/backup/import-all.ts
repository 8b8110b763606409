import { noteIndexed } from "../../store/archive/archived-words.ts";
import { UNKNOWN_KEYS } from "../../store/turns/request-keys.ts";
import type { RequestKeys } from "../../store/turns/request-keys.ts";
import { findSession } from "../../store/sessions/sessions.ts";
import { withArchived } from "../sessions/archived-session.ts";
import { isUnread } from "../sessions/bring.ts";
import type { Archived, ImportParts, OnConflict, RecordImportResult } from "../sessions/bring.ts";
import { importIncoming } from "../sessions/import-record.ts";
import type { Incoming } from "../sessions/incoming.ts";

export interface ImportAllOptions {
  backupId: string;
  on_conflict: OnConflict;
  /** Says what would become of them, and writes nothing. */
  onlyCheck: boolean;
}

/**
 * Writes sessions of a backup in one transaction. Before, the sessions whose archives cannot be read, and whose place they
 * take, leave the search index. After a crash their archives count as not indexed, and another restore goes on.
 *
 * @param note - called in that transaction with what became of each
 */
export async function importAll(
  parts: ImportParts,
  all: readonly Incoming[],
  how: ImportAllOptions,
  note: (incoming: Incoming, result: RecordImportResult) => void,
): Promise<void> {
  const { db, archivist } = parts;
  const brought = all.map(({ head, turns }) => ({
    session_id: head.session_id,
    turns: { length: turns },
  }));
  const bring = (
    incoming: Incoming,
    archived: Archived,
    { onlyCheck, requestKeys = UNKNOWN_KEYS }: { onlyCheck: boolean; requestKeys?: RequestKeys },
  ) => {
    const now = Date.now();
    const options = { ...how, onlyCheck, import: null, archived, requestKeys, now };
    return importIncoming(parts, incoming, options);
  };
  let repaired: readonly Incoming[] = [];
  let indexed: ReadonlyMap<number, number | null> = new Map();
  const forget = async (archived: Archived) => {
    if (how.onlyCheck) return;
    repaired = all
      .filter(({ head }) => isUnread(archived.get(head.session_id)))
      .filter((incoming) => isRepaired(bring(incoming, archived, { onlyCheck: true })));
    const sessions = repaired.map(({ head }) => findSession(db, head.session_id));
    indexed = await archivist.unindex(sessions.filter((session) => session !== null));
  };
  await withArchived(
    parts,
    brought,
    how.on_conflict,
    (archived, requestKeys) => {
      let left = repaired.length;
      for (const incoming of all) {
        const result = bring(incoming, archived, { onlyCheck: how.onlyCheck, requestKeys });
        if (repaired.includes(incoming) && isRepaired(result)) left -= 1;
        note(incoming, result);
      }
      // Where one of them stays, its words are missing: its archive is read again.
      if (left === 0) for (const [segment, members] of indexed) noteIndexed(db, segment, members);
    },
    forget,
  );
}

const isRepaired = ({ done }: RecordImportResult): boolean => done === "repaired";
