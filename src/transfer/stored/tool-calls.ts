import { z } from "zod";

import type { FoundMessage } from "../turns.ts";
import { Unreadable } from "./history.ts";

type ToolCall = NonNullable<FoundMessage["tool_calls"]>[number];

const callId = z.union([z.string(), z.number().transform(String)]).nullish();
/** `{id, function: {name, arguments}}`, as OpenAI has it. */
const openaiCall = z.looseObject({
  id: callId,
  function: z.looseObject({ name: z.string(), arguments: z.unknown().optional() }),
});
/** `{id, name, args}`, as LangChain has it; `input` is Anthropic's. */
const langchainCall = z.looseObject({
  id: callId,
  name: z.string(),
  args: z.unknown().optional(),
  arguments: z.unknown().optional(),
  input: z.unknown().optional(),
});

/** A call to a tool, in either of the shapes that messages have. @throws Unreadable */
export function toolCallOf(value: unknown): ToolCall {
  const openai = openaiCall.safeParse(value);
  if (openai.success) {
    const { id, function: called } = openai.data;
    return { id: id ?? "", name: called.name, arguments: argumentsOf(called.arguments) };
  }
  const langchain = langchainCall.safeParse(value);
  if (!langchain.success) throw new Unreadable("a tool call has no name");
  const { id, name, args, arguments: said, input } = langchain.data;
  return { id: id ?? "", name, arguments: argumentsOf(args ?? said ?? input) };
}

/** As the model wrote them, where that is known. */
const argumentsOf = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value ?? {});
