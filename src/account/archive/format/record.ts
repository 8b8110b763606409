import { z } from "zod";

import { ApiError } from "../../../shared/errors.ts";
import { callId, parseCallId } from "../../../shared/ids.ts";
import { frameId } from "../../store/turns/system-prompts.ts";
import { isObject } from "../../../shared/json-merge-patch.ts";
import { isoTime } from "../../../shared/time.ts";
import {
  FORMAT,
  sessionLine as sessionLineShape,
  turnLine as turnLineShape,
  versionLine as versionLineShape,
} from "./format.ts";
import type { HeldVersion } from "../../store/sessions/held-versions.ts";
import { repairTurn } from "../../../shared/bound-turn.ts";
import { lineWithin } from "./repair-line.ts";
import { extraOf } from "./turn-extra.ts";
import type { FormerSession } from "../../store/erasure/former-sessions.ts";
import type { Turn } from "../../../shared/turn.ts";
import { parseJson } from "../../../shared/json.ts";

/** Fields that archives always write. */
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
  "type" | "format" | "turns" | "versions"
> {
  turns: Turn[];
  /** Values that were overwritten under a legal hold, in their order. */
  versions?: HeldVersion[] | undefined;
  /** The texts of the turns' frames, by their id. */
  frames?: Record<string, string> | undefined;
  /** A line held values out of bounds: they were brought inside. */
  repaired?: true;
  /** For an import without times: its times are those of the import. */
  untimed?: true;
}

/** A record without what has lines of its own. */
export type SessionHead = Omit<SessionRecord, "turns" | "frames" | "versions">;

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

  /** Within bounds, whatever the turn was stored with: no line is written that cannot be read. */
  of(stored: Turn): string {
    const turn = repairTurn(stored);
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
  readonly #isStrict: boolean;
  #record: SessionRecord | null = null;
  #expected = 0;
  #versions = 0;
  #begunIn = 0;
  /** The previous turn's frame, which the next turn keeps unless its line sets another. */
  #frame: number | undefined;

  /**
   * @param sessionId - the session to look for; null for all of them, see {@link RecordReader.readAll}
   * @param isStrict - refuses values out of bounds, which older versions wrote; without it they are brought inside
   */
  constructor(sessionId: string | null, isStrict = false) {
    this.#sessionId = sessionId;
    this.#isStrict = isStrict;
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
    const { line: parsed, repaired } = parseLine(line, this.#isStrict);
    if (parsed.type === "session") {
      this.end();
      if (this.#sessionId !== null && parsed.session_id !== this.#sessionId) return null;
      const { type: _type, format: _format, turns, versions = 0, ...session } = parsed;
      this.#record = { ...session, turns: [], ...(repaired && { repaired }) };
      if (versions > 0) this.#record.versions = [];
      this.#expected = turns;
      this.#versions = versions;
      this.#frame = undefined;
      this.#begunIn = member;
    } else if (parsed.type === "version") {
      const { type: _type, ...version } = parsed;
      this.#record?.versions?.push(version);
    } else if (this.#record) {
      if ((this.#record.versions?.length ?? 0) !== this.#versions)
        throw corrupt("a version is missing");
      const turn = turnOf(parsed, this.#record, this.#frame);
      this.#frame = turn.frame;
      if (repaired) this.#record.repaired = true;
      this.#record.turns.push(turn);
    } else if (this.#sessionId === null) {
      throw corrupt("a turn belongs to no session");
    }
    const { turns: read, versions: before } = this.#record ?? {};
    if (read?.length !== this.#expected || (before?.length ?? 0) !== this.#versions) return null;
    const record = this.#record;
    this.#record = null;
    return record;
  }
}

export type ArchivedTurnLine = z.infer<typeof archivedTurn>;

/** @param before - the frame of the turn before it: its own, unless the line says otherwise */
export function turnOf(
  { type: _type, call_id, extra, system, shown, ...turn }: ArchivedTurnLine,
  record: Pick<SessionRecord, "frames">,
  before: number | undefined,
): Turn {
  const id = parseCallId(call_id);
  if (id === null) throw corrupt("a call_id is malformed");
  const frame = system === undefined ? before : takeFrame(record, system);
  return {
    ...turn,
    id,
    ...(shown !== undefined && { shown }),
    ...(frame !== undefined && { frame }),
    extra: extraOf(extra ?? {}),
  };
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

/** Whether it is a session's first part, or all of it. */
export const isFirstPart = ({ part }: Pick<SessionRecord, "part">): boolean =>
  part === undefined || part.number === 1;

/**
 * A line as it can be read: itself, or with its values within bounds.
 *
 * @returns `session`: the one that it begins, or of which it begins a part, too, as it was there; null when it is a turn's
 */
export function readableLine(line: string): {
  type: ArchivedLine["type"];
  session: FormerSession | null;
  /** Whether a session begins with it, and not a later part of one. */
  isFirst: boolean;
  /** For a session's line: how many lines of it follow. */
  lines: number;
  text: string;
} {
  const { line: parsed, repaired } = parseLine(line);
  const isSession = parsed.type === "session";
  return {
    type: parsed.type,
    session: isSession ? sessionOf(parsed) : null,
    isFirst: isSession && isFirstPart(parsed),
    lines: isSession ? parsed.turns + (parsed.versions ?? 0) : 0,
    text: repaired ? JSON.stringify(lineWithin(parseJson(line))) : line,
  };
}

const sessionOf = (line: z.infer<typeof archivedSession>): FormerSession => ({
  key: line.key,
  session_id: line.session_id,
  user_id: line.user_id,
  role: line.role ?? null,
});

export type ArchivedLine =
  | z.infer<typeof archivedSession>
  | z.infer<typeof versionLineShape>
  | ArchivedTurnLine;

/** @throws ApiError `archive_corrupt` for what no version wrote; with `isStrict`, for what this one does not write */
export function parseLine(line: string, isStrict = false): { line: ArchivedLine; repaired?: true } {
  let json: unknown;
  try {
    json = parseJson(line);
  } catch {
    throw corrupt("a line is not JSON");
  }
  const format = isObject(json) ? json["format"] : null;
  if (typeof format === "number" && format > FORMAT) {
    throw new ApiError(
      "archive_corrupt",
      `The archive has format ${format}, this version reads up to ${FORMAT}.`,
    );
  }
  const parsed = archivedLine.safeParse(json);
  if (parsed.success) return { line: parsed.data };
  const repaired = isStrict ? parsed : archivedLine.safeParse(lineWithin(json));
  if (!repaired.success) throw corrupt("a line is not of the format");
  return { line: repaired.data, repaired: true };
}

const archivedLine = z.discriminatedUnion("type", [
  archivedSession,
  versionLineShape,
  archivedTurn,
]);

export const corrupt = (what: string): ApiError =>
  new ApiError("archive_corrupt", `The archive is damaged (${what}). Nothing was read from it.`);
