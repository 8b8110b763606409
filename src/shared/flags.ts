import { z } from "zod";

import { ACCOUNT_ID_PATTERN, ID_PATTERN } from "./ids.ts";
import { parseJson } from "./json.ts";

/** Features with a gradual rollout. Each is a var of the same name, which an admin may overrule. */
export const FLAGS = [
  "ENABLE_CONVERSATION_STORAGE",
  "UNIFIED_CONVERSATION_ENABLED",
  "use_smart_handler",
  "use_async_search",
] as const;

export type FlagName = (typeof FLAGS)[number];

/** The effect of each flag. */
export const FLAG_EFFECTS: Record<FlagName, string> = {
  ENABLE_CONVERSATION_STORAGE: "Turns are stored; off, they are answered and nothing is kept.",
  UNIFIED_CONVERSATION_ENABLED:
    "Turns with a user_id are stored, where ENABLE_CONVERSATION_STORAGE is on for them too.",
  use_smart_handler:
    "The travel assistant takes everything from one message; off, it asks step by step.",
  use_async_search:
    "On WhatsApp, a search that takes a while says so first; off, only its result is sent.",
};

const MAX_ALLOW_ENTRIES = 1_000;
const ALLOW_RULE = `takes a list of up to ${MAX_ALLOW_ENTRIES} accounts ("acme") and users of accounts ("acme/user-7")`;
const ENTRY_RULE = 'takes an account ("acme") or one user of it ("acme/user-7")';
const PERCENTAGE_RULE = "takes a number from 0 to 100, with two decimals at most";
const FLAG_RULE =
  'takes "true", "false", a percentage such as "10%", or a JSON object of default, allow and percentage';

/** Ids contain no slash, so that an entry has one meaning. */
const isEntry = (text: string): boolean => {
  const [account = "", user, ...others] = text.split("/");
  return (
    ACCOUNT_ID_PATTERN.test(account) &&
    (user === undefined || ID_PATTERN.test(user)) &&
    others.length === 0
  );
};

/** The accounts and users that a flag is on for: all, those on the list, or a share of the others. */
export const flagDocument = z.lazy(() =>
  z.strictObject(
    {
      default: z.boolean({ error: "takes true or false" }).default(false),
      allow: z
        .array(z.string({ error: ENTRY_RULE }).refine(isEntry, ENTRY_RULE), { error: ALLOW_RULE })
        .max(MAX_ALLOW_ENTRIES, ALLOW_RULE)
        .default([]),
      percentage: z
        .number({ error: PERCENTAGE_RULE })
        .min(0, PERCENTAGE_RULE)
        .max(100, PERCENTAGE_RULE)
        .refine((share) => Math.round(share * 100) / 100 === share, PERCENTAGE_RULE)
        .default(0),
    },
    { error: FLAG_RULE },
  ),
);

export type Flag = z.infer<typeof flagDocument>;

/** A flag of a deployment without its var. */
export const ON: Flag = { default: true, allow: [], percentage: 0 };

/** A flag as a var: `true`, `false`, a percentage, or the document as JSON. */
export const flagVar = () =>
  z
    .union([z.string(), z.looseObject({})], { error: FLAG_RULE })
    .transform((value) => (typeof value === "string" ? documentIn(value) : value))
    .pipe(flagDocument);

/** @returns any other text unchanged, for the document's schema to refuse */
function documentIn(text: string): unknown {
  if (text === "true" || text === "false") return { default: text === "true" };
  if (/^\d+(\.\d+)?%$/.test(text)) return { percentage: Number(text.slice(0, -1)) };
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}
