import { z } from "zod";

import { isObject } from "../../shared/json-merge-patch.ts";
import { jsonOr } from "../../shared/stored-bounds.ts";
import { unwrapLazySchema } from "../../shared/unwrap-lazy-schema.ts";
import { omitEmpty } from "../../shared/omit.ts";
import { toldIn } from "./inert-fields.ts";
import {
  document,
  flag,
  functionName,
  manyTools,
  shortText,
  toolChoice,
  toolInput,
} from "./tool-input.ts";
import { chosenName, functionsOf, loadedTools, toolShape } from "./tools.ts";
import type { Tool } from "./tools.ts";
import type { FunctionTool, ModelSettings } from "../../models/model.ts";
import type { Message } from "../../shared/items.ts";
import type { ResponseExtra } from "../../shared/turn.ts";
import { parseJson } from "../../shared/json.ts";

/** The settings of a response's request, as its turn stores them. An absent setting has the default. */
const settingsShape = z.lazy(
  () =>
    z.strictObject({
      /** A name of `MODEL`. Absent: any model of the assistant. */
      model: z.string().optional(),
      instructions: z.string().optional(),
      /** Whether the request named a conversation. */
      conversation: z.literal(true).optional(),
      previous_response_id: z.string().optional(),
      background: z.literal(true).optional(),
      /** Whether the pieces of the answer are stored, so that a later reader can stream them. */
      stream: z.literal(true).optional(),
      metadata: z.record(z.string(), z.string()).optional(),
      truncation: z.literal("auto").optional(),
      allowed_tools: z
        .strictObject({ names: z.array(z.string()), mode: z.enum(["auto", "required", "none"]) })
        .optional(),
      reasoning_summary: z.string().optional(),
      /** Fields that change nothing here, and that the response tells back, as they were sent. */
      told: z.record(z.string(), z.unknown()).optional(),
      max_tool_calls: z.int().optional(),
      top_logprobs: z.int().optional(),
      service_tier: z.string().optional(),
      safety_identifier: z.string().optional(),
      prompt_cache_key: z.string().optional(),
      user: z.string().optional(),
      /** Whether the turn is a chat completion. */
      completion: z.literal(true).optional(),
      temperature: z.number().optional(),
      top_p: z.number().optional(),
      presence_penalty: z.number().optional(),
      frequency_penalty: z.number().optional(),
      max_output_tokens: z.int().optional(),
      stop: z.array(z.string()).optional(),
      seed: z.int().optional(),
      tools: z.array(toolShape.unwrap()).optional(),
      tool_choice: z
        .union([z.enum(["none", "auto", "required"]), z.strictObject({ name: z.string() })])
        .optional(),
      parallel_tool_calls: z.boolean().optional(),
      format: z
        .discriminatedUnion("type", [
          z.strictObject({ type: z.literal("json_object") }),
          z.strictObject({
            type: z.literal("json_schema"),
            name: z.string(),
            description: z.string().optional(),
            schema: z.record(z.string(), z.unknown()),
            strict: z.boolean().optional(),
          }),
        ])
        .optional(),
      reasoning_effort: z.string().optional(),
      verbosity: z.string().optional(),
    }) satisfies z.ZodType<Omit<ModelSettings, "tools">>,
);
export type ResponseSettings = z.infer<typeof settingsShape>;

/** The stored settings of a turn; none for a turn of another route, or where they cannot be read. */
export function settingsFrom(response: ResponseExtra | undefined): ResponseSettings {
  const settings = response?.settings === undefined ? {} : jsonOr(response.settings, {});
  return isObject(settings) ? settings : {};
}

/** Whether a text is stored settings. */
export function isSettings(text: string): boolean {
  try {
    return settingsShape.safeParse(parseJson(text)).success;
  } catch {
    return false;
  }
}

const number = (min: number, max: number) => {
  const rule = `takes a number, ${min} to ${max}`;
  return z.number({ error: rule }).min(min, rule).max(max, rule).nullish();
};
const whole = (min: number, max: number) => {
  const rule = `takes a whole number, ${min} to ${max}`;
  return z.number({ error: rule }).int(rule).min(min, rule).max(max, rule).nullish();
};
const FORMAT_RULE = 'takes a format of the type "text", "json_object" or "json_schema"';
const format = z.discriminatedUnion(
  "type",
  [
    z.strictObject({ type: z.literal("text") }),
    z.strictObject({ type: z.literal("json_object") }),
    z.strictObject({
      type: z.literal("json_schema"),
      name: functionName,
      description: shortText(16_384).nullish(),
      schema: document,
      strict: flag,
    }),
  ],
  { error: FORMAT_RULE },
);

/** Fields that Responses and Chat Completions share. */
export const samplingFields = () => ({
  temperature: number(0, 2),
  top_p: number(0, 1),
  presence_penalty: number(-2, 2),
  frequency_penalty: number(-2, 2),
  parallel_tool_calls: flag,
  top_logprobs: whole(0, 20),
  service_tier: z
    .enum(["auto", "default", "flex", "fast", "priority", "scale"], {
      error: 'takes "auto", "default", "flex", "fast", "priority" or "scale"',
    })
    .nullish(),
  safety_identifier: shortText(64).nullish(),
  prompt_cache_key: shortText(64).nullish(),
  user: shortText(512).nullish(),
});

