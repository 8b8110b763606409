import { sha256 } from "./segment.ts";

/**
 * `conversations/{account}/{YYYY}/{MM}/{sha256}.ndjson.gz`. All of it comes from what is in the segment, so that a
 * repeat after a crash overwrites the same object.
 *
 * @param at - the last access of the segment's most recent session, in ms since the epoch
 */
export function segmentKey(accountId: string, at: number, bytes: Uint8Array): string {
  const [year, month] = new Date(at).toISOString().split("-");
  return `conversations/${accountId}/${year}/${month}/${segmentName(bytes)}`;
}

export const segmentName = (bytes: Uint8Array): string => `${sha256(bytes)}.ndjson.gz`;

/** Everything of the account in R2 lies under these. */
export const accountPrefixes = (accountId: string): string[] => [
  `conversations/${accountId}/`,
  `backups/${accountId}/`,
];
