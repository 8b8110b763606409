import type { TurnExtra } from "../../../shared/turn.ts";
import type { PolicyEvent } from "../../../shared/policy-record.ts";
import type { ExtraLine } from "./format.ts";

/**
 * The lasting part of a turn's extras, always in the same order: its lease does not last. A new extra is added to the
 * line's shape in format.ts as well.
 */
export const extraOf = (extra: ExtraLine): Omit<TurnExtra, "lease"> => ({
  ...(extra.error && { error: { code: extra.error.code, message: extra.error.message } }),
  ...(extra.restored && { restored: true }),
  ...(extra.state_version !== undefined && { state_version: extra.state_version }),
  ...(extra.cached && { cached: true }),
  ...(extra.policy && {
    policy: { outcome: extra.policy.outcome, events: extra.policy.events.map(eventOf) },
  }),
  ...(extra.facts && { facts: extra.facts }),
  ...(extra.call && { call: callOf(extra.call) }),
  ...(extra.response && { response: responseOf(extra.response) }),
  ...(extra.original && { original: extra.original }),
});

const eventOf = (event: PolicyEvent): PolicyEvent =>
  present({
    id: event.id,
    policy_class: event.policy_class,
    policy_config: event.policy_config,
    event_type: event.event_type,
    sequence: event.sequence,
    original: event.original,
    modified: event.modified,
    original_event_id: event.original_event_id,
    modified_event_id: event.modified_event_id,
    metadata: event.metadata,
    created_at: event.created_at,
  });

const callOf = (call: NonNullable<ExtraLine["call"]>) =>
  present({
    id: call.id,
    request: call.request,
    response: call.response,
    chunks: call.chunks?.map(({ index, payload }) => ({ index, payload })),
    metadata: call.metadata,
  });

const responseOf = (response: NonNullable<ExtraLine["response"]>) =>
  present({
    settings: response.settings,
    cut: response.cut,
    cached_tokens: response.cached_tokens,
    reasoning_tokens: response.reasoning_tokens,
    pieces: response.pieces,
    deleted: response.deleted,
  });

/** Without the fields that are undefined: records are compared by their JSON, and cross RPC. */
const present = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