export const verbosity = z.enum(["low", "medium", "high"], {
  error: 'takes "low", "medium" or "high"',
});
export const effort = z.enum(["none", "minimal", "low", "medium", "high", "xhigh", "max"], {
  error: 'takes "none", "minimal", "low", "medium", "high", "xhigh" or "max"',
});

/** The settings in the body of `POST /v1/responses`. Source: Open Responses, `CreateResponseBody`. */
export const settingsFields = () => ({
  model: shortText(256).min(1, "takes the name of a model").nullish(),
  instructions: shortText(256 * 1024).nullish(),
  ...samplingFields(),
  /** OpenAI takes no fewer. */
  max_output_tokens: whole(16, 10_000_000),
  max_tool_calls: whole(1, 1_000),
  truncation: z.enum(["auto", "disabled"], { error: 'takes "auto" or "disabled"' }).nullish(),
  tools: manyTools(toolInput),
  tool_choice: toolChoice,
  text: z.strictObject({ format: format.nullish(), verbosity: verbosity.nullish() }).nullish(),
  reasoning: z
    .strictObject({
      effort: effort.nullish(),
      summary: z.enum(["auto", "concise", "detailed"]).nullish(),
      /** Older clients' name of `summary`. */
      generate_summary: z.enum(["auto", "concise", "detailed"]).nullish(),
      context: z.unknown().optional(),
      mode: z.unknown().optional(),
    })
    .nullish(),
});
const settingsBody = z.lazy(() => z.object(settingsFields()));
type SettingsBody = z.infer<typeof settingsBody>;

/** The settings of a body, without defaults and without the body's other fields. */
export function settingsOf(body: SettingsBody): ResponseSettings {
  const own = Object.fromEntries(
    Object.entries(body).filter(([name]) =>
      Object.hasOwn(unwrapLazySchema(settingsBody).shape, name),
    ),
  ) as SettingsBody;
  const { tools, tool_choice, text: output, reasoning, truncation, ...rest } = omitEmpty(own);
  const choice = tool_choice;
  const { context, mode } = reasoning ?? {};
  const told = omitEmpty({ ...toldIn(body), reasoning_context: context, reasoning_mode: mode });
  return {
    ...rest,
    ...(Object.keys(told).length > 0 && { told }),
    ...(truncation === "auto" && { truncation }),
    ...(tools && tools.length > 0 && { tools: tools as Tool[] }),
    ...(typeof choice === "string" && choice !== "auto" && { tool_choice: choice }),
    ...(typeof choice === "object" &&
      choice.type !== "allowed_tools" && { tool_choice: { name: chosenName(choice) } }),
    ...(typeof choice === "object" &&
      choice.type === "allowed_tools" && {
        allowed_tools: { mode: choice.mode, names: choice.tools.map(chosenName) },
      }),
    ...(output?.format &&
      output.format.type !== "text" && { format: omitEmpty(output.format) as Format }),
    ...(output?.verbosity && { verbosity: output.verbosity }),
    ...(reasoning?.effort && { reasoning_effort: reasoning.effort }),
    ...((reasoning?.summary ?? reasoning?.generate_summary) && {
      reasoning_summary: reasoning.summary ?? reasoning.generate_summary ?? undefined,
    }),
  };
}

type Format = NonNullable<ModelSettings["format"]>;

/** The functions that a model is shown: for the request's tools, and for those that messages brought later. */
function shownFunctions(tools: readonly Tool[], messages: readonly Message[]): FunctionTool[] {
  const isSearched = tools.some(({ type }) => type === "tool_search");
  const all = [...tools, ...loadedTools(messages, isSearched)].flatMap(functionsOf);
  return all.filter(({ name }, at) => all.findIndex((each) => each.name === name) === at);
}

/** The settings that a model receives. @param messages - all that it is shown */
export function modelSettings(
  settings: ResponseSettings,
  messages: readonly Message[],
): ModelSettings {
  const { tools: sent = [], tool_choice, allowed_tools: allowed, ...all } = settings;
  const shown = shownFunctions(sent, messages);
  const tools = allowed ? shown.filter(({ name }) => allowed.names.includes(name)) : shown;
  return omitEmpty({
    temperature: all.temperature,
    top_p: all.top_p,
    presence_penalty: all.presence_penalty,
    frequency_penalty: all.frequency_penalty,
    max_output_tokens: all.max_output_tokens,
    stop: all.stop,
    seed: all.seed,
    tools: tools.length === 0 ? undefined : tools,
    tool_choice: allowed?.mode ?? tool_choice,
    parallel_tool_calls: all.parallel_tool_calls,
    format: all.format,
    reasoning_effort: all.reasoning_effort,
    verbosity: all.verbosity,
  });
}
