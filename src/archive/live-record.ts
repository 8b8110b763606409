import type { Database } from "../store/database.ts";
import type { Frames } from "../store/frames.ts";
import { snapshots } from "../store/retention.ts";
import { statesOf } from "../store/state.ts";
import { settledView } from "../store/turns.ts";
import type { Turns } from "../store/turns.ts";
import { recordHead } from "./archivist.ts";
import { framesOf } from "./frames.ts";
import type { SessionRecord } from "./record.ts";

/** A live session as a record. */
export function liveRecord(
  { db, turns, frames }: { db: Database; turns: Turns; frames: Frames },
  key: number,
): SessionRecord | null {
  const [snapshot] = snapshots(db, [key]);
  if (!snapshot) return null;
  const all = turns
    .list(key, { order: "asc", limit: -1 })
    .map((turn) => settledView(turn, Date.now()));
  return {
    ...recordHead(snapshot, statesOf(db, [key]).get(key)),
    turns: all,
    frames: framesOf(frames, key, all),
  };
}
