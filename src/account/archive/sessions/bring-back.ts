import type { Database } from "../../../sqlite/database.ts";
import { markLive, recordStaleCopy } from "../../store/archive/archives.ts";
import { bringState } from "../../store/sessions/session-state.ts";
import { putDetails } from "../../store/sessions/sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import type { SystemPrompts } from "../../store/turns/system-prompts.ts";
import type { Turns } from "../../store/turns/turns.ts";
import { tally } from "../../store/usage/roll-up.ts";
import type { Counters } from "../../store/usage/counters.ts";
import { bringFrames } from "../format/frames.ts";
import type { SessionRecord } from "../format/record.ts";
import { countMessages } from "./compress-sessions.ts";
import { missingIn } from "./insert-record.ts";

export interface BringBackParts {
  db: Database;
  turns: Turns;
  frames: SystemPrompts;
  counters: Counters;
  /** Called in the transaction that brings a session's turns back. */
  turnsWritten: (sessionKey: number) => void;
}

/** In a transaction: the archived session is live, with what was read of its archive. */
export function bringBack(
  { db, turns, frames, counters, turnsWritten }: BringBackParts,
  session: SessionRow,
  record: SessionRecord,
  now: number,
): void {
  counters.changing();
  turns.insertAll(record.turns);
  bringFrames(frames, session.key, record);
  putDetails(db, session.key, missingIn(record.turns) ?? {});
  turnsWritten(session.key);
  if (record.state) bringState(db, session.key, JSON.stringify(record.state));
  recordStaleCopy(db, session.key, session.segment as number);
  markLive(db, session.key, now);
  tally(db, [session.key], record.turns.at(-1)?.created_at ?? 0, -1);
  counters.sessionAdded({ ...session, accessed_at: now });
  counters.turnsChanged(record.turns.length, countMessages(record.turns));
  counters.archivesChanged(-1, 0);
}
