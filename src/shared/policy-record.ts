import { z } from "zod";

import { MAX_INDEX, NAME_LENGTH, TIME_BOUNDS, isJson, isStoredTime } from "./stored-bounds.ts";

export const OUTCOMES = ["allowed", "modified", "blocked"] as const;

/** What the policies made of a call, taken together. */
export type PolicyOutcome = (typeof OUTCOMES)[number];

const name = z.string().max(NAME_LENGTH);
const jsonText = z.string().refine(isJson, "takes JSON");

export const policyEvent = z.lazy(() =>
  z.strictObject({
    /** Its writer's. */
    id: name.optional(),
    /** What kind of policy it was, by the name that its owner gives it. */
    policy_class: name,
    /** JSON: how it was configured. */
    policy_config: jsonText,
    event_type: name,
    /** What it looked at: the request (0) or the response (1). */
    sequence: z.int().min(0).max(MAX_INDEX),
    /** The text before and after, where it changed any. */
    original: z.string().optional(),
    modified: z.string().optional(),
    /** Events that it points to, as its writer named them. */
    original_event_id: name.optional(),
    modified_event_id: name.optional(),
    /** JSON. */
    metadata: jsonText.optional(),
    /** Ms since the epoch. */
    created_at: z.number().refine(isStoredTime, TIME_BOUNDS),
  }),
);

/** As turns and their archives hold it. */
export const policyRecordShape = z.lazy(() =>
  z.strictObject({
    outcome: z.enum(OUTCOMES),
    events: z.array(policyEvent),
  }),
);

/** What one policy did to a call. */
export type PolicyEvent = z.infer<typeof policyEvent>;

/** What a call's policies did. */
export type PolicyRecord = z.infer<typeof policyRecordShape>;

export const policyRecord = (events: PolicyEvent[]): PolicyRecord => ({
  outcome: outcomeOf(events),
  events,
});

/** The worst that any of them did. */
export function outcomeOf(events: readonly Pick<PolicyEvent, "event_type">[]): PolicyOutcome {
  for (const outcome of ["blocked", "modified"] as const)
    if (events.some(({ event_type }) => event_type === outcome)) return outcome;
  return "allowed";
}
