import { z } from "zod";

import { ApiError } from "../../../shared/errors.ts";
import { callId, parseCallId } from "../../../shared/ids.ts";
import { frameId } from "../../store/turns/system-prompts.ts";
import { isoTime } from "../../../shared/time.ts";
import {
  FORMAT,
  callShape,
  responseShape,
  sessionLine as sessionLineShape,
  turnLine as turnLineShape,
} from "./format.ts";
import type { ExtraLine } from "./format.ts";
import { policyRecordShape } from "../../../shared/policy-record.ts";
import type { Turn, TurnExtra } from "../../../shared/turn.ts";

/** What archives leave to no default. */
const archivedSession = z.lazy(() =>
  sessionLineShape.unwrap().required({
    key: true,
    created_at: true,
    accessed_at: true,
    assistant: true,
    user_id: true,
    metadata: true,
    turns: true,
  }),
);
const archivedTurn = z.lazy(() =>
  turnLineShape.unwrap().required({
    call_id: true,
    status: true,
    created_at: true,
    duration_ms: true,
    model: true,
    input_tokens: true,
    output_tokens: true,
    output: true,
  }),
);

/** A whole session, as archives hold it. */
export interface SessionRecord extends Omit<
  z.infer<typeof archivedSession>,
  "type" | "format" | "turns"
> {
  turns: Turn[];
  /** The texts of the turns' frames, by their id. */
  frames?: Record<string, string> | undefined;
  /** Of an import: nobody knows when it was said, so its times are those of its coming. */
  untimed?: true;
}

/** The record's lines, without their newlines. Every time is RFC 3339 with milliseconds, so none is lost. */
export function recordLines({ turns, frames, ...session }: SessionRecord): string[] {
  const lines = new TurnLines((frame) => frames?.[frame] ?? null);
  return [sessionLine(session, turns.length), ...turns.map((turn) => lines.of(turn))];
}

/** @param turns - how many turn lines follow */
export const sessionLine = (
  session: Omit<SessionRecord, "turns" | "frames">,
  turns: number,
): string =>
  JSON.stringify({
    type: "session",
    format: FORMAT,
    session_id: session.session_id,
    key: session.key,
    created_at: isoTime(session.created_at),
    accessed_at: isoTime(session.accessed_at),
    assistant: session.assistant,
    user_id: session.user_id,
    metadata: session.metadata,
    role: session.role,
    facts: session.facts,
    state: session.state,
    state_version: session.state_version,
    summary: session.summary,
    pinned: session.pinned,
    hold: session.hold,
    turns,
  });

/** The lines of one session's turns, in their order. */
export class TurnLines {
  readonly #textOf: (frame: number) => string | null;
  /** The frame that was looked up last, and its text: most turns share one. */
  #frame: number | undefined;
  #text: string | null = null;
  /** The system message of the turn before. */
  #system: string | null;

  /**
   * @param textOf - the text of a frame; null where it is not known
   * @param before - the frame of the turn before the first; null: it has none, or there is no such turn
   */
  constructor(textOf: (frame: number) => string | null, before: number | null = null) {
    this.#textOf = textOf;
    this.#system = before === null ? null : this.#lookUp(before);
  }

  of(turn: Turn): string {
    const { frame } = turn;
    const system = frame === undefined ? null : this.#lookUp(frame);
    const isNew = system !== this.#system;
    this.#system = system;
    const extra = extraOf(turn.extra);
    return JSON.stringify({
      type: "turn",
      call_id: callId(turn.id),
      created_at: isoTime(turn.created_at),
      status: turn.status,
      duration_ms: turn.duration_ms,
      model: turn.model,
      input_tokens: turn.input_tokens,
      output_tokens: turn.output_tokens,
      input: turn.input,
      output: turn.output,
      shown: turn.shown,
      ...(isNew && { system }),
      ...(Object.keys(extra).length > 0 && { extra }),
    });
  }

  #lookUp(frame: number): string | null {
    if (frame !== this.#frame) this.#text = this.#textOf(frame);
    this.#frame = frame;
    return this.#text;
  }
}

/**
 * Reads records from lines as they come; a record may span several members of a segment.
 *
 * @throws ApiError `archive_corrupt` when a line is not what was written
 */
