import { toPathSegment } from "../../../shared/ids.ts";
import { isoTime } from "../../../shared/time.ts";

/**
 * `conversations/{account}/{YYYY}/{MM}/{sha256}.ndjson.gz`. All of it comes from what is in the segment, so that a
 * repeat after a crash overwrites the same object.
 *
 * @param at - the last access of the segment's most recent session, in ms since the epoch
 * @param hash - the sha256 of its bytes
 */
export function segmentKey(
  accountId: string,
  at: number,
  hash: string,
  isEncrypted: boolean,
): string {
  const [year, month] = isoTime(at).split("-");
  return `${archivePrefix(accountId)}${year}/${month}/${segmentName(hash, isEncrypted)}`;
}

/** The name of an encrypted segment says why unzipping it fails. @param hash - the sha256 of its bytes */
export const segmentName = (hash: string, isEncrypted: boolean): string =>
  `${hash}${isEncrypted ? ENCRYPTED : PLAIN}`;

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
