import { toPathSegment } from "../../../shared/ids.ts";
import { isoTime } from "../../../shared/time.ts";
import { sha256 } from "./segment.ts";

/**
 * `conversations/{account}/{YYYY}/{MM}/{sha256}.ndjson.gz`. All of it comes from what is in the segment, so that a
 * repeat after a crash overwrites the same object.
 *
 * @param at - the last access of the segment's most recent session, in ms since the epoch
 */
export function segmentKey(
  accountId: string,
  at: number,
  bytes: Uint8Array,
  isEncrypted: boolean,
): string {
  const [year, month] = isoTime(at).split("-");
  return `${archivePrefix(accountId)}${year}/${month}/${segmentName(bytes, isEncrypted)}`;
}

/** The name of an encrypted segment says why unzipping it fails. */
export const segmentName = (bytes: Uint8Array, isEncrypted: boolean): string =>
  `${sha256(bytes)}${isEncrypted ? ENCRYPTED : PLAIN}`;

const PLAIN = ".ndjson.gz";
const ENCRYPTED = ".ndjson.gz.enc";
export const isSegment = (objectKey: string): boolean =>
  objectKey.endsWith(PLAIN) || objectKey.endsWith(ENCRYPTED);

export const archivePrefix = (accountId: string): string =>
  `conversations/${toPathSegment(accountId)}/`;
export const backupPrefix = (accountId: string, backupId = ""): string =>
  `backups/${toPathSegment(accountId)}/${backupId === "" ? "" : `${backupId}/`}`;

/** The account's wrapped keys. */
export const keyringKey = (accountId: string): string => `${archivePrefix(accountId)}keys.json`;

export const manifestKey = (accountId: string, backupId: string): string =>
  `${backupPrefix(accountId, backupId)}manifest.json`;

/** Everything of the account in R2 lies under these. */
export const accountPrefixes = (accountId: string): string[] => [
  archivePrefix(accountId),
  backupPrefix(accountId),
];
