import { z } from "zod";

import { ApiError } from "../../shared/errors.ts";
import { externalCallId, id as userId } from "../../shared/field-schemas.ts";
import { ID_PATTERN, parseCallId } from "../../shared/ids.ts";
import type { CallWrite } from "../conversation/external-calls.ts";
import { isNumber, numberId } from "../../shared/json.ts";
import { isObject } from "../../shared/json-merge-patch.ts";
import { joinModel } from "./call.ts";
import { describeCall } from "./describe-call.ts";
import { boundCount, isStoredTime } from "../../shared/stored-bounds.ts";
import { policyRecord } from "../../shared/policy-record.ts";
import type { PolicyEvent } from "../../shared/policy-record.ts";

const SECONDS_RULE = "takes seconds since 1970, up to the year 9999; this may be milliseconds";
const seconds = z
  .number()
  .refine((value) => isStoredTime(Math.round(value * 1_000)), SECONDS_RULE)
  .nullish();
const counted = z.unknown().refine(isNumber).meta({ type: "number" }).transform(Number).nullish();
const text = z.string().nullish();

/** Source: docs.litellm.ai/docs/proxy/logging_spec, `StandardLoggingPayload`; what is not read here is kept as metadata. */
export const payload = z.lazy(() =>
  z.looseObject({
    id: externalCallId().refine(
      (value) => parseCallId(value) === null,
      "takes an id of your own: this one is of the form that Colloquy gives",
    ),
    status: z.string().nullish(),
    startTime: seconds,
    endTime: seconds,
    model: text,
    custom_llm_provider: text,
    prompt_tokens: counted,
    completion_tokens: counted,
    messages: z.unknown().optional(),
    response: z.unknown().optional(),
    model_parameters: z.unknown().optional(),
    error_str: text,
    error_information: z.unknown().optional(),
    end_user: text,
    metadata: z.unknown().optional(),
    guardrail_information: z.unknown().optional(),
  }),
);

const guardrail = z.lazy(() =>
  z.looseObject({
    guardrail_name: text,
    guardrail_mode: z.unknown().optional(),
    guardrail_status: text,
    guardrail_response: z.unknown().optional(),
    // In other units it says nothing: the call's own time stands in for it.
    start_time: z.unknown().optional(),
  }),
);

/** LiteLLM's names for where a guardrail stepped in. */
const INTERVENED = new Set(["guardrail_intervened", "blocked", "failure"]);

/**
 * One payload of LiteLLM's generic API callback.
 *
 * @throws ApiError `invalid_request`
 */
export function parseLiteLlm(value: unknown, now: number): CallWrite {
  const parsed = payload.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const param = issue?.path.join(".") || "body";
    const rule = issue?.code === "custom" ? issue.message : "is not as LiteLLM's payload has it";
    throw new ApiError("invalid_request", `${param} ${rule}.`, { param });
  }
  const { messages, response, model_parameters, model, custom_llm_provider, ...rest } = parsed.data;
  const { id, status, startTime, endTime, error_str, error_information, ...others } = rest;
  const { prompt_tokens, completion_tokens, guardrail_information, ...about } = others;
  const request = {
    ...(isObject(model_parameters) && model_parameters),
    model: model ?? "",
    messages: messages ?? [],
  };
  const answered = response ?? undefined;
  const created_at = startTime ? Math.round(startTime * 1_000) : now;
  const described = describeCall(request, answered);
  const isFailure = status === "failure";
  const events = guardrailEvents(guardrail_information, created_at);
  return {
    call_id: id,
    is_whole: true,
    session_id: sessionOf(rest),
    end_user: userOf(others.end_user),
    status: isFailure ? "failed" : "completed",
    created_at,
    duration_ms:
      startTime && endTime ? Math.max(0, Math.round((endTime - startTime) * 1_000)) : null,
    input: described.input,
    output: described.output,
    model: joinModel(custom_llm_provider, model || null),
    input_tokens: whole(prompt_tokens) ?? described.input_tokens,
    output_tokens: whole(completion_tokens) ?? described.output_tokens,
    call: {
      request: JSON.stringify(request),
      ...(isObject(answered) && { response: JSON.stringify(answered) }),
      metadata: JSON.stringify(about),
    },
    ...(events.length > 0 && { policy: policyRecord(events) }),
    ...(isFailure && { error: errorOf(error_str, error_information) }),
  };
}

/** The gateway tells what a provider counted: that may be anything, and the call is worth more. */
const whole = (value: number | null | undefined): number | null =>
  value === null || value === undefined ? null : boundCount(value);

const sessionName = z.union([z.string(), numberId()]);

/** The session that the caller of the gateway named: in its metadata, else in the payload, else the trace. */
function sessionOf({
  metadata,
  session_id,
  trace_id,
}: Record<string, unknown>): string | undefined {
  const own = isObject(metadata) ? metadata["requester_metadata"] : null;
  const inMetadata = [metadata, own].flatMap((each) =>
    isObject(each) ? [each["session_id"], each["litellm_session_id"]] : [],
  );
  const named = [...inMetadata, session_id, trace_id];
  return named
    .map((each) => sessionName.safeParse(each).data)
    .find((each) => each !== undefined && ID_PATTERN.test(each));
}

/** The user that the caller of the gateway named. */
const userOf = (value: unknown): string | undefined => {
  const named = userId.safeParse(value);
  return named.success ? named.data : undefined;
};

function errorOf(
  error: string | null | undefined,
  information: unknown,
): { code: string; message: string } {
  const about = isObject(information) ? information : {};
  const { error_code, error_message } = about;
  return {
    code: typeof error_code === "string" && error_code !== "" ? error_code : "failure",
    message: error ?? (typeof error_message === "string" ? error_message : ""),
  };
}

function momentOf(value: unknown): number | null {
  const ms = typeof value === "number" && value > 0 ? Math.round(value * 1_000) : Number.NaN;
  return isStoredTime(ms) ? ms : null;
}

function guardrailEvents(information: unknown, at: number): PolicyEvent[] {
  const all: unknown[] = Array.isArray(information) ? information : [information];
  return all.flatMap((each): PolicyEvent[] => {
    const parsed = guardrail.safeParse(each);
    if (!parsed.success) return [];
    const { guardrail_name, guardrail_status, guardrail_mode, start_time, ...rest } = parsed.data;
    if (!guardrail_name) return [];
    const isIntervened = INTERVENED.has(guardrail_status ?? "");
    return [
      {
        policy_class: guardrail_name,
        policy_config: JSON.stringify({ mode: guardrail_mode ?? null }),
        event_type: isIntervened ? "blocked" : "allowed",
        sequence: String(guardrail_mode).includes("post_call") ? 1 : 0,
        metadata: JSON.stringify({ status: guardrail_status ?? null, ...rest }),
        created_at: momentOf(start_time) ?? at,
      },
    ];
  });
}
