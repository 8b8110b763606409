import { ApiError } from "../../../shared/errors.ts";
import { findPart, partKeys } from "../../store/archive/backups.ts";
import type { BackupParts } from "./backup-parts.ts";
import { backupRowOf } from "./backup-row.ts";
import { manifestKey } from "../format/keys.ts";
import { corrupt } from "../format/record.ts";
import { readPart } from "./read-part.ts";
import { checkComplete } from "./restore-backup.ts";
import { parseManifest } from "./manifest.ts";

/** Verdict on one part; part 0 is the manifest. */
export interface PartVerdict {
  part: number;
  sessions: number;
  turns: number;
  /** The fault; null when every byte is as written. */
  error: string | null;
}

/**
 * Reads one part of a backup as a restore would, and checks all of it.
 *
 * @param after - the part before; null begins with the manifest
 * @returns null after the last
 */
export async function verifyPart(
  parts: BackupParts,
  backupId: string,
  after: number | null,
): Promise<PartVerdict | null> {
  const { db } = parts;
  checkComplete(backupRowOf(db, backupId));
  if (after === null)
    return {
      part: 0,
      sessions: 0,
      turns: 0,
      error: await tell(() => checkManifest(parts, backupId)),
    };
  const part = findPart(db, backupId, after);
  if (!part) return null;
  const { sessions, turns } = part;
  const error = await tell(async () => void (await readPart(parts, part)));
  return { part: part.part as number, sessions: sessions ?? 0, turns: turns ?? 0, error };
}

async function checkManifest(
  { db, store, accountId }: BackupParts,
  backupId: string,
): Promise<void> {
  await store.read(manifestKey(accountId, backupId), (bytes) => {
    const said = parseManifest(bytes, accountId).parts;
    const known = partKeys(db, backupId);
    const agrees = known.every((object_key, index) => said[index]?.object_key === object_key);
    if (said.length !== known.length || !agrees) throw corrupt("its manifest names other parts");
  });
}

async function tell(check: () => Promise<void>): Promise<string | null> {
  try {
    await check();
    return null;
  } catch (error) {
    if (error instanceof ApiError && error.code === "archive_corrupt") return error.message;
    throw error;
  }
}
