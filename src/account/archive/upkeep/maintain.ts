import {
  countSegmentsNotUnder,
  countUnreplicated,
  indexedObjects,
  noteUnreplicated,
  unreplicatedObjects,
} from "../../store/archive/archives.ts";
import { segmentsWithExpired } from "../../store/archive/expired-copies.ts";
import { dropAllStaged, oldestStagedAt } from "../../store/archive/staged-parts.ts";
import { afterFailed, noteFailedPlace } from "../../store/archive/failed-places.ts";
import { lastByPolicy, oldestBackupAt, runningBackup } from "../../store/archive/backups.ts";
import { deleteValue, isHeld, readValue, writeValue } from "../../store/account/account-values.ts";
import { expiredArchives, hasJournal } from "../../store/retention/retention.ts";
import { shareThatStays } from "../../store/retention/over-bytes.ts";
import { shortest } from "../../store/retention/retention-policy.ts";
import type { Retention } from "../../store/retention/retention-policy.ts";
import { DAY_MS } from "../../../shared/time.ts";
import type { Database } from "../../../sqlite/database.ts";
import type { BackupParts } from "../backup/backup-parts.ts";
import type { FinishParts } from "../backup/restore-large.ts";
import { prunable, pruneBackups } from "../backup/prune-backups.ts";
import { writeManifest } from "../backup/write-manifest.ts";
import { expireArchives } from "../erasure/expire-archives.ts";
import type { ExpireParts } from "../erasure/expire-archives.ts";
import { keyringKey, manifestKey } from "../format/keys.ts";
import { NOTHING_REPAIRED, needsRepair, repair } from "./repair.ts";
import type { RepairParts, RepairResult } from "./repair.ts";
import { FIRST_IDS, reportDue } from "./sweep.ts";
import type { SweepParts } from "./sweep.ts";
import { backupIds } from "../../store/archive/backups.ts";
import { oldestSegmentAt } from "../../store/archive/archives.ts";
import { hasSessions } from "../../store/sessions/sessions.ts";
import { hasThinned } from "../../store/turns/thinned-volumes.ts";
import { movingVolume } from "../../store/turns/search-volumes.ts";
import { tendVolumes } from "../../store/turns/volume-moves.ts";

/** Objects that one step copies to the replica or re-encrypts. */
const STEP_OBJECTS = 20;
const NO_KEY = 0;
/** Days after which a session goes of which an import brought some parts, and no more. */
const STAGED_DAYS = 7;

export type MaintainParts = FinishParts & ExpireParts & RepairParts;

export type MaintenanceStep =
  | "repair"
  | "expire"
  | "prune"
  | "rewrap"
  | "reencrypt"
  | "replicate"
  | "rewrite";

export interface MaintenanceResult {
  /** Sessions whose archives were deleted, their time being over. */
  expired: number;
  backups_deleted: number;
  /** Objects copied to the replica. */
  replicated: number;
  errors: number;
  /** The steps that had errors. An older object tells none. */
  failed_steps?: MaintenanceStep[];
  /** Values that were stored before there were bounds for them. */
  repaired: Omit<RepairResult, "more">;
  /** Whether there is more to do at once. */
  more: boolean;
  /** A backup that is to be begun, or to go on. */
  backup: "due" | "running" | null;
}

const NOTHING_EXPIRED = { sessions: 0, errors: 0, more: false };
const NOTHING_REPLICATED = { copied: 0, errors: 0, more: false };

export const NOTHING_MAINTAINED: MaintenanceResult = {
  expired: 0,
  backups_deleted: 0,
  replicated: 0,
  errors: 0,
  failed_steps: [],
  repaired: { turns: 0, sessions: [], unreadable: [] },
  more: false,
  backup: null,
};

/**
 * One step of what keeps an account's archives in order. Twice is once. Each of its parts is tried, also where one before
 * fails: that one is named, counted, and tried again by the next maintenance.
 */
