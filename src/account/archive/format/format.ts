import { z } from "zod";

import { contentShape, momentMs as time } from "../../../shared/items.ts";
import { isSettings } from "../../../openai/responses/settings.ts";
import { isObject } from "../../../shared/json-merge-patch.ts";
import { policyRecordShape } from "../../../shared/policy-record.ts";
import { TURN_STATUSES } from "../../../shared/turn.ts";

/**
 * The version of the NDJSON format that archives, backups, exports and imports have: a session line, then a line for
 * each of its turns. See docs/format.md.
 */
export const FORMAT = 6;

const count = z.int().min(0);

/** What a session line and a turn line need to have for an import; the rest has defaults there. */
export const sessionLine = z.lazy(() =>
  z.strictObject({
    type: z.literal("session"),
    /** Format 1 has none of the optional fields, format 2 neither `pinned` nor `hold`, format 3 nothing of what models were shown, format 4 only messages of one text as items, format 5 nothing of `/v1`. */
    format: z.int().min(1),
    session_id: z.string(),
    /** The account's own number of it: calls are named by it. */
    key: z.int().min(1).optional(),
    created_at: time.optional(),
    accessed_at: time.optional(),
    assistant: z.string().nullable().optional(),
    user_id: z.string().nullable().optional(),
    metadata: z.record(z.string(), z.string()).optional(),
    role: z.string().optional(),
    facts: z.array(z.string()).optional(),
    // As it came: zod would lose names such as `__proto__`.
    state: z.custom<Record<string, unknown>>(isObject, "takes a JSON object").optional(),
    state_version: count.optional(),
    summary: z.strictObject({ text: z.string(), turn: z.string() }).optional(),
    pinned: z.literal(true).optional(),
    /** Why it is under legal hold. */
    hold: z.string().optional(),
    /** How many turn lines follow. */
    turns: count.optional(),
  }),
);

/** A call that was written from outside. The documents in it are JSON. */
export const callShape = z.lazy(() =>
  z.strictObject({
    id: z.string().optional(),
    request: z.string().optional(),
    response: z.string().optional(),
    chunks: z.array(z.strictObject({ index: z.int(), payload: z.string() })).optional(),
    metadata: z.string().optional(),
  }),
);

/** What a turn of `/v1` has beside what every turn has. */
export const responseShape = z.lazy(() =>
  z.strictObject({
    /** JSON: see src/openai/responses/settings.ts. */
    settings: z.string().refine(isSettings, "takes the settings of a response, as JSON").optional(),
    cut: z.enum(["max_output_tokens", "content_filter", "cancelled"]).optional(),
    cached_tokens: count.optional(),
    reasoning_tokens: count.optional(),
    pieces: z.array(z.array(count)).optional(),
    deleted: z.literal(true).optional(),
  }),
);

export const extraShape = z.lazy(() =>
  z.strictObject({
    error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
    restored: z.literal(true).optional(),
    state_version: z.int().optional(),
    cached: z.literal(true).optional(),
    policy: policyRecordShape.optional(),
    call: callShape.optional(),
    response: responseShape.optional(),
  }),
);
export type ExtraLine = z.infer<typeof extraShape>;

export const turnLine = z.lazy(() =>
  z.strictObject({
    type: z.literal("turn"),
    call_id: z.string().optional(),
    status: z.enum(TURN_STATUSES).optional(),
    created_at: time.optional(),
    duration_ms: z.number().min(0).nullable().optional(),
    /** Who answered, as `provider/model`. */
    model: z.string().nullable().optional(),
    input_tokens: count.nullable().optional(),
    output_tokens: count.nullable().optional(),
    input: contentShape,
    output: contentShape.nullable().optional(),
    /** So many messages before it were shown to the model. */
    shown: count.optional(),
    /** The system message, where it is another than that of the turn before; null: none from here on. */
    system: z.string().nullable().optional(),
    extra: extraShape.optional(),
  }),
);

/** The last line of an export: without it the export is not whole. */
export const endLine = z.lazy(() =>
  z.strictObject({
    type: z.literal("end"),
    sessions: count,
    turns: count,
  }),
);

/** Lines as they may be written for an import. */
export type SessionLine = z.input<typeof sessionLine>;
export type TurnLine = z.input<typeof turnLine>;
