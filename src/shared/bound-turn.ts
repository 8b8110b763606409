import { TURNS_PER_SESSION } from "./ids.ts";
import type { PolicyEvent } from "./policy-record.ts";
import {
  ERROR_LENGTH,
  MAX_INDEX,
  MAX_TOKENS,
  MAX_VERSION,
  MODEL_LENGTH,
  NAME_LENGTH,
  boundCount,
  boundDuration,
  boundText,
  boundTime,
  isJson,
  wellFormed,
} from "./stored-bounds.ts";
import type { Turn, TurnExtra } from "./turn.ts";

/** A turn's numbers and texts that {@link boundTurn} looks at. */
type Bounded = Omit<Turn, "id" | "status">;

/**
 * The turn within the bounds of what is stored; itself where it is. For what comes from providers: it is cleaned, and
 * never refused.
 */
export function boundTurn(turn: Turn): Turn {
  const fields = new Fields();
  return within(turn, fields);
}

/**
 * Brings a turn that was stored before there were bounds into them. It keeps the original values as `extra.original`,
 * and its documents are JSON.
 */
export function repairTurn<T extends Bounded>(turn: T): T {
  const fields = new Fields();
  const repaired = within(turn, fields, true);
  if (repaired === turn || Object.keys(fields.original).length === 0) return repaired;
  const original = { ...fields.original, ...turn.extra.original };
  return { ...repaired, extra: { ...repaired.extra, original } };
}

/** Bounds fields one by one, and keeps the original values of changed fields. */
class Fields {
  /** By the field's path: JSON. */
  readonly original: Record<string, string> = {};

  take<T>(path: string, value: T, bound: (value: NonNullable<T>) => NonNullable<T>): T {
    if (value === null || value === undefined) return value;
    const bounded = bound(value);
    if (bounded !== value) this.original[path] = jsonOf(value);
    return bounded;
  }
}

/** A value as JSON; NaN and infinite numbers, which JSON does not have, by name. */
const jsonOf = (value: unknown): string =>
  typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));

function within<T extends Bounded>(turn: T, fields: Fields, isRepair = false): T {
  const bounded = {
    created_at: fields.take("created_at", turn.created_at, boundTime),
    duration_ms: fields.take("duration_ms", turn.duration_ms, boundDuration),
    model: fields.take("model", turn.model, (name) => boundText(name, MODEL_LENGTH)),
    input_tokens: fields.take("input_tokens", turn.input_tokens, (count) => boundCount(count)),
    output_tokens: fields.take("output_tokens", turn.output_tokens, (count) => boundCount(count)),
    input: wellFormed(turn.input),
    output: wellFormed(turn.output),
    ...(turn.shown !== undefined && {
      shown: fields.take("shown", turn.shown, (shown) => boundCount(shown, TURNS_PER_SESSION)),
    }),
    extra: extraWithin(turn.extra, fields, isRepair),
  };
  const isSame = Object.entries(bounded).every(([name, value]) => turn[name as keyof T] === value);
  return isSame ? turn : { ...turn, ...bounded };
}

function extraWithin(extra: TurnExtra, fields: Fields, isRepair: boolean): TurnExtra {
  if (Object.keys(extra).length === 0) return extra;
  const { error, state_version, policy, call, response, original } = extra;
  const changed: Partial<TurnExtra> = {};
  if (error) {
    const code = fields.take("extra.error.code", error.code, named);
    const message = fields.take("extra.error.message", error.message, (text) =>
      boundText(text, ERROR_LENGTH),
    );
    if (code !== error.code || message !== error.message) changed.error = { code, message };
  }
  if (state_version !== undefined) {
    const version = fields.take("extra.state_version", state_version, (each) =>
      boundCount(each, MAX_VERSION),
    );
    if (version !== state_version) changed.state_version = version;
  }
  if (policy) {
    const events = policy.events.map((event, index) =>
      eventWithin(event, fields, `extra.policy.events.${index}`, isRepair),
    );
    if (events.some((event, index) => event !== policy.events[index]))
      changed.policy = { ...policy, events };
  }
  if (call) {
    const own = callWithin(call, isRepair);
    if (own !== call) changed.call = own;
  }
  if (response) {
    const own = responseWithin(response, fields);
    if (own !== response) changed.response = own;
  }
  if (original && wellFormed(original) !== original) changed.original = wellFormed(original);
  return Object.keys(changed).length === 0 ? extra : { ...extra, ...changed };
}

const named = (text: string): string => boundText(text, NAME_LENGTH);

function eventWithin(
  event: PolicyEvent,
  fields: Fields,
  path: string,
  isRepair: boolean,
): PolicyEvent {
  const { policy_config, metadata } = event;
  const sequence = fields.take(`${path}.sequence`, event.sequence, (each) =>
    boundCount(each, MAX_INDEX),
  );
  const bounded = wellFormed({
    ...event,
    policy_class: fields.take(`${path}.policy_class`, event.policy_class, named),
    event_type: fields.take(`${path}.event_type`, event.event_type, named),
    sequence,
    created_at: fields.take(`${path}.created_at`, event.created_at, boundTime),
    ...(isRepair && { policy_config: asJson(policy_config) }),
    ...(isRepair && metadata !== undefined && { metadata: asJson(metadata) }),
  });
  for (const name of ["id", "original_event_id", "modified_event_id"] as const) {
    const own = bounded[name];
    if (own !== undefined) bounded[name] = fields.take(`${path}.${name}`, own, named);
  }
  return isEqual(bounded, event) ? event : bounded;
}

type Call = NonNullable<TurnExtra["call"]>;

function callWithin(call: Call, isRepair: boolean): Call {
  const bounded = wellFormed(call);
  if (!isRepair) return bounded;
  const { request, response, metadata } = bounded;
  const own = {
    ...bounded,
    ...(request !== undefined && { request: asJson(request) }),
    ...(response !== undefined && { response: asJson(response) }),
    ...(metadata !== undefined && { metadata: asJson(metadata) }),
  };
  return isEqual(own, bounded) ? bounded : own;
}

type Response = NonNullable<TurnExtra["response"]>;

function responseWithin(response: Response, fields: Fields): Response {
  const count = (name: "cached_tokens" | "reasoning_tokens") =>
    response[name] !== undefined && {
      // JSON says null of a number that it does not have: such a count is not known.
      [name]: fields.take(
        `extra.response.${name}`,
        (response[name] as number | null) ?? undefined,
        (each) => boundCount(each),
      ),
    };
  const { pieces } = response;
  const bounded = wellFormed({
    ...response,
    ...count("cached_tokens"),
    ...count("reasoning_tokens"),
    ...(pieces?.flat().some((each) => each !== boundCount(each, MAX_TOKENS)) && {
      pieces: pieces.map((item) => item.map((each) => boundCount(each, MAX_TOKENS))),
    }),
  });
  return isEqual(bounded, response) ? response : bounded;
}

/** A text that is not JSON becomes a JSON string. */
const asJson = (text: string): string => (isJson(text) ? text : JSON.stringify(text));

/** Field by field. */
const isEqual = <T extends object>(one: T, other: T): boolean =>
  Object.entries(one).every(([name, value]) => other[name as keyof T] === value);
