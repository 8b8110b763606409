import type { Database } from "../../../sqlite/database.ts";
import {
  cancelDeletion,
  countSegmentsNotUnder,
  countStaleCopies,
  deleteSegment,
  findSegment,
  forgetCopies,
  replaceSegment,
  scheduleDeletion,
  segmentsInUse,
  segmentsNotUnder,
  segmentsWith,
} from "../../store/archive/archives.ts";
import type { SegmentRow } from "../../store/archive/archives.ts";
import { noteIndexed } from "../../store/archive/archived-words.ts";
import { endCutOffMove } from "../../store/archive/unfinished-move.ts";
import { afterFailed, noteFailedPlace } from "../../store/archive/failed-places.ts";
import type { FormerSession } from "../../store/erasure/former-sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import type { Counters } from "../../store/usage/counters.ts";
import { manifestKey, segmentName } from "../format/keys.ts";
import { sha256OfSegment } from "../format/segment.ts";
import type { Keyring } from "../storage/keyring.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import { placesIn } from "./archived-places.ts";
import type { ArchivedPlaces } from "./archived-places.ts";
import { goneSessions } from "./gone-sessions.ts";
import type { GoneSessions } from "./gone-sessions.ts";
import { unindex } from "./read-archive.ts";
import { rewriteWithout } from "./rewrite.ts";
import type { ErasedTurn } from "./rewrite.ts";
import { writeSegment } from "./write-segment.ts";

export interface RewriteParts {
  db: Database;
  counters: Counters;
  store: ObjectStore;
  keyring: Keyring;
  accountId: string;
}

/** Segments that were rewritten without some sessions. */
export interface WithoutSessions {
  segments: number;
  /** Keys of the old objects: archives, and parts of backups. */
  archives: string[];
  backups: string[];
  /** Switches to the new objects. Call it in a transaction. */
  commit: () => void;
}

export interface WithoutOptions {
  /** Also the parts of backups. */
  backups: boolean;
  /** The sessions that may go when all is written; it throws where none may. */
  still?: () => readonly SessionRow[];
  /** Sessions that went before, and have copies in backups. */
  formers?: readonly FormerSession[];
}

/**
 * Rewrites every segment that holds one of the sessions without them, parts of backups too if asked. `commit` indexes
 * the new segments in the caller's transaction, and schedules the old ones' deletion. The sessions leave the search
 * index when all that is written: a session that cannot go stays findable.
 */
export async function withoutSessions(
  parts: RewriteParts,
  sessions: readonly SessionRow[],
  { backups, still = () => sessions, formers = [] }: WithoutOptions,
): Promise<WithoutSessions> {
  const { db } = parts;
  const replaced: { old: SegmentRow; fresh: SegmentRow | null }[] = [];
  const keys = [...sessions, ...formers].map(({ key }) => key);
  const gone = goneSessions(db, sessions, formers);
  db.transaction(() => endCutOffMove(db));
  const segments = segmentsWith(db, keys).filter((old) => backups || old.backup_id === null);
  const archives = segments.filter(({ backup_id }) => backup_id === null);
  const used = await segmentsInUse(
    db,
    archives.map(({ id }) => id),
    keys,
  );
  for (const old of segments) {
    // Nothing else is in it: then what it holds need not be read.
    const isAll = old.backup_id === null && !used.has(old.id);
    const without = () =>
      rewrite(parts, old, gone, {
        begins: beginsOf(db, old, sessions, formers),
        places: placesIn(db, old, sessions, formers),
      });
    const fresh = isAll ? null : (await without()).fresh;
    if (fresh?.object_key !== old.object_key) replaced.push({ old, fresh });
  }
  const indexedBefore = await unindex(parts, still());
  const commit = () => {
    for (const { old, fresh } of replaced) replace(parts, old, fresh);
    for (const [segment, indexed] of indexedBefore) noteIndexed(db, segment, indexed);
    forgetCopies(db, keys, { backups });
  };
  const keysOf = (isPart: boolean) =>
    replaced
      .filter(({ old }) => (old.backup_id !== null) === isPart)
      .map(({ old }) => old.object_key);
  return { segments: replaced.length, archives: keysOf(false), backups: keysOf(true), commit };
}

/**
 * Rewrites the parts of backups that hold a turn without what it says. The turn keeps its line, so that its session is
 * as long as before.
 *
 * @returns `commit`, for the caller's transaction
 */
export async function withoutTurn(
  parts: RewriteParts,
  { key, session_id }: SessionRow,
  seq: number,
): Promise<() => void> {
  const replaced: { old: SegmentRow; fresh: SegmentRow | null }[] = [];
  for (const old of segmentsWith(parts.db, [key])) {
    if (old.backup_id === null) continue;
    const { fresh } = await rewrite(parts, old, new Set(), { erased: { session_id, seq } });
    if (fresh?.object_key !== old.object_key) replaced.push({ old, fresh });
  }
  return () => replaced.forEach(({ old, fresh }) => replace(parts, old, fresh));
}

