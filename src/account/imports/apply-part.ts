import type { SessionRecord } from "../archive/format/record.ts";
import { readPart } from "../archive/backup/read-part.ts";
import { withArchived } from "../archive/sessions/archived-session.ts";
import { isNotTaken } from "../archive/sessions/bring.ts";
import type {
  ImportRecordOptions,
  Merging,
  OnConflict,
  RecordImport,
  RecordImportResult,
} from "../archive/sessions/bring.ts";
import { importIncoming, importRecord } from "../archive/sessions/import-record.ts";
import { seqOf } from "../../shared/ids.ts";
import { asFormer } from "../store/erasure/former-sessions.ts";
import { dropStaged, stagePart } from "../store/archive/staged-parts.ts";
import type { StagedSession } from "../store/archive/staged-parts.ts";
import { erasedAt, findSession } from "../store/sessions/sessions.ts";
import { largeIncoming, partHash, readLarge, readStaged } from "./large-session.ts";
import type { LargeParts, LargeSession } from "./large-session.ts";
import { keptKey, writeFirstWithoutFacts, writePart } from "./stage-part.ts";

/** A part of a session that came, and lies in R2. */
export type StagedPart =
  | { wrong: string }
  | {
      staged: StagedSession;
      /** Whether R2 has it as it was sent. */
      isSame: boolean;
      /** The session, once its last part has come; null before. */
      large: LargeSession | null;
      /** What became of it, where it was merged with what is there. */
      merged: RecordImportResult | null;
    };

type Options = Omit<ImportRecordOptions, "archived" | "requestKeys" | "onlyCheck"> & {
  import: number;
};

/**
 * Brings a part of a session that is too large to come at once. It waits in R2, as a segment that nothing reads. With the
 * last part all are read back, so that {@link commitPart} can write the session: all of it, or nothing.
 *
 * @throws ApiError `archive_unavailable`, `archive_corrupt`
 */
export async function stageNext(
  parts: LargeParts,
  record: SessionRecord,
  options: Options,
): Promise<StagedPart> {
  const { db } = parts;
  const sent = partHash(record);
  const written = await writePart(parts, options.import, record, options.now);
  if (typeof written === "string") return { wrong: written };
  const { staged, row, isLast } = written;
  const [stored] = await readPart(parts, row);
  const isSame = stored !== undefined && partHash(stored) === sent;
  const { user_id, role = null } = record;
  db.transaction(() => stagePart(db, staged, row, { user_id, role }));
  if (!isLast) return { staged, isSame, large: null, merged: null };
  const large = await readLarge(parts, staged);
  if (typeof large === "string") {
    db.transaction(() => dropStaged(db, staged));
    return { wrong: large };
  }
  const merged = await mergeParts(parts, staged, large, options);
  if (!merged) large.first = await writeFirstWithoutFacts(parts, staged, options.now);
  return { staged, isSame, large, merged };
}

/** What a transaction that commits the part has to know of the archive. */
export const broughtBy = (part: StagedPart | null) =>
  part && "large" in part && part.large
    ? [{ session_id: part.staged.session_id, turns: part.large.digests }]
    : [];

/** In a transaction: writes the session whose last part came. @returns null where parts are still to come */
export function commitPart(
  parts: LargeParts,
  part: Exclude<StagedPart, { wrong: string }>,
  options: Omit<ImportRecordOptions, "onlyCheck">,
): RecordImportResult | null {
  const { staged, large, merged } = part;
  if (!large) return null;
  const incoming = largeIncoming(parts, staged, large);
  const result =
    merged ??
    (isUnderItsKey(parts, part, options)
      ? importIncoming(parts, incoming, { ...options, onlyCheck: false })
      : { done: "busy" as const, turns: 0 });
  dropStaged(parts.db, staged);
  // A session came meanwhile with which it would have to be merged.
  if (!merged && result.done === "merged") return { done: "busy", turns: 0 };
  return result;
}

/**
 * Whether the parts have the key under which the session would be written. A session may have begun with its id since the
 * first came, may have been named to a user, or may have expired: then it is sent again.
 */
function isUnderItsKey(
  { db, sessionKeys }: LargeParts,
  { staged, large }: Pick<Exclude<StagedPart, { wrong: string }>, "staged" | "large">,
  { on_conflict }: Pick<ImportRecordOptions, "on_conflict">,
): boolean {
  const there = findSession(db, staged.session_id);
  if (!large || (there && on_conflict !== "replace")) return true;
  const kept = keptKey(db, large.head);
  if (kept !== null && kept === there?.key) return staged.key === kept;
  const own = asFormer(db, { ...large.head, key: kept ?? staged.key });
  return own.key === staged.key && sessionKeys.isFree(own);
}

/**
 * Merges a session's turns with those that are there, a part at a time: a transaction each. What was merged before a
 * failure is found to be there the next time.
 *
 * @returns null where there is nothing to be merged with, or it needs no merging
 */
async function mergeParts(
  parts: LargeParts,
  staged: StagedSession,
  large: LargeSession,
  options: Options,
): Promise<RecordImportResult | null> {
  const { session_id } = staged;
  if (options.on_conflict !== "merge" || findSession(parts.db, session_id) === null) return null;
  const incoming = largeIncoming(parts, staged, large);
  const brought = { session_id, turns: { length: incoming.turns } };
  const tried = await withArchived(parts, [brought], "merge", (archived, requestKeys) =>
    importIncoming(parts, incoming, { ...options, archived, requestKeys, onlyCheck: true }),
  );
  if (tried.done !== "merged") return null;
  let done: RecordImport = "unchanged";
  let turns = 0;
  const merging: Merging = { known: null };
  for await (const part of readStaged(parts, staged)) {
    const seqs = new Set(part.turns.map(({ id }) => seqOf(id)));
    const user_facts = large.head.user_facts?.filter(
      ({ seq }) => seq !== undefined && seqs.has(seq),
    );
    const { turns: own, frames } = part;
    const record = { ...incoming.head, user_facts, turns: own, frames };
    const result = await withArchived(parts, [record], "merge", (archived, requestKeys) =>
      importRecord(parts, record, { ...options, archived, requestKeys, onlyCheck: false, merging }),
    );
    // The session is named, so that it is sent again: what was merged is found to be there then.
    if (isNotTaken(result.done)) return { ...result, turns };
    if (result.done === "merged") done = "merged";
    turns += result.turns;
  }
  return { done, turns };
}

/** What a dry run says of a part. It writes none, so it does not compare the session with the one that is there. */
export function tryPart(
  { db }: Pick<LargeParts, "db">,
  { session_id, part, turns }: SessionRecord,
  onConflict: OnConflict,
): RecordImportResult | null {
  const { before = 0, all = 0 } = part ?? {};
  if (before + turns.length < all) return null;
  if (erasedAt(db, session_id) !== null) return { done: "erased", turns: 0 };
  if (findSession(db, session_id) === null) return { done: "created", turns: all };
  if (onConflict === "replace") return { done: "replaced", turns: all };
  return { done: onConflict === "merge" ? "merged" : "exists", turns: 0 };
}
