import { z } from "zod";

import { ID_PATTERN, ID_RULE } from "../shared/ids.ts";
import { policies } from "../policies/policy.ts";
import type { Policy } from "../policies/policy.ts";
import { modelName } from "../shared/model-providers.ts";
import { SCOPES } from "../shared/scopes.ts";
import type { Scope } from "../shared/scopes.ts";

/** A named profile: who answers a session's turns, and how. */
export interface Assistant {
  name: string;
  /** What the model is told before everything else. */
  instructions: string | null;
  /** The code that answers in a model's place, and keeps what it knows in the session's state; null: a model. */
  responder: "travel" | null;
  /** Who answers, in order of preference; null: the deployment's `MODEL`. */
  models: string[] | null;
  /** What the model is shown: the last messages, as far as they fit into so many estimated tokens. */
  window: { messages: number; tokens: number | null };
  /** Seconds without a turn after which a user's next one opens a new session; null: never. */
  idle_seconds: number | null;
  /** Days without a turn after which its sessions are archived; null: the account's. */
  retention_days: number | null;
  /** Who may use it; the first is taken of who names none. Null: anybody, with any role or none. */
  roles: string[] | null;
  /** What a key needs to use it. */
  scope: Scope;
  /** Whether a model keeps a running summary of what left the window. */
  summary: boolean;
  /** Whether the first question of a session may be answered from the cache, where the same was asked before. */
  cache: boolean;
  /** What its turns go through, before the model and after it. */
  policies: Policy[];
}

/** The assistant of sessions that name none. */
export const DEFAULT_ASSISTANT = "default";

const INSTRUCTIONS_LENGTH = 16_384;
const MODELS = 8;
const ROLES = 16;
/** More than this a window never shows: it is what one turn may read. */
const WINDOW_MESSAGES = 200;

const whole = (what: string, min: number, max: number) => {
  const rule = `takes ${what}, ${min} to ${max}`;
  return z.number({ error: rule }).int(rule).min(min, rule).max(max, rule);
};
const idRule = `takes an id: ${ID_RULE}`;
const days = "takes a number of days above zero, or null for the account's";

/** What an account may set of an assistant. What is left out stays as it is shipped. */
export const assistantSettings = z.lazy(() =>
  z
    .strictObject({
      instructions: z
        .string({ error: "takes text, or null for none" })
        .min(1)
        .max(INSTRUCTIONS_LENGTH, `takes ${INSTRUCTIONS_LENGTH} characters at most`)
        .refine((text) => text.isWellFormed(), "holds half of a surrogate pair; send valid Unicode")
        .nullable(),
      models: z.array(modelName, { error: "takes a list of models" }).min(1).max(MODELS).nullable(),
      window: z.strictObject({
        messages: whole("a number of messages", 0, WINDOW_MESSAGES),
        tokens: whole("a number of tokens", 1, 10_000_000).nullable().default(null),
      }),
      idle_seconds: whole("a number of seconds", 1, 315_360_000).nullable(),
      retention_days: z.number({ error: days }).positive(days).max(36_500, days).nullable(),
      roles: z
        .array(z.string().regex(ID_PATTERN, idRule), { error: "takes a list of roles" })
        .min(1)
        .max(ROLES)
        .nullable(),
      scope: z.enum(SCOPES, { error: `takes one of: ${SCOPES.join(", ")}` }),
      summary: z.boolean({ error: "takes true or false" }),
      cache: z.boolean({ error: "takes true or false" }),
      policies,
    })
    .partial(),
);

export type AssistantSettings = z.infer<typeof assistantSettings>;
