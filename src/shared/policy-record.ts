import { z } from "zod";

import { MAX_INDEX, NAME_LENGTH, TIME_BOUNDS, isJson, isStoredTime } from "./stored-bounds.ts";

export const OUTCOMES = ["allowed", "modified", "blocked"] as const;

/** The result of all policies of a call. */
export type PolicyOutcome = (typeof OUTCOMES)[number];

const name = () => z.string().max(NAME_LENGTH);
const jsonText = () => z.string().refine(isJson, "takes JSON");

export const policyEvent = z.lazy(() =>
  z.strictObject({
    /** The id that its writer gave it. */
    id: name().optional(),
    /** The kind of policy, as its owner names it. */
    policy_class: name(),
    /** Its configuration. */
    policy_config: jsonText(),
    event_type: name(),
    /** The text that it checked: the request (0) or the response (1). */
    sequence: z.int().min(0).max(MAX_INDEX),
    /** The text before and after a change. */
    original: z.string().optional(),
    modified: z.string().optional(),
    /** Other events, by the ids that their writer gave them. */
    original_event_id: name().optional(),
    modified_event_id: name().optional(),
    /** JSON. */
    metadata: jsonText().optional(),
    /** Ms since the epoch. */
    created_at: z.number().refine(isStoredTime, TIME_BOUNDS),
  }),
);

/** The shape in turns and archives. */
export const policyRecordShape = z.lazy(() =>
  z.strictObject({
    outcome: z.enum(OUTCOMES),
    events: z.array(policyEvent),
  }),
);

export type PolicyEvent = z.infer<typeof policyEvent>;

export type PolicyRecord = z.infer<typeof policyRecordShape>;

export const policyRecord = (events: PolicyEvent[]): PolicyRecord => ({
  outcome: outcomeOf(events),
  events,
});

/** The strictest outcome among the events. */
export function outcomeOf(events: readonly Pick<PolicyEvent, "event_type">[]): PolicyOutcome {
  for (const outcome of ["blocked", "modified"] as const)
    if (events.some(({ event_type }) => event_type === outcome)) return outcome;
  return "allowed";
}