export class RecordReader {
  readonly #sessionId: string | null;
  #record: SessionRecord | null = null;
  #expected = 0;
  #begunIn = 0;
  /** Of the turn before: the next one's, too, unless it says otherwise. */
  #frame: number | undefined;

  /** @param sessionId - the session to look for; null for all of them, see {@link RecordReader.readAll} */
  constructor(sessionId: string | null) {
    this.#sessionId = sessionId;
  }

  /** @returns the session's record once its last line was read, null while more is needed */
  read(text: string): SessionRecord | null {
    for (const line of text.split("\n")) {
      const record = line === "" ? null : this.#readLine(line);
      if (record) return record;
    }
    return null;
  }

  /**
   * @param member - the number of the member that the text is
   * @returns the records whose last line was read, and the members that they begin in
   */
  readAll(text: string, member = 0): { record: SessionRecord; member: number }[] {
    return text.split("\n").flatMap((line) => {
      const record = line === "" ? null : this.#readLine(line, member);
      return record ? { record, member: this.#begunIn } : [];
    });
  }

  /** @throws ApiError `archive_corrupt` when a record is not complete */
  end(): void {
    if (this.#record) throw corrupt("a session ends before its last turn");
  }

  #readLine(line: string, member = 0): SessionRecord | null {
    const parsed = parseLine(line);
    if (parsed.type === "session") {
      this.end();
      if (this.#sessionId !== null && parsed.session_id !== this.#sessionId) return null;
      const { type: _type, format: _format, turns, ...session } = parsed;
      this.#record = { ...session, turns: [] };
      this.#expected = turns;
      this.#frame = undefined;
      this.#begunIn = member;
    } else if (this.#record) {
      const { type: _type, call_id, extra, system, shown, ...turn } = parsed;
      const id = parseCallId(call_id);
      if (id === null) throw corrupt("a call_id is malformed");
      if (system !== undefined) this.#frame = takeFrame(this.#record, system);
      this.#record.turns.push({
        ...turn,
        id,
        ...(shown !== undefined && { shown }),
        ...(this.#frame !== undefined && { frame: this.#frame }),
        extra: extraOf(extra ?? {}),
      });
    } else if (this.#sessionId === null) {
      throw corrupt("a turn belongs to no session");
    }
    if (this.#record?.turns.length !== this.#expected) return null;
    const record = this.#record;
    this.#record = null;
    return record;
  }
}

/** Keeps a system message with its record. @returns its id; undefined for none */
export function takeFrame(
  record: Pick<SessionRecord, "frames">,
  system: string | null,
): number | undefined {
  if (system === null) return undefined;
  const id = frameId(system);
  record.frames ??= {};
  record.frames[id] = system;
  return id;
}

/** The session that a line begins, or null when it is a turn's. */
export function sessionOf(line: string): string | null {
  const parsed = parseLine(line);
  return parsed.type === "session" ? parsed.session_id : null;
}

function parseLine(line: string): z.infer<typeof archivedSession> | z.infer<typeof archivedTurn> {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw corrupt("a line is not JSON");
  }
  const format = z.object({ format: z.number() }).safeParse(json);
  if (format.success && format.data.format > FORMAT) {
    throw new ApiError(
      "archive_corrupt",
      `The archive has format ${format.data.format}, this version reads up to ${FORMAT}.`,
    );
  }
  const parsed = archivedLine.safeParse(json);
  if (!parsed.success) throw corrupt("a line is not of the format");
  return parsed.data;
}

const archivedLine = z.discriminatedUnion("type", [archivedSession, archivedTurn]);

/**
 * What of a turn's extras lasts, always in the same order: its lease does not. Whoever adds one adds it to the line's
 * shape in format.ts as well.
 */
export const extraOf = (extra: ExtraLine): Omit<TurnExtra, "lease"> => ({
  ...(extra.error && { error: { code: extra.error.code, message: extra.error.message } }),
  ...(extra.restored && { restored: true }),
  ...(extra.state_version !== undefined && { state_version: extra.state_version }),
  ...(extra.cached && { cached: true }),
  ...(extra.policy && { policy: policyRecordShape.parse(extra.policy) }),
  ...(extra.call && { call: callShape.parse(extra.call) }),
  ...(extra.response && { response: responseShape.parse(extra.response) }),
});

export const corrupt = (what: string): ApiError =>
  new ApiError("archive_corrupt", `The archive is damaged (${what}); nothing was taken from it.`);
