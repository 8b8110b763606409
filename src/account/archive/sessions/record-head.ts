import { callId } from "../../../shared/ids.ts";
import type { Database } from "../../../sqlite/database.ts";
import { snapshots } from "../../store/retention/retention.ts";
import type { Snapshot } from "../../store/retention/retention.ts";
import { parseState } from "../../store/sessions/session-state.ts";
import { PINNED } from "../../store/sessions/session-flags.ts";
import { heldVersions } from "../../store/sessions/held-versions.ts";
import { factsOfSession } from "../../store/sessions/user-facts.ts";
import { parseFacts, parseMetadata } from "../../store/sessions/sessions.ts";
import type { DetailsRow } from "../../store/sessions/sessions.ts";
import type { SessionRecord } from "../format/record.ts";

/** A live session's record without its turns. @param state - JSON; undefined for none */
export function recordHead(
  snapshot: Snapshot,
  state: string | undefined,
): Omit<SessionRecord, "turns"> {
  return {
    session_id: snapshot.session_id,
    key: snapshot.key,
    created_at: snapshot.created_at,
    accessed_at: snapshot.last_accessed_at,
    ...recordDetails(snapshot),
    ...(state !== undefined && { state: parseState(state) }),
    ...(snapshot.state_version !== null && { state_version: snapshot.state_version }),
    ...((snapshot.flags & PINNED) !== 0 && { pinned: true as const }),
    ...(snapshot.hold !== null && { hold: snapshot.hold }),
  };
}

/** The details that SQLite keeps of an archived session too. They may be newer than the archive's. */
export function recordDetails(
  details: RecordedDetails | null,
): Pick<SessionRecord, "assistant" | "user_id" | "metadata" | "role" | "facts" | "summary"> {
  const { assistant = null, user_id = null, role = null, metadata = null } = details ?? {};
  const { facts = null, summary = null, summary_turn = null } = details ?? {};
  return {
    assistant,
    user_id,
    metadata: parseMetadata(metadata),
    ...(role !== null && { role }),
    ...(facts !== null && { facts: parseFacts(facts) }),
    ...(summary !== null && { summary: { text: summary, turn: callId(summary_turn ?? 0) } }),
  };
}

type RecordedDetails = Pick<
  DetailsRow,
  "assistant" | "user_id" | "role" | "metadata" | "facts" | "summary" | "summary_turn"
>;

/** Values that a legal hold keeps of the session. They stay in SQLite while the session is archived. */
export function versionsIn(db: Database, key: number): Pick<SessionRecord, "versions"> {
  const versions = heldVersions(db, key).map(({ name, value, replaced_at }) => ({
    name,
    value,
    replaced_at,
  }));
  return versions.length === 0 ? {} : { versions };
}

/** Facts that came from the session. They stay in SQLite while the session is archived. */
export function factsIn(db: Database, key: number): Pick<SessionRecord, "user_facts"> {
  const user_facts = factsOfSession(db, key);
  return user_facts.length === 0 ? {} : { user_facts };
}

/** The flags that SQLite keeps of a session. An archive may hold older ones. */
export function recordFlags(db: Database, key: number) {
  const [snapshot] = snapshots(db, [key]);
  const { pinned, hold } = snapshot ? recordHead(snapshot, undefined) : {};
  return { pinned, hold };
}
