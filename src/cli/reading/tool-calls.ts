import { z } from "zod";

import { numberId } from "../../shared/json.ts";
import type { FoundMessage } from "./turns.ts";

export type ToolCall = NonNullable<FoundMessage["tool_calls"]>[number];

const callId = z.union([z.string(), numberId()]).nullish();
/** `{id, function: {name, arguments}}`, as OpenAI has it. */
const openaiCall = z.looseObject({
  id: callId,
  function: z.looseObject({ name: z.string(), arguments: z.unknown().optional() }),
});
/** The same for a tool that takes any text. */
const customCall = z.looseObject({
  id: callId,
  custom: z.looseObject({ name: z.string(), input: z.string() }),
});
/** `{id, name, args}`, as LangChain has it; `input` is Anthropic's. */
const langchainCall = z.looseObject({
  id: callId,
  name: z.string(),
  args: z.unknown().optional(),
  arguments: z.unknown().optional(),
  input: z.unknown().optional(),
});

/** A call to a tool, in any of the shapes that messages have; null where it has no name. */
export function toolCallOf(value: unknown): ToolCall | null {
  const openai = openaiCall.safeParse(value);
  if (openai.success) {
    const { id, function: called } = openai.data;
    return { id: id ?? "", name: called.name, arguments: argumentsOf(called.arguments) };
  }
  const custom = customCall.safeParse(value);
  if (custom.success) {
    const { id, custom: called } = custom.data;
    return { id: id ?? "", name: called.name, arguments: argumentsOf({ input: called.input }) };
  }
  const langchain = langchainCall.safeParse(value);
  if (!langchain.success) return null;
  const { id, name, args, arguments: said, input } = langchain.data;
  return { id: id ?? "", name, arguments: argumentsOf(args ?? said ?? input) };
}

/** The arguments as the model wrote them, where that is known. */
const argumentsOf = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value ?? {});
