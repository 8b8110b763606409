import { letOthersRun } from "../../../shared/let-others-run.ts";
import { WorkSlices } from "../../../shared/work-slices.ts";
import { readableLine } from "../format/record.ts";
import { SLICE_TEXT, isAsWritten, openMember } from "../format/segment.ts";
import type { Member, Open } from "../format/segment.ts";
import type { ArchivedPlaces } from "./archived-places.ts";
import type { GoneSessions } from "./gone-sessions.ts";

/** A member of a segment as R2 has it. */
export interface StoredMember {
  bytes: Uint8Array;
  isDamaged: boolean;
}

/** What a rewriting does with damaged members. */
export interface DamagePlan {
  /** `keep`: as it is, since a session that stays lies in it. `empty`: none does. */
  members: ReadonlyMap<number, "keep" | "empty">;
  /** Stale copies that lie in damaged members in part: the rest of them goes as well. */
  cut: ReadonlySet<string>;
}

export const NO_DAMAGE: DamagePlan = { members: new Map(), cut: new Set() };

/** The members of an object of which there are copies. A damaged one is taken from where there is something of it. */
export function membersOf(
  copies: readonly Uint8Array[],
  members: readonly Member[],
): StoredMember[] {
  return members.map((member) => {
    const [offset, length] = member;
    const all = copies.map((bytes) => bytes.subarray(offset, offset + length));
    const good = all.find((bytes) => isAsWritten(bytes, member));
    if (good) return { bytes: good, isDamaged: false };
    const longest = all.reduce((a, b) => (b.length > a.length ? b : a), new Uint8Array());
    return { bytes: longest, isDamaged: true };
  });
}

/** Which sessions may go on in the next member. */
interface Continued {
  stays: boolean;
  goes: boolean;
}

const NONE: Continued = { stays: false, goes: false };

/**
 * Decides what becomes of damaged members. A session lies in one where it begins there, or where it is not complete
 * before. The members that can be read say so, and else the database.
 *
 * @throws whatever `refuse` makes, where a session that stays and one that goes may both lie in a damaged member
 */
export async function planDamage(
  stored: readonly StoredMember[],
  { stays, goes, copies }: ArchivedPlaces,
  { gone, open, refuse }: { gone: GoneSessions; open: Open; refuse: () => unknown },
): Promise<DamagePlan> {
  const parsed = new WorkSlices(SLICE_TEXT);
  const [staysIn, goesIn] = [new Set(stays.values()), new Set(goes.values())];
  const cut = new Set<string>();
  const damaged: (Continued & { index: number; isThere: boolean })[] = [];
  let next = NONE;
  // The session that is read, and its lines that are to come; null where its first line cannot be read.
  let current: { id: string; left: number } | null = null;
  let unfound = copies;
  for (const [index, { bytes, isDamaged }] of stored.entries()) {
    if (isDamaged) {
      if (current && current.left > 0 && !stays.has(current.id)) cut.add(current.id);
      const both = {
        stays: next.stays || staysIn.has(index),
        goes: next.goes || goesIn.has(index),
      };
      damaged.push({ ...both, index, isThere: bytes.some((byte) => byte !== 0) });
      next = both;
      current = null;
      continue;
    }
    await letOthersRun();
    for (const line of openMember(bytes, open).split("\n")) {
      if (line === "") continue;
      await parsed.did(line.length);
      const { session, lines } = readableLine(line);
      if (session) {
        const { session_id: id } = session;
        const isGoing = gone.has(id, session);
        if (isGoing && !goes.has(id)) unfound -= 1;
        current = { id, left: lines };
        next = { stays: !isGoing && stays.has(id), goes: isGoing };
      } else if (current) current.left -= 1;
    }
    if (current && current.left <= 0) next = NONE;
  }
  const plan = new Map<number, "keep" | "empty">();
  for (const { index, isThere, ...both } of damaged) {
    const mayGo = both.goes || unfound > 0;
    // Of what is cut off there is nothing to erase. An earlier rewriting wrote zeros for it.
    if (both.stays && mayGo && isThere) throw refuse();
    plan.set(index, both.stays ? "keep" : "empty");
  }
  return { members: plan, cut };
}
