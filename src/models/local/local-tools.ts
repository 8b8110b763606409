import { fnv1a } from "../../shared/fnv1a.ts";
import { toolCallsOf } from "../../shared/items.ts";
import type { Message } from "../../shared/items.ts";
import { fillSchema } from "./fill-schema.ts";
import type { FunctionTool, ModelSettings } from "../model.ts";

export interface LocalCall {
  call_id: string;
  name: string;
  arguments: string;
}

/** The results of tools at the end of the messages, a line each. Null when the newest message is no result. */
export function toolResults(messages: readonly Message[]): string | null {
  const before = messages.findLastIndex(({ role }) => role !== "tool");
  const results = messages.slice(before + 1).filter((message) => message.role === "tool");
  if (results.length === 0) return null;
  const names = new Map(
    messages.flatMap(toolCallsOf).map(({ id, function: { name } }) => [id, name]),
  );
  return results
    .map(({ tool_call_id: id, content }) => `The tool ${names.get(id) ?? id} said: ${content}`)
    .join("\n");
}

/** The tool call that answers the newest message, if any. */
export function localCall(
  messages: readonly Message[],
  { tools = [], tool_choice: choice = "auto" }: ModelSettings,
): LocalCall | null {
  if (choice === "none" || tools.length === 0 || messages.at(-1)?.role === "tool") return null;
  const message = messages.findLast(({ role }) => role === "user")?.content ?? "";
  const named = firstNamed(tools, message);
  const tool =
    typeof choice === "object"
      ? tools.find(({ name }) => name === choice.name)
      : (named ?? (choice === "required" ? tools[0] : undefined));
  if (!tool) return null;
  const filled = fillSchema(tool.parameters ?? { type: "object" }, message);
  return { call_id: idOf(messages, tool.name), name: tool.name, arguments: JSON.stringify(filled) };
}

/** The tool whose name comes first in the message, as a whole word. */
function firstNamed(tools: readonly FunctionTool[], message: string): FunctionTool | undefined {
  return tools
    .map((tool) => ({ tool, at: wordAt(message, tool.name) }))
    .filter(({ at }) => at >= 0)
    .toSorted((one, other) => one.at - other.at)[0]?.tool;
}

/** The position of a whole word, or -1: "get" is not in "get_weather". */
function wordAt(text: string, word: string): number {
  const isInside = (at: number) => /[\w-]/.test(text.charAt(at));
  if (word === "") return -1;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
    if ((at === 0 || !isInside(at - 1)) && !isInside(at + word.length)) return at;
  }
  return -1;
}

/** A call's id: the same for the same messages, another for others, so that results match their calls. */
function idOf(messages: readonly Message[], name: string): string {
  const seen = JSON.stringify([name, messages]);
  return `call_${hexOf(seen)}${hexOf(`${seen.length} ${seen}`)}`;
}

const hexOf = (text: string): string => fnv1a(text).toString(16).padStart(8, "0");
