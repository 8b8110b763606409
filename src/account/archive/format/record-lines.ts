import {
  MAX_VERSION,
  boundCount,
  boundText,
  boundTime,
  wellFormed,
} from "../../../shared/stored-bounds.ts";
import { isoTime } from "../../../shared/time.ts";
import type { HeldVersion } from "../../store/sessions/held-versions.ts";
import { FACT_LENGTH } from "../../../shared/user-facts.ts";
import type { UserFact } from "../../../shared/user-facts.ts";
import { FORMAT } from "./format.ts";
import { TurnLines } from "./record.ts";
import type { SessionHead, SessionRecord } from "./record.ts";

/** The record's lines, without their newlines. Every time is RFC 3339 with milliseconds, so none is lost. */
export function recordLines({
  turns,
  frames,
  repaired: _repaired,
  ...session
}: SessionRecord): string[] {
  const lines = new TurnLines((frame) => frames?.[frame] ?? null);
  const { versions = [] } = session;
  return [
    sessionLine(session, turns.length, versions.length),
    ...versions.map(versionLine),
    ...turns.map((turn) => lines.of(turn)),
  ];
}

/** The head of one of a session's parts. Only the first has all of it. */
export function partHead(head: SessionHead, part: NonNullable<SessionHead["part"]>): SessionHead {
  if (part.number === 1) return { ...head, part };
  const { session_id, key, created_at, accessed_at, assistant, user_id } = head;
  return { session_id, key, created_at, accessed_at, assistant, user_id, metadata: {}, part };
}

/** @param turns - how many turn lines follow, after so many `versions` */
export const sessionLine = (session: SessionHead, turns: number, versions = 0): string =>
  JSON.stringify({
    type: "session",
    format: FORMAT,
    session_id: session.session_id,
    key: session.key,
    created_at: isoTime(boundTime(session.created_at)),
    accessed_at: isoTime(boundTime(session.accessed_at)),
    assistant: session.assistant,
    user_id: session.user_id,
    metadata: session.metadata,
    role: session.role,
    facts: wellFormed(session.facts),
    state: session.state,
    state_version:
      session.state_version === undefined
        ? undefined
        : boundCount(session.state_version, MAX_VERSION),
    summary: wellFormed(session.summary),
    pinned: session.pinned,
    hold: session.hold === undefined ? undefined : boundText(session.hold),
    user_facts: session.user_facts?.map(factLine),
    part: session.part,
    ...(versions > 0 && { versions }),
    turns,
  });

const factLine = ({ fact_id, text, seq, created_at, updated_at }: UserFact) => ({
  fact_id,
  text: boundText(text, FACT_LENGTH),
  seq,
  created_at: isoTime(boundTime(created_at)),
  updated_at: isoTime(boundTime(updated_at)),
});

export const versionLine = ({ name, value, replaced_at }: HeldVersion): string =>
  JSON.stringify({
    type: "version",
    name,
    value: boundText(value, value.length),
    replaced_at: isoTime(boundTime(replaced_at)),
  });
