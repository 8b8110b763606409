import { z } from "zod";

import { chatMessages, refused } from "../../../openai/completions/messages.ts";
import { idempotencyIn } from "../../idempotency.ts";
import { accountNames, invalid } from "../../read-request.ts";
import type { RouteRequest } from "../../route.ts";
import { mintCompletionId } from "../../../shared/ids.ts";
import { namedModel } from "../../../models/model-name.ts";
import { ignored } from "../../../openai/responses/inert-fields.ts";
import {
  effort,
  samplingFields,
  settingsFields,
  settingsOf,
  verbosity,
} from "../../../openai/responses/settings.ts";
import type { ResponseSettings } from "../../../openai/responses/settings.ts";
import {
  customFields,
  flag,
  functionFields,
  functionName,
  grammarFields,
  manyTools,
} from "../../../openai/responses/tool-input.ts";
import { checkRequestSize, checkTools } from "./response-request.ts";
import { metadata } from "../../../shared/field-schemas.ts";
import { plainTool } from "../../../openai/responses/tools.ts";
import type { RespondRequest } from "../../../turn/respond-request.ts";
import { omitEmpty } from "../../../shared/omit.ts";

const whole = (min: number, max: number) => {
  const rule = `takes a whole number, ${min} to ${max}`;
  return z.number({ error: rule }).int(rule).min(min, rule).max(max, rule).nullish();
};

const CLIENT_ONLY =
  'takes "function" or "custom": Colloquy runs no hosted tools, the client runs its own';
const NAMED = { error: 'takes a tool as {"name": "…"}' };
const named = z.lazy(() =>
  z
    .discriminatedUnion(
      "type",
      [
        z.strictObject({
          type: z.literal("function"),
          function: z.strictObject({ name: functionName }, NAMED),
        }),
        z.strictObject({
          type: z.literal("custom"),
          custom: z.strictObject({ name: functionName }, NAMED),
        }),
      ],
      { error: CLIENT_ONLY },
    )
    .transform((choice) => ({
      type: choice.type,
      name: choice.type === "custom" ? choice.custom.name : choice.function.name,
    })),
);
const customFormat = z.lazy(() =>
  z
    .discriminatedUnion(
      "type",
      [
        z.strictObject({ type: z.literal("text") }),
        z
          .strictObject({
            type: z.literal("grammar"),
            grammar: z.strictObject(grammarFields(), {
              error: 'takes a grammar as {"syntax": "lark", "definition": "…"}',
            }),
          })
          .transform(({ type, grammar }) => ({ type, ...grammar })),
      ],
      { error: 'takes a format of the type "text" or "grammar"' },
    )
    .nullish(),
);
const tool = z.lazy(() =>
  z
    .discriminatedUnion(
      "type",
      [
        z.strictObject({
          type: z.literal("function"),
          function: z.strictObject(functionFields(), {
            error: "takes a function, as a JSON object",
          }),
        }),
        z.strictObject({
          type: z.literal("custom"),
          custom: z.strictObject(
            { ...customFields(), format: customFormat },
            { error: "takes a tool, as a JSON object" },
          ),
        }),
      ],
      { error: CLIENT_ONLY },
    )
    .transform((sent) =>
      plainTool({
        type: sent.type,
        ...(sent.type === "custom" ? sent.custom : sent.function),
      }),
    ),
);

const MODES = ["none", "auto", "required"] as const;
const CHOICE_RULE =
  'takes "none", "auto", "required", or a tool such as {"type": "function", "function": {"name": "…"}}';
const toolChoice = z.lazy(() =>
  z
    .union(
      [
        z.enum(MODES),
        named,
        z
          .strictObject({
            type: z.literal("allowed_tools"),
            allowed_tools: z.strictObject({
              mode: z.enum(MODES).default("auto"),
              tools: z.array(named).min(1).max(128),
            }),
          })
          .transform(({ type, allowed_tools: { mode, tools } }) => ({
            type,
            mode,
            tools,
          })),
      ],
      { error: CHOICE_RULE },
    )
    .nullish(),
);

const responseFormat = z.lazy(() =>
  z
    .discriminatedUnion(
      "type",
      [
        z.strictObject({ type: z.literal("text") }),
        z.strictObject({ type: z.literal("json_object") }),
        z
          .strictObject({
            type: z.literal("json_schema"),
            json_schema: z.strictObject(
              {
                name: functionName,
                description: functionFields().description,
                schema: z.record(z.string(), z.unknown(), {
                  error: "takes a JSON Schema as an object",
                }),
                strict: flag,
              },
              { error: 'takes a schema as {"name": "…", "schema": {…}}' },
            ),
          })
          .transform(({ type, json_schema }) => ({ type, ...json_schema })),
      ],
      { error: 'takes a format of the type "text", "json_object" or "json_schema"' },
    )
    .nullish(),
);

