import { z } from "zod";

import {
  FORMAT,
  endLine,
  sessionLine,
  turnLine as importedTurn,
} from "../archive/format/format.ts";
import { headHash } from "../archive/sessions/insert-record.ts";
import { takeFrame } from "../archive/format/record.ts";
import { extraOf } from "../archive/format/turn-extra.ts";
import type { SessionRecord } from "../archive/format/record.ts";
import { ApiError } from "../../shared/errors.ts";
import { ID_RULE, TURNS_PER_SESSION, keyOf, parseCallId, seqOf } from "../../shared/ids.ts";
import { encodeContent, plainContent } from "../../shared/items.ts";
import { hasHalf } from "../../shared/stored-bounds.ts";
import { ROW_BYTES } from "../../sqlite/database.ts";
import { isObject } from "../../shared/json-merge-patch.ts";
import { checkStateSize } from "../store/sessions/session-state.ts";
import type { Line } from "./line-reader.ts";
import { id, metadata, stateObject } from "../../shared/field-schemas.ts";
import type { Turn } from "../../shared/turn.ts";

/** What a session may have in all, as JSON in UTF-16 units: it crosses to the account's object, and is in its memory, as a whole. */
const SESSION_LENGTH = 8 * 1024 * 1024;
/** So many problems are kept until somebody takes them. */
const KEPT_PROBLEMS = 100;
const SYSTEM_BYTES = 256 * 1024;
const KEY_LIMIT = 2 ** 33 - 1;
const KEY_RULE = `takes a whole number from 1 to ${KEY_LIMIT}`;
const FACTS_RULE = "takes a list of at most 32 texts of up to 512 characters";
/** A block of the journal: see session-flags.ts. */
const journalId = z.string().regex(/^journal\/\d{1,10}$/);

/** A session line of an import: the format's, within the bounds of what is stored. */
export const importedSession = z.lazy(() =>
  sessionLine.unwrap().extend({
    format: z
      .int()
      .min(1)
      .max(FORMAT, `is newer than ${FORMAT}, the newest that this version reads`),
    session_id: z.union([id, journalId], { error: `takes an id: ${ID_RULE}` }),
    key: z.int(KEY_RULE).min(1, KEY_RULE).max(KEY_LIMIT, KEY_RULE).optional(),
    assistant: id.nullable().optional(),
    user_id: id.nullable().optional(),
    role: id.optional(),
    metadata: metadata.optional(),
    facts: z
      .array(z.string().min(1).max(512, FACTS_RULE), { error: FACTS_RULE })
      .max(32, FACTS_RULE)
      .optional(),
    // As it came: zod would lose names such as `__proto__`.
    state: z
      .custom<Record<string, unknown>>((value) => stateObject.safeParse(value).success, {
        error: "takes a JSON object, nested 64 levels deep at most",
      })
      .optional(),
    hold: z.string().min(1).max(512, "takes 512 characters at most").optional(),
  }),
);

const line = z.lazy(() =>
  z.discriminatedUnion("type", [importedSession, importedTurn, endLine], {
    error: 'type takes "session", "turn" or "end"',
  }),
);

/** Why something of an import was not taken. */
export interface Problem {
  /** From 1. */
  line: number;
  session_id: string | null;
  code:
    | "not_json"
    | "not_utf8"
    | "line_too_long"
    | "invalid_line"
    | "turn_without_session"
    | "turn_too_large"
    | "session_too_large"
    | "turns_differ"
    | "end_differs";
  message: string;
}

/** What came, good or bad. */
export interface Read {
  lines: number;
  sessions: number;
  turns: number;
  /** Sessions that cannot be taken. */
  bad: number;
  problems: number;
}

const NOTHING_READ: Read = { lines: 0, sessions: 0, turns: 0, bad: 0, problems: 0 };

/** A session, read whole. */
export interface ReadSession {
  /** sha256 of its lines, wherever it is stored. */
  hash: string;
  /** Its {@link SessionRecord}. */
  json: string;
}

interface Reading {
  /** Undefined: something in it is wrong, and all of it is passed over. */
  session: z.infer<typeof importedSession> | undefined;
  session_id: string | null;
  line: number;
  turns: Turn[];
  /** Each of them, as it is sent on. */
  json: string[];
  frames: Record<string, string>;
  frame: number | undefined;
  untimed: boolean;
  length: number;
}

/** Why a line cannot be read, and what it is of, as far as that can be told. */
interface Fault {
  code: Problem["code"];
  message: string;
  type?: unknown;
  session_id?: string | null;
}

/** Puts sessions together from lines. One with anything wrong in it is a problem, and is not taken at all. */
export class SessionReader {
  readonly #now: number;
  #reading: Reading | null = null;
  #read: Read = { ...NOTHING_READ };
  /** As it was before the line that is being read. */
  #before: Read = { ...NOTHING_READ };
  #settled: Read = { ...NOTHING_READ };
  /** As it was at the last line of an export. */
  #ended: Pick<Read, "sessions" | "turns"> = { ...NOTHING_READ };
  #isWhole: boolean;
  #problems: Problem[] = [];

