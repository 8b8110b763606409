import type { Call, CallEvent } from "../../account/calls/call.ts";
import type { PolicyEvent } from "../../shared/policy-record.ts";

/** The call's events that a policy saw and that it made, where they are kept. */
export interface CheckedEvents {
  original_event_id: string | null;
  modified_event_id: string | null;
}

/**
 * For each policy event the call's events that it is about: those that its writer named, else those that lie in the call. A
 * call keeps its request and its response as they were after all policies, so a text that was changed is no event.
 */
export function policyEventIds(
  { call_id, external }: Pick<Call, "call_id" | "external">,
  events: readonly CallEvent[],
  policyEvents: readonly PolicyEvent[],
): CheckedEvents[] {
  const idOf = (sequence: number) =>
    events.some((event) => event.sequence === sequence) ? `${call_id}:${sequence}` : null;
  return policyEvents.map((event, index) => {
    const { sequence } = event;
    // Another program's events say themselves what they changed.
    const changesIt = !external && isChange(event);
    const isChangedLater =
      !external &&
      policyEvents.some((each, at) => at > index && each.sequence === sequence && isChange(each));
    const checked = changesIt || isChangedLater ? null : idOf(sequence);
    const shown = changesIt && !isChangedLater ? idOf(sequence) : null;
    // A blocked request stays as it was: the refusal is the response.
    const refusal = !external && isBlockedRequest(event) ? idOf(1) : null;
    return {
      original_event_id: event.original_event_id ?? checked,
      modified_event_id: event.modified_event_id ?? shown ?? refusal,
    };
  });
}

const isBlockedRequest = ({ event_type, sequence }: PolicyEvent): boolean =>
  event_type === "blocked" && sequence === 0;

/** Whether the text that it checked is another after it. */
const isChange = (event: PolicyEvent): boolean =>
  event.event_type === "modified" || (event.event_type === "blocked" && !isBlockedRequest(event));