const STOP_RULE = "takes a string, or a list of 1 to 4";
const stopText = z
  .string({ error: STOP_RULE })
  .min(1, "is empty; send what to stop at")
  .max(256, "takes 256 characters at most");
const stop = z.lazy(() =>
  z
    .union(
      [stopText.transform((one) => [one]), z.array(stopText).min(1, STOP_RULE).max(4, STOP_RULE)],
      { error: STOP_RULE },
    )
    .nullish(),
);

const NO_LOGPROBS = "no log probabilities are told here";
const TOOLS_INSTEAD = "takes nothing any more; send";

/** The body of `POST /v1/chat/completions`. Source: the OpenAI API, `CreateChatCompletionRequest`. */
export const createBody = () =>
  z.strictObject({
    ...accountNames,
    ...samplingFields(),
    model: settingsFields().model,
    messages: chatMessages,
    tools: manyTools(tool),
    tool_choice: toolChoice,
    response_format: responseFormat,
    max_tokens: whole(1, 10_000_000),
    max_completion_tokens: whole(1, 10_000_000),
    stop,
    seed: whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    reasoning_effort: effort.nullish(),
    verbosity: verbosity.nullish(),
    metadata: metadata.nullish(),
    store: flag,
    stream: flag,
    stream_options: z
      .strictObject(
        { include_usage: flag, include_obfuscation: flag },
        { error: 'takes an object such as {"include_usage": true}' },
      )
      .nullish(),
    n: z.literal(1, { error: "takes 1: a completion has one choice here" }).nullish(),
    logprobs: z.literal(false, { error: `takes false: ${NO_LOGPROBS}` }).nullish(),
    top_logprobs: z.literal(0, { error: `takes 0: ${NO_LOGPROBS}` }).nullish(),
    modalities: z
      .array(z.literal("text"), { error: 'takes ["text"]' })
      .min(1, 'takes ["text"]')
      .nullish(),
    logit_bias: z
      .record(z.string(), z.unknown())
      .refine((biases) => Object.keys(biases).length === 0, {
        error: "takes an empty object: no model here uses it",
      })
      .nullish(),
    ...ignored("moderation", "prompt_cache_options", "prompt_cache_retention"),
    audio: refused("takes nothing: nothing is said aloud here"),
    prediction: refused("takes an empty object: no model here uses it"),
    web_search_options: refused("takes nothing: Colloquy searches no web"),
    functions: refused(`${TOOLS_INSTEAD} tools`),
    function_call: refused(`${TOOLS_INSTEAD} tool_choice`),
  });
type CreateBody = Omit<z.infer<ReturnType<typeof createBody>>, keyof typeof accountNames>;

/** @throws ApiError for fields that do not go together, or are too large together */
export function completionRequest(
  {
    c,
    access,
    names,
    config,
    now,
  }: Pick<RouteRequest<never, unknown, unknown>, "c" | "access" | "names" | "config" | "now">,
  body: CreateBody,
): RespondRequest {
  const { model, assistant } = namedModel(config, body.model);
  const { messages, metadata: pairs, stream, stream_options } = body;
  if (stream_options && !stream)
    throw invalid("stream_options is about a stream; send it with stream: true.", "stream_options");
  const isKept = body.store === true;
  const settings: ResponseSettings = {
    ...completionSettings(body),
    ...(model !== undefined && { model }),
    ...(stream && { stream: true as const }),
    completion: true,
  };
  checkTools(settings, messages);
  checkRequestSize(messages, settings, "messages");
  const { user_id } = c.get("caller");
  const idempotency = isKept
    ? idempotencyIn(c, { ...body, ...names, user_id, route: "chat" })
    : null;
  return {
    ...access,
    scopes: c.get("caller").scopes,
    input: messages,
    settings,
    ...(assistant !== undefined && { assistant }),
    ...(isKept && { new_session_id: mintCompletionId(now) }),
    ...(pairs && Object.keys(pairs).length > 0 && { metadata: pairs }),
    store: isKept,
    ...(idempotency && { idempotency }),
  };
}

function completionSettings(body: CreateBody): ResponseSettings {
  const { max_tokens, max_completion_tokens, response_format: format } = body;
  if (max_tokens && max_completion_tokens)
    throw invalid("max_completion_tokens says it, and so does max_tokens; send one.", "max_tokens");
  const { temperature, top_p, presence_penalty, frequency_penalty, parallel_tool_calls } = body;
  const { service_tier, safety_identifier, prompt_cache_key, user } = body;
  return {
    ...settingsOf({
      temperature,
      top_p,
      presence_penalty,
      frequency_penalty,
      parallel_tool_calls,
      service_tier,
      safety_identifier,
      prompt_cache_key,
      user,
      max_output_tokens: max_completion_tokens ?? max_tokens,
      tools: body.tools,
      tool_choice: body.tool_choice,
      text: { format, verbosity: body.verbosity },
      reasoning: { effort: body.reasoning_effort },
    }),
    ...omitEmpty({ stop: body.stop, seed: body.seed }),
  };
}
