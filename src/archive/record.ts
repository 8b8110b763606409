import { z } from "zod";

import { ApiError } from "../errors.ts";
import { callId, parseCallId } from "../ids.ts";
import { isObject } from "../store/merge-patch.ts";
import { TURN_STATUSES } from "../store/turns.ts";
import type { Turn } from "../store/turns.ts";
import { isoTime } from "../time.ts";

/** The version of the NDJSON format: a session line, then a line for each of its turns. See docs/storage-schema.md. */
export const FORMAT = 2;

const time = z.iso.datetime({ precision: 3 }).transform((iso) => Date.parse(iso));
const content = z.union([
  z.string(),
  z.array(
    z.strictObject({
      type: z.literal("message"),
      role: z.enum(["system", "developer", "user", "assistant"]),
      content: z.string(),
    }),
  ),
]);

const sessionShape = z.strictObject({
  type: z.literal("session"),
  /** Format 1 has none of the optional fields. */
  format: z.union([z.literal(1), z.literal(FORMAT)]),
  session_id: z.string(),
  key: z.int(),
  created_at: time,
  accessed_at: time,
  assistant: z.string().nullable(),
  user_id: z.string().nullable(),
  metadata: z.record(z.string(), z.string()),
  role: z.string().optional(),
  facts: z.array(z.string()).optional(),
  // As it came: zod would lose names such as `__proto__`.
  state: z.custom<Record<string, unknown>>(isObject).optional(),
  state_version: z.int().optional(),
  summary: z.strictObject({ text: z.string(), turn: z.string() }).optional(),
  turns: z.int(),
});

const turnShape = z.strictObject({
  type: z.literal("turn"),
  call_id: z.string(),
  status: z.enum(TURN_STATUSES),
  created_at: time,
  duration_ms: z.number().nullable(),
  model: z.string().nullable(),
  input_tokens: z.number().nullable(),
  output_tokens: z.number().nullable(),
  input: content,
  output: content.nullable(),
  extra: z
    .strictObject({
      error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
      restored: z.literal(true).optional(),
      state_version: z.int().optional(),
    })
    .optional(),
});

/** A whole session, as archives hold it. */
export interface SessionRecord extends Omit<
  z.infer<typeof sessionShape>,
  "type" | "format" | "turns"
> {
  turns: Turn[];
}

/** The record's lines, without their newlines. Every time is RFC 3339 with milliseconds, so none is lost. */
export const recordLines = ({ turns, ...session }: SessionRecord): string[] => [
  sessionLine(session, turns.length),
  ...turns.map(turnLine),
];

/** @param turns - how many turn lines follow */
export const sessionLine = (session: Omit<SessionRecord, "turns">, turns: number): string =>
  JSON.stringify({
    type: "session",
    format: FORMAT,
    ...session,
    created_at: isoTime(session.created_at),
    accessed_at: isoTime(session.accessed_at),
    turns,
  });

export const turnLine = ({ id, extra, created_at, ...turn }: Turn): string =>
  JSON.stringify({
    type: "turn",
    call_id: callId(id),
    created_at: isoTime(created_at),
    ...turn,
    ...(Object.keys(extra).length > 0 && { extra }),
  });

/**
 * Reads records from lines as they come; a record may span several members of a segment.
 *
 * @throws ApiError `archive_corrupt` when a line is not what was written
 */
export class RecordReader {
  readonly #sessionId: string;
  #record: SessionRecord | null = null;
  #expected = 0;

  constructor(sessionId: string) {
    this.#sessionId = sessionId;
  }

  /** @returns the session's record once its last line was read, null while more is needed */
  read(text: string): SessionRecord | null {
    for (const line of text.split("\n")) {
      if (line === "") continue;
      const parsed = parseLine(line);
      if (parsed.type === "session") {
        if (this.#record) throw corrupt("a session ends before its last turn");
        if (parsed.session_id !== this.#sessionId) continue;
        const { type: _type, format: _format, turns, ...session } = parsed;
        this.#record = { ...session, turns: [] };
        this.#expected = turns;
      } else if (this.#record) {
        const { type: _type, call_id, extra, ...turn } = parsed;
        const id = parseCallId(call_id);
        if (id === null) throw corrupt("a call_id is malformed");
        this.#record.turns.push({ ...turn, id, extra: definedOnly(extra ?? {}) });
      }
      if (this.#record?.turns.length === this.#expected) return this.#record;
    }
    return null;
  }
}

/** The session that a line begins, or null when it is a turn's. */
export function sessionOf(line: string): string | null {
  const parsed = parseLine(line);
  return parsed.type === "session" ? parsed.session_id : null;
}

function parseLine(line: string): z.infer<typeof sessionShape> | z.infer<typeof turnShape> {
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
  const parsed = z.discriminatedUnion("type", [sessionShape, turnShape]).safeParse(json);
  if (!parsed.success) throw corrupt("a line is not of the format");
  return parsed.data;
}

const definedOnly = (extra: NonNullable<z.infer<typeof turnShape>["extra"]>): Turn["extra"] => ({
  ...(extra.error && { error: extra.error }),
  ...(extra.restored && { restored: true }),
  ...(extra.state_version !== undefined && { state_version: extra.state_version }),
});

export const corrupt = (what: string): ApiError =>
  new ApiError("archive_corrupt", `The archive is damaged (${what}); nothing was taken from it.`);
