import { ApiError } from "../../shared/errors.ts";
import { keyOf, parseCallId, seqOf } from "../../shared/ids.ts";
import { encodeContent, plainContent } from "../../shared/items.ts";
import { ROW_BYTES, TURN_BYTES, hasHalf } from "../../shared/stored-bounds.ts";
import { fitsRow } from "../../shared/turn-parts.ts";
import type { Turn } from "../../shared/turn.ts";
import { takeFrame } from "../archive/format/record.ts";
import type { SessionRecord } from "../archive/format/record.ts";
import { extraOf } from "../archive/format/turn-extra.ts";
import { USER_FACTS } from "../../shared/user-facts.ts";
import type { UserFact } from "../../shared/user-facts.ts";
import type { HeldVersion } from "../store/sessions/held-versions.ts";
import { frameId } from "../store/turns/system-prompts.ts";
import { isFactBlock } from "../store/sessions/session-flags.ts";
import { checkStateSize } from "../store/sessions/state-size.ts";
import type { SessionLine, TurnLine } from "./import-line.ts";

/** Bytes of a turn's system prompt. A longer one makes its session invalid. */
const SYSTEM_BYTES = 256 * 1024;
const HALF = "A text holds half of a surrogate pair; send valid Unicode.";

/** A session whose lines are being read. */
export interface Reading {
  /** Undefined where a line of it is invalid: then all of it is skipped. */
  session: SessionLine | undefined;
  /** A part of a session that cannot be taken. */
  isPassedOver: boolean;
  session_id: string | null;
  line: number;
  versions: HeldVersion[];
  turns: Turn[];
  /** Each of them, as it is sent on. */
  json: string[];
  frames: Record<string, string>;
  frame: number | undefined;
  untimed: boolean;
  /** Of its JSON. */
  bytes: number;
}

/** @param line - the number of its first line */
export const newReading = (line: number, session_id: string | null): Reading => ({
  session: undefined,
  isPassedOver: false,
  session_id,
  line,
  versions: [],
  turns: [],
  json: [],
  frames: {},
  frame: undefined,
  untimed: false,
  bytes: 0,
});

/** Bytes of a turn's system message as JSON, where no turn before it has the same. */
export const newSystemBytes = ({ frames }: Reading, { system }: TurnLine): number =>
  typeof system === "string" && frames[frameId(system)] === undefined
    ? Buffer.byteLength(JSON.stringify(system))
    : 0;

/** Checks that the session line's schema leaves out. Null: it is valid. */
export function wrongInSession(session: SessionLine): string | null {
  const { state, summary, key, user_id, user_facts = [], part } = session;
  if (part && !isPart(session)) return "part takes a number, and the turns before it and of all.";
  if (user_facts.length > 0 && (user_id ?? null) === null)
    return "user_facts are of a user: name the session's user_id.";
  if (!isFactBlock(session.session_id) && user_facts.some(({ seq }) => seq === undefined))
    return "user_facts take the seq of the turn that each came from, except in a session `facts/…`.";
  if (user_facts.length > USER_FACTS) return `user_facts takes ${USER_FACTS} facts at most.`;
  if (new Set(user_facts.map(({ fact_id }) => fact_id)).size < user_facts.length)
    return "user_facts name a fact_id twice.";
  if (summary && seqIn(summary.turn, key) === 0)
    return "summary.turn takes the call_id of a turn of the session, beside its key.";
  if (hasHalf([session.facts, session.hold, summary])) return HALF;
  try {
    if (state !== undefined) checkStateSize(JSON.stringify(state), "state");
  } catch (error) {
    if (error instanceof ApiError) return error.message;
    throw error;
  }
  return null;
}

/** Whether the numbers of a part agree. */
const isPart = ({ part, turns = 0 }: SessionLine): boolean =>
  part !== undefined &&
  turns > 0 &&
  (part.number === 1) === (part.before === 0) &&
  part.before + turns <= part.all;

/** Whether it is a part of a session, and others have the rest of the turns. */
const isSomePart = ({ part, turns }: Pick<SessionLine, "part" | "turns">): boolean =>
  part !== undefined && part.all !== turns;

/** Checks that need the session's turns. Null: it is valid. A part's facts may be of turns in other parts. */
export function wrongInFacts(
  session: Pick<SessionLine, "session_id" | "user_facts" | "part" | "turns">,
  turns: readonly Pick<Turn, "id">[],
): string | null {
  const { session_id, user_facts = [] } = session;
  if (isFactBlock(session_id) && turns.length > 0) return "A session `facts/…` takes no turns.";
  if (isSomePart(session)) return null;
  const numbers = new Set(turns.map(({ id }) => id));
  return user_facts.every(({ seq }) => seq === undefined || numbers.has(seq))
    ? null
    : "user_facts take the seq of a turn of their session.";
}

