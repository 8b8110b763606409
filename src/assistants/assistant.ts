import { z } from "zod";

import { ID_PATTERN, ID_RULE } from "../shared/ids.ts";
import { policies } from "../policies/policy.ts";
import type { Policy } from "../policies/policy.ts";
import { instructableModelName, modelName } from "../shared/model-providers.ts";
import { SCOPES } from "../shared/scopes.ts";
import type { Scope } from "../shared/scopes.ts";

/** A named profile: which models answer a session's turns, and how. */
export interface Assistant {
  name: string;
  /** The first system message. */
  instructions: string | null;
  /** Code that answers in place of a model, with the session's state as its memory; null: a model answers. */
  responder: "travel" | null;
  /** In order of preference; null: the deployment's `MODEL`. */
  models: string[] | null;
  /** The last messages that the model is shown, up to a number of estimated tokens. */
  window: { messages: number; tokens: number | null };
  /** Seconds without a turn after which a user's next one opens a new session; null: never. */
  idle_seconds: number | null;
  /** Days without a turn after which its sessions are archived; null: the account's number. */
  retention_days: number | null;
  /** The roles that may use it; the first is the default. Null: any role or none. */
  roles: string[] | null;
  /** The scope that a key needs to use it. */
  scope: Scope;
  /** Whether a model summarises the turns that left the window. */
  summary: boolean;
  /** Whether a session's first question may be answered from the cache. */
  cache: boolean;
  /** Whether facts about the user are taken out of what the user says, and by which model; null: those of its turns. */
  memory: { extract: boolean; model: string | null };
  policies: Policy[];
}

/** The assistant of sessions that name no other. */
export const DEFAULT_ASSISTANT = "default";

const MAX_INSTRUCTIONS_LENGTH = 16_384;
const MAX_MODELS = 8;
const MAX_ROLES = 16;
/** Bounds the rows that one turn reads. */
const MAX_WINDOW_MESSAGES = 200;

const whole = (what: string, min: number, max: number) => {
  const rule = `takes ${what}, ${min} to ${max}`;
  return z.number({ error: rule }).int(rule).min(min, rule).max(max, rule);
};
const idRule = `takes an id: ${ID_RULE}`;
const days = "takes a number of days above zero, or null for the account's";

/** The settings of an assistant that an account may change. An absent one keeps the shipped value. */
export const assistantSettings = z.lazy(() =>
  z
    .strictObject({
      instructions: z
        .string({ error: "takes text, or null for none" })
        .min(1)
        .max(MAX_INSTRUCTIONS_LENGTH, `takes ${MAX_INSTRUCTIONS_LENGTH} characters at most`)
        .refine((text) => text.isWellFormed(), "holds half of a surrogate pair; send valid Unicode")
        .nullable(),
      models: z
        .array(modelName(), { error: "takes a list of models" })
        .min(1)
        .max(MAX_MODELS)
        .nullable(),
      window: z.strictObject({
        messages: whole("a number of messages", 0, MAX_WINDOW_MESSAGES),
        tokens: whole("a number of tokens", 1, 10_000_000).nullable().default(null),
      }),
      idle_seconds: whole("a number of seconds", 1, 315_360_000).nullable(),
      retention_days: z.number({ error: days }).positive(days).max(36_500, days).nullable(),
      roles: z
        .array(z.string().regex(ID_PATTERN, idRule), { error: "takes a list of roles" })
        .min(1)
        .max(MAX_ROLES)
        .nullable(),
      scope: z.enum(SCOPES, { error: `takes one of: ${SCOPES.join(", ")}` }),
      summary: z.boolean({ error: "takes true or false" }),
      cache: z.boolean({ error: "takes true or false" }),
      memory: z.strictObject({
        extract: z.boolean({ error: "takes true or false" }),
        model: instructableModelName().nullable().default(null),
      }),
      policies,
    })
    .partial(),
);

export type AssistantSettings = z.infer<typeof assistantSettings>;