  /**
   * @param now - ms since the epoch: the time of what came without one
   * @param isWhole - whether the lines come from the first on: only then is it known what the last line tells of
   */
  constructor(now: number, isWhole: boolean) {
    this.#now = now;
    this.#isWhole = isWhole;
  }

  /** @returns the session that ends before this line, if one does */
  push(next: Line): ReadSession | null {
    const { number } = next;
    this.#before = { ...this.#read };
    this.#read.lines += 1;
    if (!("text" in next)) return this.#fault(number, next);
    const text = next.text.trim();
    if (text === "") return null;
    const parsed = parseLine(text);
    if (parsed === null) return null;
    if ("code" in parsed) return this.#fault(number, parsed);
    if (parsed.type === "turn") {
      this.#read.turns += 1;
      this.#turn(number, parsed);
      return null;
    }
    const ended = this.#end();
    if (parsed.type === "session") this.#begin(number, parsed);
    else this.#checkEnd(number, parsed);
    return ended;
  }

  /** A line that cannot be read spoils the session that it is in, or else the one that it may have begun. */
  #fault(number: number, fault: Fault): ReadSession | null {
    if (fault.type === "turn") this.#read.turns += 1;
    if (fault.type === "session") this.#read.sessions += 1;
    const { session, turns } = this.#reading ?? {};
    const isNext = fault.type === "session" || session?.turns === turns?.length;
    const ended = isNext ? this.#end() : null;
    if (isNext) this.#open(number, fault.session_id ?? null);
    this.#spoil(number, fault.code, fault.message);
    return ended;
  }

  /** The last session ends with the lines. */
  finish(): ReadSession | null {
    this.#before = { ...this.#read };
    return this.#end();
  }

  /** What was read up to where the last session ended. */
  get settled(): Read {
    return this.#settled;
  }

  /** Takes the problems up to that line. */
  takeProblems(through: number): Problem[] {
    const taken = this.#problems.filter((problem) => problem.line <= through);
    this.#problems = this.#problems.filter((problem) => problem.line > through);
    return taken;
  }

  #end(): ReadSession | null {
    const ended = this.#endSession();
    this.#settled = this.#before;
    return ended;
  }

  #endSession(): ReadSession | null {
    const reading = this.#reading;
    this.#reading = null;
    if (!reading) return null;
    if (!reading.session) {
      this.#before.bad += 1;
      this.#read.bad += 1;
      return null;
    }
    const { session, turns, json } = reading;
    if (session.turns !== undefined && session.turns !== turns.length) {
      this.#note(
        reading.line,
        reading.session_id,
        "turns_differ",
        `The session says that it has ${session.turns} turns; ${turns.length} came.`,
      );
      this.#before.problems += 1;
      this.#before.bad += 1;
      this.#read.bad += 1;
      return null;
    }
    const record = this.#record(reading, session);
    const { turns: _, ...head } = record;
    const whole = `${JSON.stringify(head).slice(0, -1)},"turns":[${json.join(",")}]}`;
    return { hash: headHash(record, json), json: whole };
  }

  #begin(number: number, session: z.infer<typeof importedSession>): void {
    this.#read.sessions += 1;
    this.#open(number, session.session_id).session = session;
    const wrong = this.#wrongIn(session);
    if (wrong !== null) this.#spoil(number, "invalid_line", wrong);
  }

  #open(number: number, session_id: string | null): Reading {
    this.#reading = {
      session: undefined,
      session_id,
      line: number,
      turns: [],
      json: [],
      frames: {},
      frame: undefined,
      untimed: false,
      length: 0,
    };
    return this.#reading;
  }

  #wrongIn(session: z.infer<typeof importedSession>): string | null {
    const { state, summary, key } = session;
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

  #turn(number: number, turn: z.infer<typeof importedTurn>): void {
    const reading = this.#reading;
    if (!reading) {
      this.#note(number, null, "turn_without_session", "The turn has no session line before it.");
      return;
    }
    const { session, turns } = reading;
    if (!session) return;
    const before = turns.at(-1)?.id ?? 0;
    const seq = turn.call_id === undefined ? before + 1 : seqIn(turn.call_id, session.key);
    if (seq <= before) {
      this.#spoil(
        number,
        "invalid_line",
        "call_id is not that of a later turn of the session. Leave it out to have it numbered.",
      );
      return;
    }
    if (seq > TURNS_PER_SESSION - 2) {
      this.#spoil(number, "session_too_large", `A session takes ${TURNS_PER_SESSION - 2} turns.`);
      return;
    }
    const read = this.#readTurn(reading, session, turn, seq);
    const wrong = wrongText(turn.system);
    if (wrong !== null) {
      this.#spoil(number, "invalid_line", wrong);
      return;
    }
    const limit = ROW_BYTES;
    const json = JSON.stringify(read);
    // A UTF-16 unit takes three bytes at most: few turns need to be measured.
    const bytes = json.length * 3 > limit ? bytesOf(read) : 0;
    if (bytes > limit) {
      this.#spoil(
        number,
        "turn_too_large",
        `The turn has ${(bytes / 1024 / 1024).toFixed(1)} MiB of text; ${(limit / 1024 / 1024).toFixed(1)} MiB at most are stored.`,
      );
      return;
    }
    reading.length += json.length;
    if (reading.length > SESSION_LENGTH) {
      const message = `The session has more than ${SESSION_LENGTH / 1024 / 1024} million characters; split it.`;
      this.#spoil(number, "session_too_large", message);
      return;
    }
    turns.push(read);
    reading.json.push(json);
  }

  #readTurn(
    reading: Reading,
    session: z.infer<typeof importedSession>,
    turn: z.infer<typeof importedTurn>,
    seq: number,
  ): Turn {
    const { system, shown, output = null, extra = {} } = turn;
    if (system !== undefined) reading.frame = takeFrame(reading, system);
    const { frame, turns } = reading;
    const known = turn.created_at ?? turns.at(-1)?.created_at ?? session.created_at;
    reading.untimed ||= known === undefined;
    const created_at = known ?? this.#now;
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

  #record(
    { turns, frames, untimed }: Reading,
    session: z.infer<typeof importedSession>,
  ): SessionRecord {
    const created_at = session.created_at ?? turns[0]?.created_at ?? this.#now;
    const last = turns.at(-1)?.created_at ?? created_at;
    const { role, facts = [], state, summary, pinned, hold } = session;
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
      ...((untimed || turns.length === 0) && session.created_at === undefined && { untimed: true }),
      turns,
      frames,
    };
  }

  #checkEnd(number: number, { sessions, turns }: z.infer<typeof endLine>): void {
    const read = this.#read;
    const came = {
      sessions: read.sessions - this.#ended.sessions,
      turns: read.turns - this.#ended.turns,
    };
    this.#ended = { ...read };
    const isAll = this.#isWhole;
    // Behind it, another export may begin.
    this.#isWhole = true;
    if (!isAll || (sessions === came.sessions && turns === came.turns)) return;
    this.#note(
      number,
      null,
      "end_differs",
      `The last line tells of ${sessions} sessions and ${turns} turns; ${came.sessions} and ${came.turns} came.`,
    );
  }

  /** The line is wrong, and with it the session that it belongs to. */
  #spoil(number: number, code: Problem["code"], message: string): void {
    const session_id = this.#reading?.session_id ?? null;
    // Of a session that is passed over, the first fault says enough.
    const isNews = !this.#reading || this.#reading.session || this.#reading.line === number;
    if (isNews) this.#note(number, session_id, code, message);
    // What was read of it is not kept while the rest is passed over.
    this.#open(this.#reading?.line ?? number, session_id);
  }

  #note(number: number, session_id: string | null, code: Problem["code"], message: string): void {
    this.#read.problems += 1;
    if (this.#problems.length < KEPT_PROBLEMS)
      this.#problems.push({ line: number, session_id, code, message });
  }
}