export async function maintain(parts: MaintainParts, now: number): Promise<MaintenanceResult> {
  const { db, keyring, archivist, retention, onError } = parts;
  const failed: MaintenanceStep[] = [];
  const attempt = async <T>(
    step: MaintenanceStep,
    work: () => Promise<T>,
    otherwise: T,
  ): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      failed.push(step);
      onError(error, { step });
      return otherwise;
    }
  };
  const { more: repairing, ...repaired } = await attempt(
    "repair",
    () => repair(parts),
    NOTHING_REPAIRED,
  );
  const expired = await attempt("expire", () => expireArchives(parts, now), NOTHING_EXPIRED);
  await attempt("expire", async () => dropOldStaged(db, now), undefined);
  const backups = await attempt("prune", () => pruneBackups(parts, retention(), now), {
    deleted: 0,
    errors: 0,
  });
  await attempt("rewrap", () => keyring.rewrap(), undefined);
  const encrypted = keyring.isOn
    ? await attempt("reencrypt", () => archivist.reencrypt(STEP_OBJECTS), null)
    : { segments: 0, errors: 0, left: 0 };
  if (encrypted?.left === 0) deleteValue(db, "maintain_soon");
  const replicated = await attempt("replicate", () => replicate(parts), NOTHING_REPLICATED);
  const rewriting = await attempt("rewrite", () => tendVolumes(db), false);
  const isReencrypting = encrypted !== null && encrypted.segments > 0 && encrypted.left > 0;
  const counted: [MaintenanceStep, number][] = [
    ["repair", repaired.unreadable.length],
    ["expire", expired.errors],
    ["prune", backups.errors],
    ["reencrypt", encrypted?.errors ?? 0],
    ["replicate", replicated.errors],
  ];
  const errors = counted.reduce((sum, [, count]) => sum + count, failed.length);
  const failing = counted.filter(([, count]) => count > 0).map(([step]) => step);
  return {
    expired: expired.sessions,
    backups_deleted: backups.deleted,
    replicated: replicated.copied,
    errors,
    failed_steps: [...new Set([...failed, ...failing])],
    repaired,
    more: repairing || expired.more || isReencrypting || replicated.more || rewriting,
    backup: runningBackup(db) === null ? dueBackup(parts, now) : "running",
  };
}

function dropOldStaged(db: Database, now: number): void {
  if (!isHeld(db)) db.transaction(() => dropAllStaged(db, now - STAGED_DAYS * DAY_MS));
}

/** Rewrites the manifests of backups that lost a session, before any scheduled deletion. */
export async function refreshManifests(
  parts: BackupParts,
  doomed: readonly string[],
  now: number,
): Promise<void> {
  const { db, accountId } = parts;
  for (const backup_id of backupIds(db, true)) {
    if (doomed.includes(manifestKey(accountId, backup_id))) {
      await writeManifest(parts, backup_id, now);
    }
  }
}

/**
 * Time of the account's next maintenance without any traffic. The directory stores it, so that the cron skips other
 * accounts. Null: not before the account changes.
 */
export function nextMaintenance(
  parts: Pick<MaintainParts, "db" | "retention" | "keyring" | "store">,
  oldestSessionAt: number | null,
  now: number,
): number | null {
  const { db } = parts;
  const retention = parts.retention();
  const times: number[] = [];
  /** A number of days after the moment, or after now where nothing can be due yet. */
  const after = (at: number | null, many: number | null) => {
    if (many !== null) times.push((at ?? now) + many * DAY_MS + 1);
  };
  const archivedAt = oldestSegmentAt(db);
  const isEmpty = archivedAt === null && oldestSessionAt === null;
  if (archivedAt !== null) after(archivedAt, shortest(retention, "archive_days"));
  const stagedAt = oldestStagedAt(db);
  if (stagedAt !== null) after(stagedAt, STAGED_DAYS);
  const backupAt = oldestBackupAt(db);
  if (backupAt !== null) after(backupAt, retention.backup_days);
  after(oldestSessionAt, shortest(retention, "age_days"));
  after(isEmpty ? null : (lastByPolicy(db) ?? 0), retention.backup_every_days);
  const isFull = shareThatStays(db, retention.live_bytes) < 1;
  if (retention.rows !== null || isFull || hasJournal(db)) after(null, 1);
  const soon = readValue(db, "maintain_soon") !== null || runningBackup(db) !== null;
  const comparing = (readValue(db, "compared")?.after ?? null) !== null;
  const hasCopies = segmentsWithExpired(db).length > 0 && !isHeld(db);
  if (
    soon ||
    comparing ||
    hasCopies ||
    needsRepair(db) ||
    hasThinned(db) ||
    movingVolume(db) !== null ||
    countUnreplicated(db) > 0 ||
    !isSettled(parts)
  )
    times.push(now);
  return times.length === 0 ? null : Math.max(0, Math.min(...times));
}

