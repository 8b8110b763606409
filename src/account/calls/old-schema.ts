import { z } from "zod";

import { ApiError } from "../../shared/errors.ts";
import { externalCallId } from "../../shared/field-schemas.ts";
import { TIME_BOUNDS, isStoredTime } from "../../shared/stored-bounds.ts";
import { ROW_BYTES } from "../../shared/stored-bounds.ts";
import type { StoredRow } from "../store/calls/legacy-call-rows.ts";
import { numberId, parseJson } from "../../shared/json.ts";

/** The tables of the old schema; the order is what `old_rows.kind` holds. */
export const OLD_TABLES = [
  "conversation_calls",
  "conversation_events",
  "conversation_tool_calls",
  "conversation_judge_decisions",
] as const;
export type OldTable = (typeof OLD_TABLES)[number];

const text = z.string().nullish();
/** Ids may be numbers there. */
const idText = z.union([z.string(), numberId()]).nullish();
/** PostgreSQL's text of a time has a space, and may have no zone: then it is UTC. */
const time = z
  .string()
  .transform((value) => {
    const iso = value
      .trim()
      .replace(" ", "T")
      .replace(/[+-]\d\d$/, "$&:00");
    return Date.parse(/(?:Z|[+-]\d\d(?::?\d\d)?)$/.test(iso) ? iso : `${iso}Z`);
  })
  .refine((at) => !Number.isNaN(at), "takes a time")
  .refine(isStoredTime, TIME_BOUNDS);
/** JSON columns come as documents, or as their text. */
const json = z.unknown().transform((value) => {
  if (typeof value !== "string") return value ?? null;
  try {
    return parseJson(value);
  } catch {
    return value;
  }
});
const index = z.int().min(0).max(999_999).nullish();

const oldCall = z.lazy(() =>
  z.looseObject({
    table: z.literal("conversation_calls"),
    call_id: externalCallId(),
    trace_id: idText,
    provider: text,
    model_name: text,
    status: text,
    created_at: time,
    completed_at: time.nullish(),
  }),
);
const oldEvent = z.lazy(() =>
  z.looseObject({
    table: z.literal("conversation_events"),
    id: idText,
    call_id: externalCallId(),
    event_type: z.string(),
    sequence: z.number().nullish(),
    chunk_index: index,
    choice_index: index,
    role: text,
    delta_text: text,
    raw_chunk: json.optional(),
    payload: json.optional(),
    created_at: time.nullish(),
  }),
);
const oldToolCall = z.lazy(() =>
  z.looseObject({
    table: z.literal("conversation_tool_calls"),
    id: idText,
    call_id: externalCallId(),
    tool_call_id: idText,
    name: text,
    arguments: json.optional(),
    created_at: time.nullish(),
  }),
);
const oldDecision = z.lazy(() =>
  z.looseObject({
    table: z.literal("conversation_judge_decisions"),
    id: idText,
    call_id: externalCallId(),
    trace_id: idText,
    tool_call_id: idText,
    probability: z.number().nullish(),
    explanation: text,
    tool_call: json.optional(),
    judge_prompt: json.optional(),
    judge_response_text: text,
    original_request: json.optional(),
    original_response: json.optional(),
    stream_chunks: json.optional(),
    blocked_response: json.optional(),
    timing: json.optional(),
    judge_config: json.optional(),
    created_at: time.nullish(),
  }),
);

const oldRow = z.lazy(() =>
  z.discriminatedUnion("table", [oldCall, oldEvent, oldToolCall, oldDecision], {
    error: `takes a row with its table: ${OLD_TABLES.join(", ")}`,
  }),
);

export type OldRow = z.infer<typeof oldRow>;
export type OldCall = z.infer<typeof oldCall>;
export type OldEvent = z.infer<typeof oldEvent>;
export type OldToolCall = z.infer<typeof oldToolCall>;
export type OldDecision = z.infer<typeof oldDecision>;

/** How rows get lost, for the person who sends them. */
export const SPOILT =
  "psql's \\copy doubles backslashes: write the rows with psql -At -c, or let the transfer command send them.";

/** A row as it is kept. @throws ApiError `invalid_request` */
export function storedRow(value: unknown): StoredRow {
  const row = parseOldRow(value);
  // A request or a response of which a part is lost is no JSON any more.
  if (row.table === "conversation_events" && typeof row.payload === "string")
    throw new ApiError(
      "invalid_request",
      `payload takes JSON, and this text is not JSON. ${SPOILT}`,
      {
        param: "payload",
      },
    );
  const id = row.table === "conversation_calls" ? row.call_id : (row.id ?? null);
  const { call_id, table } = row;
  const stored = JSON.stringify(value);
  if (Buffer.byteLength(stored) > ROW_BYTES)
    throw new ApiError("call_too_large", `A row takes ${ROW_BYTES} bytes.`);
  return { kind: OLD_TABLES.indexOf(table), call_id, id, row: stored };
}

/** @throws ApiError `invalid_request`, naming the column */
export function parseOldRow(value: unknown): OldRow {
  const parsed = oldRow.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const param = issue?.path.join(".") || "table";
  throw new ApiError("invalid_request", `${param} ${issue?.message ?? "is not as it was"}.`, {
    param,
  });
}

/** Rows as they are kept: each as JSON. */
export const parseOldRows = (rows: readonly string[]): OldRow[] =>
  rows.map((row) => parseOldRow(parseJson(row)));
