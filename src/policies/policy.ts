import { z } from "zod";

import { instructableModelName } from "../shared/model-providers.ts";

const PATTERN_LENGTH = 1_024;
const TEXT_LENGTH = 4_096;
const POLICIES = 16;

const PATTERN_RULE = `takes a regular expression of JavaScript, of at most ${PATTERN_LENGTH} characters`;
const TEXT_RULE = `takes text of at most ${TEXT_LENGTH} characters`;
const text = z.string({ error: TEXT_RULE }).min(1, TEXT_RULE).max(TEXT_LENGTH, TEXT_RULE);
const usd = z
  .number({ error: "takes US dollars above zero" })
  .positive("takes US dollars above zero");

const by = <T extends string>(type: T) => ({
  type: z.literal(type),
  /** What its events are named by; the type unless it is set. */
  name: text.optional(),
});
const on = {
  /** What it looks at. */
  on: z.enum(["request", "response", "both"], { error: 'takes "request", "response" or "both"' }),
};
const pattern = {
  pattern: z
    .string({ error: PATTERN_RULE })
    .min(1, PATTERN_RULE)
    .max(PATTERN_LENGTH, PATTERN_RULE)
    .refine(compiles, PATTERN_RULE),
  ignore_case: z.boolean({ error: "takes true or false" }).default(false),
};
/** What is answered in place of what was blocked. */
const message = { message: text.default("This cannot be answered here.") };

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
        ...by("redact"),
        ...on,
        ...pattern,
        replacement: z
          .string({ error: TEXT_RULE })
          .max(TEXT_LENGTH, TEXT_RULE)
          .default("[redacted]"),
        /** Whether the event keeps what it was before. */
        keep_original: z.boolean({ error: "takes true or false" }).default(true),
      }),
      z.strictObject({ ...by("block"), ...on, ...pattern, ...message }),
      z.strictObject({
        ...by("max_cost"),
        /** For one call, by estimate. */
        usd,
        usd_per_million_input: usd,
        usd_per_million_output: usd,
        ...message,
      }),
      z.strictObject({
        ...by("judge"),
        on: z.enum(["request", "response"], { error: 'takes "request" or "response"' }),
        /** What it judges by. */
        instructions: text,
        model: instructableModelName,
        /** What happens where it gives no verdict. */
        on_error: z
          .enum(["allow", "block"], { error: 'takes "allow" or "block"' })
          .default("block"),
        ...message,
      }),
    ],
    { error: "takes a policy with a type: redact, block, max_cost or judge" },
  ),
);

/** What an assistant's turns go through, in order; judges last. */
export const policies = z.lazy(() =>
  z
    .array(policy, { error: "takes a list of policies" })
    .max(POLICIES, `takes ${POLICIES} policies at most`),
);

export type Policy = z.infer<typeof policy>;
export type Judge = Extract<Policy, { type: "judge" }>;
