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

/** What tools said in the newest messages, a line each; null where the newest is none of a tool's. */
export function toolsSaid(messages: readonly Message[]): string | null {
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

/** The tool that the newest message is answered with; null for none. */
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

/** The tool whose name comes first, as a word of its own. */
function firstNamed(tools: readonly FunctionTool[], message: string): FunctionTool | undefined {
  return tools
    .map((tool) => ({ tool, at: wordAt(message, tool.name) }))
    .filter(({ at }) => at >= 0)
    .toSorted((one, other) => one.at - other.at)[0]?.tool;
}

/** Where a word stands in a text: "get" is not in "get_weather". */
function wordAt(text: string, word: string): number {
  const isInside = (at: number) => /[\w-]/.test(text.charAt(at));
  if (word === "") return -1;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
    if ((at === 0 || !isInside(at - 1)) && !isInside(at + word.length)) return at;
  }
  return -1;
}

/** The same for the same messages, and another one for others: calls and results are told apart by it. */
function idOf(messages: readonly Message[], name: string): string {
  const seen = JSON.stringify([name, messages]);
  return `call_${hexOf(seen)}${hexOf(`${seen.length} ${seen}`)}`;
}

const hexOf = (text: string): string => fnv1a(text).toString(16).padStart(8, "0");
