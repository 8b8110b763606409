import type { Database } from "../../../sqlite/database.ts";
import type { SystemPrompts } from "../../store/turns/system-prompts.ts";
import { snapshots } from "../../store/retention/retention.ts";
import { statesOf } from "../../store/sessions/session-state.ts";
import type { Turns } from "../../store/turns/turns.ts";
import { factsIn, recordHead, versionsIn } from "./record-head.ts";
import { framesOf } from "../format/frames.ts";
import type { SessionRecord } from "../format/record.ts";
import { settledView } from "../../../shared/turn.ts";

/** A live session as a record. @param heads - leaves long texts that do not lie in their turns' rows empty */
export function liveRecord(
  { db, turns, frames }: { db: Database; turns: Turns; frames: SystemPrompts },
  key: number,
  heads = false,
): SessionRecord | null {
  const [snapshot] = snapshots(db, [key]);
  if (!snapshot) return null;
  const all = turns
    .list(key, { order: "asc", limit: -1, heads })
    .map((turn) => settledView(turn, Date.now()));
  return {
    ...recordHead(snapshot, statesOf(db, [key]).get(key)),
    ...versionsIn(db, key),
    ...factsIn(db, key),
    turns: all,
    frames: framesOf(frames, key, all),
  };
}
