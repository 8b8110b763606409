import { Hono } from "hono";
import { z } from "zod";

import type { Call, CallEvent } from "../../account/calls/call.ts";
import { withAccount } from "../auth/authorise.ts";
import { requestTime } from "../context.ts";
import type { AppContext, AppEnv } from "../context.ts";
import { listOf, wholeListOf } from "../list-response.ts";
import { accountNames, pageQuery, pathCallId, readQuery, onlyAccount } from "../read-request.ts";
import { isoTime } from "../../shared/time.ts";
import { externalCallId, id, moment } from "../../shared/field-schemas.ts";
import type { PolicyEvent } from "../../shared/policy-record.ts";
import { TURN_STATUSES } from "../../shared/turn.ts";

const MODEL_RULE = "takes a model's name, of at most 256 characters";
const name = z.string({ error: MODEL_RULE }).min(1, MODEL_RULE).max(256, MODEL_RULE);
const OUTCOMES = ["allowed", "modified", "blocked", "none"] as const;

export const listQuery = z.strictObject({
  ...pageQuery({ order: "desc" }),
  after: externalCallId.optional(),
  before: externalCallId.optional(),
  session_id: id.optional(),
  model: name.optional(),
  provider: name.optional(),
  status: z.enum(TURN_STATUSES, { error: `takes one of: ${TURN_STATUSES.join(", ")}` }).optional(),
  from: moment.optional(),
  to: moment.optional(),
  policy_outcome: z.enum(OUTCOMES, { error: `takes one of: ${OUTCOMES.join(", ")}` }).optional(),
  ...accountNames,
});

export const calls = new Hono<AppEnv>()
  .get("/", async (c) => {
    const { accountId, account_id, limit, order, after, before, ...filter } = readQuery(
      c,
      listQuery,
    );
    const page = await withAccount(c, "read", { accountId, account_id }, (account, caller) =>
      account.calls.list(caller, filter, { limit, order, after, before }, requestTime(c)),
    );
    return c.json(listOf(page, callBody, ({ call_id }) => call_id));
  })
  .get("/:call_id", async (c) => c.json(callBody((await readCall(c)).call)))
  .get("/:call_id/events", async (c) => {
    const { call, events } = await readCall(c);
    return c.json(
      wholeListOf(
        events.map((event) => eventBody(call.call_id, event)),
        idOf,
      ),
    );
  })
  .get("/:call_id/policy-events", async (c) => {
    const { call, policy_events } = await readCall(c);
    const data = policy_events.map((event, index) => policyEventBody(call.call_id, event, index));
    return c.json(wholeListOf(data, idOf));
  });

const idOf = ({ id: each }: { id: string }): string => each;

/** The same under the names that the call logs before this one had. */
export const legacyCalls = new Hono<AppEnv>()
  .get("/conversation/:call_id/v2", async (c) => {
    const { call, events } = await readCall(c);
    return c.json({
      ...callBody(call),
      events: events.map((event) => eventBody(call.call_id, event)),
    });
  })
  .get("/policy-events/:call_id", async (c) => {
    const { call, policy_events } = await readCall(c);
    return c.json({
      call_id: call.call_id,
      policy_events: policy_events.map((event, index) =>
        policyEventBody(call.call_id, event, index),
      ),
    });
  });

function readCall(c: AppContext) {
  readQuery(c, onlyAccount);
  const callId = pathCallId(c);
  return withAccount(c, "read", {}, (account, caller) =>
    account.calls.get(caller, callId, requestTime(c)),
  );
}

export const callBody = ({ created_at, input_tokens, output_tokens, ...call }: Call) => ({
  object: "call" as const,
  ...call,
  usage: input_tokens === null || output_tokens === null ? null : { input_tokens, output_tokens },
  created_at: isoTime(created_at),
});

const eventBody = (callId: string, { created_at, payload, ...event }: CallEvent) => ({
  object: "call.event" as const,
  id: `${callId}:${event.sequence}`,
  call_id: callId,
  ...event,
  payload: JSON.parse(payload) as unknown,
  created_at: isoTime(created_at),
});

const policyEventBody = (callId: string, event: PolicyEvent, index: number) => ({
  object: "call.policy_event" as const,
  id: event.id ?? `${callId}:policy:${index}`,
  call_id: callId,
  policy_class: event.policy_class,
  policy_config: JSON.parse(event.policy_config) as unknown,
  event_type: event.event_type,
  sequence: event.sequence,
  original_event_id: event.original_event_id ?? `${callId}:${event.sequence}`,
  modified_event_id: event.modified_event_id ?? null,
  original: event.original ?? null,
  modified: event.modified ?? null,
  metadata: event.metadata === undefined ? {} : (JSON.parse(event.metadata) as unknown),
  created_at: isoTime(event.created_at),
});