/** Whether what lies in R2 is as the deployment's settings want it: keys, encryption, replica. */
function isSettled({
  db,
  keyring,
  store,
}: Pick<MaintainParts, "db" | "keyring" | "store">): boolean {
  const isReplicated = readValue(db, "replicated") === true || indexedObjects(db).length === 0;
  if (store.isReplicated && !isReplicated) return false;
  if (!keyring.isOn) return true;
  const newest = keyring.rows().at(-1)?.id ?? NO_KEY;
  return keyring.isWrapped && countSegmentsNotUnder(db, newest) === 0;
}

function dueBackup({ db, retention }: MaintainParts, now: number): "due" | null {
  const { backup_every_days } = retention();
  if (backup_every_days === null) return null;
  const last = lastByPolicy(db) ?? 0;
  const isEmpty = !hasSessions(db);
  return !isEmpty && last + backup_every_days * DAY_MS <= now ? "due" : null;
}

/** Copies to the replica what it lacks; all of it, when it is new. */
async function replicate({
  db,
  store,
  keyring,
  accountId,
  onError,
}: MaintainParts): Promise<{ copied: number; errors: number; more: boolean }> {
  if (!store.isReplicated) {
    if (readValue(db, "replicated") !== null) writeValue(db, "replicated", false);
    return NOTHING_REPLICATED;
  }
  if (readValue(db, "replicated") !== true) {
    db.transaction(() => {
      const all = [
        ...indexedObjects(db),
        ...(keyring.rows().length > 0 ? [keyringKey(accountId)] : []),
        ...backupIds(db).map((backup_id) => manifestKey(accountId, backup_id)),
      ];
      for (const objectKey of all) noteUnreplicated(db, objectKey);
      writeValue(db, "replicated", true);
    });
  }
  let copied = 0;
  let errors = 0;
  const next = afterFailed(db, "replicate", (after) =>
    unreplicatedObjects(db, String(after ?? ""), STEP_OBJECTS),
  );
  for (const objectKey of next) {
    try {
      await store.replicate(objectKey);
      copied += 1;
    } catch (error) {
      errors += 1;
      onError(error, { object_key: objectKey, bucket: "replica" });
      noteFailedPlace(db, "replicate", objectKey);
    }
  }
  if (next.length < STEP_OBJECTS) noteFailedPlace(db, "replicate", null);
  return { copied, errors, more: copied > 0 && countUnreplicated(db) > 0 };
}

/** Sessions that a retention policy would archive or delete now. */
export interface RetentionTrial {
  retention: Retention;
  /** Live sessions that the next sweep would archive, the first of them, and their bytes of text. */
  would_archive: { sessions: number; bytes: number; first_session_ids: string[] };
  /** Archived sessions whose archives the next maintenance would delete. */
  would_delete: { sessions: number; first_session_ids: string[] };
  /** Backups that it would delete. */
  would_delete_backups: string[];
}

export async function tryRetention(
  parts: SweepParts & BackupParts,
  now: number,
): Promise<Omit<RetentionTrial, "retention">> {
  const { db } = parts;
  const retention = parts.retention();
  const due = await reportDue(parts, now, null);
  const expired = isHeld(db) ? [] : expiredArchives(db, { now, retention }, { limit: -1 });
  return {
    would_archive: { sessions: due.sessions, bytes: due.bytes, first_session_ids: due.first_ids },
    would_delete: {
      sessions: expired.length,
      first_session_ids: expired.slice(0, FIRST_IDS).map(({ session_id }) => session_id),
    },
    would_delete_backups: prunable(parts, retention, now),
  };
}
