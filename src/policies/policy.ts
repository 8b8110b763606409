import { z } from "zod";

import { instructableModelName } from "../shared/model-providers.ts";

const MAX_PATTERN_LENGTH = 1_024;
const MAX_TEXT_LENGTH = 4_096;
const MAX_POLICIES = 16;

const PATTERN_RULE = `takes a regular expression of JavaScript, of at most ${MAX_PATTERN_LENGTH} characters`;
const TEXT_RULE = `takes text of at most ${MAX_TEXT_LENGTH} characters`;
const text = () => z.string({ error: TEXT_RULE }).min(1, TEXT_RULE).max(MAX_TEXT_LENGTH, TEXT_RULE);
const usd = () =>
  z.number({ error: "takes US dollars above zero" }).positive("takes US dollars above zero");

const common = <T extends string>(type: T) => ({
  type: z.literal(type),
  /** The name in its events; by default the type. */
  name: text().optional(),
});
const on = () => ({
  /** The text that it checks. */
  on: z.enum(["request", "response", "both"], { error: 'takes "request", "response" or "both"' }),
});
const pattern = () => ({
  pattern: z
    .string({ error: PATTERN_RULE })
    .min(1, PATTERN_RULE)
    .max(MAX_PATTERN_LENGTH, PATTERN_RULE)
    .refine(compiles, PATTERN_RULE),
  ignore_case: z.boolean({ error: "takes true or false" }).default(false),
});
/** The answer in place of a blocked text. */
const message = () => ({ message: text().default("This cannot be answered here.") });

function compiles(source: string): boolean {
  try {
    return new RegExp(source, "gu") instanceof RegExp;
  } catch {
    return false;
  }
}

const policy = z.lazy(() =>
  z.discriminatedUnion(
    "type",
    [
      z.strictObject({
        ...common("redact"),
        ...on(),
        ...pattern(),
        replacement: z
          .string({ error: TEXT_RULE })
          .max(MAX_TEXT_LENGTH, TEXT_RULE)
          .default("[redacted]"),
        /** Whether the event keeps the text before the change. */
        keep_original: z.boolean({ error: "takes true or false" }).default(true),
      }),
      z.strictObject({ ...common("block"), ...on(), ...pattern(), ...message() }),
      z.strictObject({
        ...common("max_cost"),
        /** The estimated cost of one call. */
        usd: usd(),
        usd_per_million_input: usd(),
        usd_per_million_output: usd(),
        ...message(),
      }),
      z.strictObject({
        ...common("judge"),
        on: z.enum(["request", "response"], { error: 'takes "request" or "response"' }),
        instructions: text(),
        model: instructableModelName(),
        /** The verdict when the judge gives none. */
        on_error: z
          .enum(["allow", "block"], { error: 'takes "allow" or "block"' })
          .default("block"),
        ...message(),
      }),
    ],
    { error: "takes a policy with a type: redact, block, max_cost or judge" },
  ),
);

/** An assistant's policies, in order. Judges come after all others. */
export const policies = z.lazy(() =>
  z
    .array(policy, { error: "takes a list of policies" })
    .max(MAX_POLICIES, `takes ${MAX_POLICIES} policies at most`),
);

export type Policy = z.infer<typeof policy>;
export type Judge = Extract<Policy, { type: "judge" }>;
