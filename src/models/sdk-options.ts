import type { JSONSchema7, LanguageModelV4CallOptions } from "@ai-sdk/provider";

import { ModelError, type ModelSettings } from "./model.ts";

/** What one provider does otherwise than others. */
export interface Dialect {
  /** What it is asked for where the caller leaves it open. */
  maxOutputTokens?: number;
  /** It fetches pictures itself. */
  takesAddresses: boolean;
  /** It sends a call's arguments as the text that they are; other ones make JSON of a value. */
  takesArgumentText: boolean;
  /** It knows answers in JSON by their schema only, and takes no tools beside them. */
  needsSchema: boolean;
  /** What only it knows. */
  own: (settings: ModelSettings) => NonNullable<LanguageModelV4CallOptions["providerOptions"]>;
}

export type AskedOptions = Omit<LanguageModelV4CallOptions, "prompt" | "abortSignal">;

/** @throws ModelError for what this provider cannot do */
export function callOptions(name: string, settings: ModelSettings, dialect: Dialect): AskedOptions {
  const { format, tools = [], tool_choice } = settings;
  if (dialect.needsSchema && format && tools.length > 0 && tool_choice !== "none") {
    throw new ModelError("model_failed", `${name} takes no tools where it answers in JSON`, {
      retryable: false,
    });
  }
  return {
    ...present({
      maxOutputTokens: settings.max_output_tokens ?? dialect.maxOutputTokens,
      temperature: settings.temperature,
      topP: settings.top_p,
      presencePenalty: settings.presence_penalty,
      frequencyPenalty: settings.frequency_penalty,
      stopSequences: settings.stop,
      seed: settings.seed,
      // Whatever word it is: providers send it as it stands.
      reasoning: settings.reasoning_effort as LanguageModelV4CallOptions["reasoning"],
    }),
    ...(tools.length > 0 && toolOptions(settings)),
    ...(format && { responseFormat: formatOf(format, dialect) }),
    providerOptions: dialect.own(settings),
  };
}

function toolOptions({ tools = [], tool_choice }: ModelSettings) {
  return {
    tools: tools.map(({ name, description, parameters, strict }) => ({
      type: "function" as const,
      name,
      inputSchema: (parameters ?? { type: "object", properties: {} }) as JSONSchema7,
      ...present({ description, strict }),
    })),
    ...(tool_choice !== undefined && {
      toolChoice:
        typeof tool_choice === "string"
          ? { type: tool_choice }
          : { type: "tool" as const, toolName: tool_choice.name },
    }),
  };
}

function formatOf(
  format: NonNullable<ModelSettings["format"]>,
  { needsSchema }: Dialect,
): NonNullable<LanguageModelV4CallOptions["responseFormat"]> {
  if (format.type === "json_object")
    return { type: "json", ...(needsSchema && { schema: { type: "object" as const } }) };
  const { name, description, schema } = format;
  return { type: "json", name, schema: schema as JSONSchema7, ...present({ description }) };
}

/** Only what is there: an option that is undefined is another one than an option that is not. */
export const present = <T extends object>(all: T) =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
