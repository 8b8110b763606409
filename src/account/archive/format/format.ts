import { z } from "zod";

import { momentMs } from "../../../shared/item-fields.ts";
import { contentShape } from "../../../shared/items.ts";
import { isSettings } from "../../../openai/responses/settings.ts";
import { isObject } from "../../../shared/json-merge-patch.ts";
import { policyRecordShape } from "../../../shared/policy-record.ts";
import {
  CALL_ID_LENGTH,
  ERROR_LENGTH,
  MAX_DURATION_MS,
  MAX_INDEX,
  MAX_TOKENS,
  MAX_VERSION,
  MODEL_LENGTH,
  NAME_LENGTH,
  TIME_BOUNDS,
  hasHalf,
  isJson,
  isStoredTime,
} from "../../../shared/stored-bounds.ts";
import { WELL_FORMED } from "../../../shared/field-schemas.ts";
import { FACT_ID_PATTERN, TURNS_PER_SESSION } from "../../../shared/ids.ts";
import { VERSIONED } from "../../store/sessions/held-versions.ts";
import { FACT_LENGTH, FACT_VERSION_PATTERN, USER_FACTS } from "../../../shared/user-facts.ts";
import { TURN_STATUSES } from "../../../shared/turn.ts";

/**
 * The version of the NDJSON format that archives, backups, exports and imports have: a session line, then a line for
 * each of its turns. See docs/format.md.
 */
export const FORMAT = 14;

const time = momentMs().refine(isStoredTime, TIME_BOUNDS);
const upTo = (max: number) => z.int().min(0).max(max);
const count = upTo(Number.MAX_SAFE_INTEGER);
const tokens = upTo(MAX_TOKENS);
/** A version goes on counting, and counts of tokens are added up: neither may come near what an integer holds. */
const version = upTo(MAX_VERSION);
const jsonText = z.string().refine(isJson, "takes JSON");
const isWellFormed = (value: unknown) => !hasHalf(value);

/** A fact of the session's user. `seq` is the number of the turn that it came from. */
const userFact = z.lazy(() =>
  z.strictObject({
    fact_id: z.string().regex(FACT_ID_PATTERN),
    text: z.string().min(1).max(FACT_LENGTH).refine(isWellFormed, WELL_FORMED),
    seq: z.int().min(1).max(TURNS_PER_SESSION).optional(),
    created_at: time,
    updated_at: time,
  }),
);

/** Fields that an import requires of a session line and a turn line. The others have defaults there. */
export const sessionLine = z.lazy(() =>
  z.strictObject({
    type: z.literal("session"),
    /** Format 1 has none of the optional fields, format 2 neither `pinned` nor `hold`, format 3 nothing of what models were shown, format 4 only messages of one text as items, format 5 nothing of `/v1`, format 6 no `original`, format 7 no versions, format 8 no items of other tools than functions, format 9 no facts of the user, format 10 no `part`, format 11 nothing of the user's facts that models were shown, format 12 a `part` in archives alone, format 13 in archives and backups alone. */
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
    // Unparsed: zod would drop names such as `__proto__`.
    state: z.custom<Record<string, unknown>>(isObject, "takes a JSON object").optional(),
    state_version: version.optional(),
    summary: z.strictObject({ text: z.string(), turn: z.string() }).optional(),
    pinned: z.literal(true).optional(),
    /** Why it is under legal hold. */
    hold: z.string().optional(),
    /** Facts of the session's user that came from it. */
    user_facts: z.array(userFact).optional(),
    /** The session is too large for one object: this is one of its parts, and the others are elsewhere. */
    part: z
      .strictObject({
        /** From 1. Only the first has state, facts, summary and versions. */
        number: z.int().min(1),
        /** How many turns the parts before it have, and all parts together. */
        before: count,
        all: count,
      })
      .optional(),
    /** How many version lines follow, before the turns. */
    versions: count.optional(),
    /** How many turn lines follow. */
    turns: count.optional(),
  }),
);

/** Earlier values of a session under legal hold. */
export const versionLine = z.lazy(() =>
  z.strictObject({
    type: z.literal("version"),
    name: z.enum(VERSIONED),
    /** The stored value: state, metadata and facts are JSON. */
    value: z.string().refine(isWellFormed, WELL_FORMED),
    replaced_at: time,
  }),
);