/** Checks that the turn line's schema leaves out. Null: it is valid. */
export function wrongInSystem(system: string | null | undefined): string | null {
  if (system && Buffer.byteLength(system) > SYSTEM_BYTES) return "system takes 256 KiB at most.";
  return hasHalf(system) ? HALF : null;
}

/** @param now - ms since the epoch: its time where neither its line nor the session's tells one */
export function readTurn(
  reading: Reading,
  session: SessionLine,
  turn: TurnLine,
  seq: number,
  now: number,
): Turn {
  const { system, shown, output = null, extra = {} } = turn;
  if (system !== undefined) reading.frame = takeFrame(reading, system);
  const { frame, turns } = reading;
  const known = turn.created_at ?? turns.at(-1)?.created_at ?? session.created_at;
  reading.untimed ||= known === undefined;
  const created_at = known ?? now;
  const status = turn.status ?? (output === null ? "abandoned" : "completed");
  return {
    // Without the key, which it may not get.
    id: seq,
    status: status === "in_progress" ? "abandoned" : status,
    created_at,
    duration_ms: turn.duration_ms ?? null,
    model: turn.model ?? null,
    input_tokens: turn.input_tokens ?? null,
    output_tokens: turn.output_tokens ?? null,
    input: plainContent(turn.input, "user"),
    output: output && plainContent(output, "assistant"),
    ...(shown !== undefined && { shown }),
    ...(frame !== undefined && { frame }),
    extra: extraOf(extra),
  };
}

/** The session with all its turns. @param now - ms since the epoch: its time where no line tells one */
export function recordOf(
  { versions, turns, frames, untimed }: Reading,
  session: SessionLine,
  now: number,
): SessionRecord {
  const created_at = session.created_at ?? turns[0]?.created_at ?? now;
  const last = turns.at(-1)?.created_at ?? created_at;
  const { role, facts = [], state, summary, pinned, hold, user_facts = [] } = session;
  const state_version = session.state_version ?? (state === undefined ? undefined : 1);
  return {
    session_id: session.session_id,
    key: session.key ?? 0,
    created_at,
    accessed_at: Math.max(session.accessed_at ?? last, last),
    assistant: session.assistant ?? null,
    user_id: session.user_id ?? null,
    metadata: session.metadata ?? {},
    ...(role !== undefined && { role }),
    ...(facts.length > 0 && { facts }),
    ...(state !== undefined && { state }),
    ...(state_version !== undefined && { state_version }),
    ...(summary && { summary }),
    ...(pinned && { pinned }),
    ...(hold !== undefined && { hold }),
    ...(user_facts.length > 0 && { user_facts: user_facts.toSorted(byCreation) }),
    ...(isSomePart(session) && { part: session.part }),
    ...((untimed || turns.length === 0) && session.created_at === undefined && { untimed: true }),
    ...(versions.length > 0 && { versions }),
    turns,
    frames,
  };
}

/** The order in which stored facts are read: a copy in another order is the same. */
const byCreation = (a: UserFact, b: UserFact): number =>
  a.created_at - b.created_at || (a.fact_id < b.fact_id ? -1 : 1);

/** The number of the call's turn in the session with that key; 0: it is of another session. */
export function seqIn(call_id: string, key: number | undefined): number {
  const turn = parseCallId(call_id);
  return turn !== null && keyOf(turn) === key ? seqOf(turn) : 0;
}

/** Bytes of the turn's texts as stored. */
const bytesOf = ({ input, output, extra }: Turn): number =>
  Buffer.byteLength(encodeContent(input, "user")) +
  (output === null ? 0 : Buffer.byteLength(encodeContent(output, "assistant"))) +
  (extra.call || extra.response ? Buffer.byteLength(JSON.stringify(extra)) : 0);

const mib = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;

/** @param bytes - of its JSON. @returns what is wrong; null where the turn can be stored */
export function tooLargeIn(turn: Turn, bytes: number): string | null {
  if (bytes > TURN_BYTES && bytesOf(turn) > TURN_BYTES)
    return `The turn has ${mib(bytesOf(turn))} of text; ${mib(TURN_BYTES)} at most are stored.`;
  return bytes <= ROW_BYTES || fitsRow(turn)
    ? null
    : "The turn has too many short texts: split it.";
}

/** @param said - how many the session line tells of. @returns what is wrong; null where nothing is */
export const missingLines = (
  what: string,
  said: number | undefined,
  came: readonly unknown[],
): string | null =>
  said === undefined || said === came.length
    ? null
    : `The session says that it has ${said} ${what}; ${came.length} came.`;
