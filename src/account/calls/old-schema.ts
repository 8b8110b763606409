import { z } from "zod";

import { ApiError } from "../../shared/errors.ts";
import { ID_PATTERN, ID_RULE } from "../../shared/ids.ts";
import { ROW_BYTES } from "../../sqlite/database.ts";
import type { StoredRow } from "../store/calls/legacy-call-rows.ts";

/** The tables of the old schema; the order is what `old_rows.kind` holds. */
export const OLD_TABLES = [
  "conversation_calls",
  "conversation_events",
  "conversation_tool_calls",
  "conversation_judge_decisions",
] as const;
export type OldTable = (typeof OLD_TABLES)[number];

const callId = z.string().regex(ID_PATTERN, `takes an id: ${ID_RULE}`);
const text = z.string().nullish();
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
  .refine((at) => !Number.isNaN(at), "takes a time");
/** JSON columns come as documents, or as their text. */
const json = z.unknown().transform((value) => {
  if (typeof value !== "string") return value ?? null;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
});
const index = z.int().min(0).max(999_999).nullish();

const oldCall = z.lazy(() =>
  z.looseObject({
    table: z.literal("conversation_calls"),
    call_id: callId,
    trace_id: text,
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
    id: text,
    call_id: callId,
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
    id: text,
    call_id: callId,
    tool_call_id: text,
    name: text,
    arguments: json.optional(),
    created_at: time.nullish(),
  }),
);
const oldDecision = z.lazy(() =>
  z.looseObject({
    table: z.literal("conversation_judge_decisions"),
    id: text,
    call_id: callId,
    trace_id: text,
    tool_call_id: text,
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

/** A row as it is kept. @throws ApiError `invalid_request` */
export function storedRow(value: unknown): StoredRow {
  const row = parseOldRow(value);
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