/** A call that was written from outside. The documents in it are JSON. */
export const callShape = z.lazy(() =>
  z.strictObject({
    id: z.string().min(1).max(CALL_ID_LENGTH).optional(),
    request: jsonText.optional(),
    response: jsonText.optional(),
    chunks: z.array(z.strictObject({ index: upTo(MAX_INDEX), payload: jsonText })).optional(),
    metadata: jsonText.optional(),
  }),
);

/** Fields that only turns of `/v1` have. */
export const responseShape = z.lazy(() =>
  z.strictObject({
    /** JSON: see src/openai/responses/settings.ts. */
    settings: z.string().refine(isSettings, "takes the settings of a response, as JSON").optional(),
    cut: z.enum(["max_output_tokens", "content_filter", "cancelled"]).optional(),
    cached_tokens: tokens.optional(),
    reasoning_tokens: tokens.optional(),
    pieces: z.array(z.array(tokens)).optional(),
    deleted: z.literal(true).optional(),
  }),
);

export const extraShape = z.lazy(() =>
  z.strictObject({
    error: z
      .strictObject({
        code: z.string().max(NAME_LENGTH),
        message: z.string().max(ERROR_LENGTH),
      })
      .optional(),
    restored: z.literal(true).optional(),
    state_version: version.optional(),
    cached: z.literal(true).optional(),
    policy: policyRecordShape.optional(),
    /** Facts of the user that the model was shown: ids, after `@` the time of their last edit, and no texts. */
    facts: z.array(z.string().regex(FACT_VERSION_PATTERN)).min(1).max(USER_FACTS).optional(),
    call: callShape.optional(),
    response: responseShape.optional(),
    /** Original values of fields that were brought into bounds: JSON, by the field's path. */
    original: z.record(z.string(), z.string()).optional(),
  }),
);
export type ExtraLine = z.infer<typeof extraShape>;

export const turnLine = z.lazy(() =>
  z.strictObject({
    type: z.literal("turn"),
    call_id: z.string().optional(),
    status: z.enum(TURN_STATUSES).optional(),
    created_at: time.optional(),
    duration_ms: z.number().min(0).max(MAX_DURATION_MS).nullable().optional(),
    /** The model that answered, as `provider/model`. */
    model: z.string().max(MODEL_LENGTH).refine(isWellFormed, WELL_FORMED).nullable().optional(),
    input_tokens: tokens.nullable().optional(),
    output_tokens: tokens.nullable().optional(),
    input: contentShape.unwrap().refine(isWellFormed, WELL_FORMED),
    output: contentShape.unwrap().refine(isWellFormed, WELL_FORMED).nullable().optional(),
    /** Number of messages before it that the model was shown. */
    shown: upTo(TURNS_PER_SESSION).optional(),
    /** The system message, where it is another than that of the turn before; null: none from here on. */
    system: z.string().nullable().optional(),
    extra: extraShape.unwrap().refine(isWellFormed, WELL_FORMED).optional(),
  }),
);

const SKIPPED_ID_RULE = "takes an id of 1 to 128 characters";
const SKIPPED_CODE_RULE = "takes 1 to 64 of a-z and _";

/** A session that an export lacks, because it cannot be read. Lines of it that came before are not whole without the rest. */
export const skippedLine = z.lazy(() =>
  z.strictObject({
    type: z.literal("skipped"),
    session_id: z
      .string(SKIPPED_ID_RULE)
      .min(1, SKIPPED_ID_RULE)
      .max(128, SKIPPED_ID_RULE)
      .refine(isWellFormed, WELL_FORMED),
    /** Why, as a backup names it. */
    code: z.string(SKIPPED_CODE_RULE).regex(/^[a-z_]{1,64}$/, SKIPPED_CODE_RULE),
  }),
);

/** The last line of an export: without it the export is not whole. */
export const endLine = z.lazy(() =>
  z.strictObject({
    type: z.literal("end"),
    sessions: count,
    turns: count,
    /** How many sessions the export lacks: see `skippedLine`. Absent where it has all. */
    skipped: count.optional(),
  }),
);

/** Lines as they may be written for an import. */
export type SessionLine = z.input<typeof sessionLine>;
export type VersionLine = z.input<typeof versionLine>;
export type TurnLine = z.input<typeof turnLine>;
