import type { Flag } from "./flags.ts";
import { fnv1a } from "./fnv1a.ts";

/** A bucket is a hundredth of a percent. */
const BUCKETS = 10_000;

/** The account and user of a turn. */
export interface Subject {
  account_id: string;
  user_id?: string | undefined;
}

/**
 * Whether a flag is on. The share is of users, or of accounts for turns without a user. A flag has always the same users,
 * another flag has others, and no user drops out while the percentage grows.
 */
export function isOn(flag: Flag, name: string, { account_id, user_id }: Subject): boolean {
  if (flag.default || flag.allow.includes(account_id)) return true;
  const unit = user_id === undefined ? account_id : `${account_id}/${user_id}`;
  // Rounded: 1.1 * 100 is slightly more than 110.
  return flag.allow.includes(unit) || bucketOf(name, unit) < Math.round(flag.percentage * 100);
}

const bucketOf = (name: string, unit: string): number =>
  finalise(fnv1a(`${name}\0${unit}`)) % BUCKETS;

/** The finaliser of MurmurHash3: FNV-1a alone leaves ids that differ in their last letter close together. */
function finalise(hash: number): number {
  let mixed = hash;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
