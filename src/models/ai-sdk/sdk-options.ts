import type { JSONSchema7, LanguageModelV4CallOptions } from "@ai-sdk/provider";

import { omitUndefined } from "../../shared/omit.ts";
import type { ModelSettings } from "../model.ts";
import { unable } from "./sdk-errors.ts";

/** How one provider differs from the others. */
export interface Dialect {
  /** The limit when the caller sets none. */
  maxOutputTokens?: number;
  /** Whether it fetches pictures by URL. */
  takesUrls: boolean;
  /** Whether it sends a call's arguments as text. Others serialise a value. */
  takesArgumentText: boolean;
  /** Whether JSON output needs a schema, and excludes tools. */
  needsSchema: boolean;
  /** Options that only this provider has. */
  own: (settings: ModelSettings) => NonNullable<LanguageModelV4CallOptions["providerOptions"]>;
}

/** @throws ModelError for settings that this provider does not have */
export function callOptions(
  name: string,
  settings: ModelSettings,
  dialect: Dialect,
): Omit<LanguageModelV4CallOptions, "prompt" | "abortSignal"> {
  const { format, tools = [], tool_choice } = settings;
  if (dialect.needsSchema && format && tools.length > 0 && tool_choice !== "none") {
    throw unable(`${name} takes no tools where it answers in JSON`);
  }
  return {
    ...omitUndefined({
      maxOutputTokens: settings.max_output_tokens ?? dialect.maxOutputTokens,
      temperature: settings.temperature,
      topP: settings.top_p,
      presencePenalty: settings.presence_penalty,
      frequencyPenalty: settings.frequency_penalty,
      stopSequences: settings.stop,
      seed: settings.seed,
      // The SDK's type lists some words; the provider sends any word unchanged.
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
      ...omitUndefined({ description, strict }),
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
  return { type: "json", name, schema: schema as JSONSchema7, ...omitUndefined({ description }) };
}