/** Which turn of the session with that key a call is; 0: none. */
function seqIn(call_id: string, key: number | undefined): number {
  const turn = parseCallId(call_id);
  return turn !== null && keyOf(turn) === key ? seqOf(turn) : 0;
}

const HALF = "A text holds half of a surrogate pair; send valid Unicode.";

/** The rest of the line is checked by its schema. */
function wrongText(system: string | null | undefined): string | null {
  if (system && Buffer.byteLength(system) > SYSTEM_BYTES) return "system takes 256 KiB at most.";
  return hasHalf(system) ? HALF : null;
}

const bytesOf = ({ input, output, extra }: Turn): number =>
  Buffer.byteLength(encodeContent(input, "user")) +
  (output === null ? 0 : Buffer.byteLength(encodeContent(output, "assistant"))) +
  (extra.call || extra.response ? Buffer.byteLength(JSON.stringify(extra)) : 0);

/** Null for a line that says nothing of sessions. */
function parseLine(text: string): z.infer<typeof line> | Fault | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { code: "not_json", message: "The line is not JSON." };
  }
  const { type, session_id } = isObject(json) ? json : {};
  // A segment of an archive tells its members in its last line.
  if (type === "index") return null;
  const parsed = line.safeParse(json);
  if (parsed.success) return parsed.data;
  return {
    code: "invalid_line",
    message: issueOf(parsed.error),
    type,
    session_id: typeof session_id === "string" ? session_id.slice(0, 128).toWellFormed() : null,
  };
}

/** What is wrong first, for a person. */
function issueOf({ issues: [issue] }: z.ZodError): string {
  const path = issue?.path.join(".").slice(0, 128) ?? "";
  if (issue?.code === "unrecognized_keys")
    return `Unknown field ${JSON.stringify([...issue.path, issue.keys[0]].join(".").slice(0, 128))}.`;
  return `${path === "" ? "" : `${path}: `}${issue?.message ?? "It is not a line of the format"}.`;
}