/**
 * Rewrites a segment without some sessions and with today's key, in the old one's place.
 *
 * @returns the sessions whose values were brought into bounds
 */
export async function rewriteSegment(
  parts: RewriteParts,
  id: number,
  gone: ReadonlySet<string>,
): Promise<string[]> {
  const { db } = parts;
  const old = findSegment(db, id);
  if (!old) return [];
  const { fresh, repaired } = await rewrite(parts, old, gone);
  if (fresh?.object_key !== old.object_key) db.transaction(() => replace(parts, old, fresh));
  return repaired;
}

export interface Reencrypted {
  segments: number;
  errors: number;
  /** How many segments lie under another key, or under none. */
  left: number;
}

/**
 * Encrypts with today's key the next segments that lie under another, or under none. A damaged or locked segment does not
 * block the others.
 */
export async function reencrypt(
  parts: RewriteParts & { onError: (error: unknown, about: Record<string, string>) => void },
  limit: number,
): Promise<Reencrypted> {
  const { db, keyring, onError } = parts;
  const key_id = await keyring.current(Date.now());
  if (key_id === null) return { segments: 0, errors: 0, left: 0 };
  const next = afterFailed(db, "reencrypt", (after) =>
    segmentsNotUnder(db, key_id, { after: Number(after ?? 0), limit }),
  );
  let errors = 0;
  for (const { id, object_key } of next) {
    try {
      await rewriteSegment(parts, id, new Set());
    } catch (error) {
      errors += 1;
      onError(error, { object_key });
      noteFailedPlace(db, "reencrypt", id);
    }
  }
  if (next.length < limit) noteFailedPlace(db, "reencrypt", null);
  const left = countSegmentsNotUnder(db, key_id);
  if (left === 0) await keyring.drop((id) => id === key_id);
  return { segments: next.length - errors, errors, left };
}

/** The members of an archive in which sessions begin, by their ids; null where a copy of one has no row that says so. */
function beginsOf(
  db: Database,
  { id, backup_id }: SegmentRow,
  sessions: readonly SessionRow[],
  formers: readonly FormerSession[],
): Map<string, number> | null {
  const keys = [...sessions, ...formers].map(({ key }) => key);
  if (backup_id !== null || countStaleCopies(db, id, keys) > 0) return null;
  return new Map(
    sessions.flatMap(({ session_id, segment, member }) =>
      segment === id && member !== null ? [[session_id, member] as const] : [],
    ),
  );
}

/** See {@link rewriteWithout}. */
interface RewriteOptions {
  erased?: ErasedTurn | null;
  begins?: ReadonlyMap<string, number> | null;
  places?: (() => Promise<ArchivedPlaces>) | null;
}

/** @returns `fresh`: the segment as it lies in R2 now, or null when nothing is left in it */
async function rewrite(
  parts: RewriteParts,
  old: SegmentRow,
  gone: GoneSessions,
  { erased = null, begins = null, places = null }: RewriteOptions = {},
): Promise<{ fresh: SegmentRow | null; repaired: string[] }> {
  const { keyring } = parts;
  const current = await keyring.current(Date.now());
  const rewritten = await rewriteWithout(parts, old, gone, current, erased, begins, places);
  if (rewritten === null) return { fresh: null, repaired: [] };
  if (rewritten === "unchanged") return { fresh: old, repaired: [] };
  const { segment, keyId: key_id, sessions, turns, repaired } = rewritten;
  const folder = old.object_key.slice(0, old.object_key.lastIndexOf("/"));
  const hash = await sha256OfSegment(segment.bytes);
  const objectKey = `${folder}/${segmentName(hash, key_id !== null)}`;
  await writeSegment(parts, objectKey, { ...segment, hash }, old.created_at);
  const fresh = {
    ...old,
    object_key: objectKey,
    bytes: segment.bytes.length,
    members: JSON.stringify(segment.members),
    key_id,
    ...(old.backup_id !== null && { sessions, turns }),
  };
  return { fresh, repaired };
}

/** In a transaction. @param fresh - null when nothing is left in it */
function replace(
  { db, counters, accountId }: RewriteParts,
  old: SegmentRow,
  fresh: SegmentRow | null,
): void {
  counters.changing();
  scheduleDeletion(db, old.object_key);
  if (fresh) {
    replaceSegment(db, fresh);
    cancelDeletion(db, fresh.object_key);
  } else {
    deleteSegment(db, old.id);
  }
  if (old.backup_id === null) counters.archivesChanged(0, (fresh?.bytes ?? 0) - old.bytes);
  // The manifest is rewritten before any scheduled deletion is carried out.
  else scheduleDeletion(db, manifestKey(accountId, old.backup_id));
}
