import { z } from "zod";

import { clientShapes, isClientCall } from "./client-items.ts";
import { asFunctionCall, resultOf, toolsText } from "./client-tools.ts";
import { isText, part, textOfParts } from "./content-parts.ts";
import type { Media, Part } from "./content-parts.ts";
import { functionNameOf } from "./function-names.ts";
import { historyShape, historyText, isHistoryItem } from "./history-items.ts";
import type { HistoryItem } from "./history-items.ts";
import { isItem } from "./is-item.ts";
import { cutOff, imported } from "./item-fields.ts";
import { isObject } from "./json-merge-patch.ts";
import { jsonOr } from "./stored-bounds.ts";

export { textOfParts } from "./content-parts.ts";
export type { Media, Part } from "./content-parts.ts";

/**
 * The item vocabulary of Open Responses, as turns store it. A turn's input and output are each the text of one plain
 * message, or a list of items.
 */
export const item = z.lazy(() => {
  const [kept, unfinished] = [imported(), cutOff()];
  return z.discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("message"),
      role: z.enum(["system", "developer", "user", "assistant"]),
      content: z.union([z.string(), z.array(part)]),
      /** Whether the model still works on its answer. Source: Open Responses. */
      phase: z.enum(["commentary", "final_answer"]).optional(),
      ...unfinished,
      ...kept,
    }),
    z.strictObject({
      type: z.literal("function_call"),
      call_id: z.string(),
      name: z.string(),
      /** The group of functions that it is in. */
      namespace: z.string().optional(),
      /** JSON, as the model wrote it. */
      arguments: z.string(),
      /** Opaque: the provider wants it back with the call. */
      signature: z.string().optional(),
      ...unfinished,
      ...kept,
    }),
    z.strictObject({
      type: z.literal("function_call_output"),
      call_id: z.string(),
      output: z.union([z.string(), z.array(part)]),
      ...kept,
    }),
    /** A model's reasoning. It is stored, and shown to no model. */
    z.strictObject({
      type: z.literal("reasoning"),
      /** The reasoning itself, if the model shows it. */
      text: z.string(),
      summary: z.array(z.string()).optional(),
      /** Opaque: the client sent it, or the provider wants it back (provider-replay.ts). */
      encrypted_content: z.string().optional(),
      ...kept,
    }),
    /** A summary of all earlier items. */
    z.strictObject({ type: z.literal("compaction"), text: z.string(), ...kept }),
    clientShapes.unwrap(),
    historyShape.unwrap(),
  ]);
});
export type Item = z.infer<typeof item>;

export const contentShape = z.lazy(() => z.union([z.string(), z.array(item)]));
export type Content = z.infer<typeof contentShape>;

/** A tool call in a chat completion's message. Source: the OpenAI API, `ChatCompletionMessageToolCall`. */
export interface ToolCall {
  id: string;
  type: "function";
  function: { name: string; arguments: string };
  /** Google's place for what it wants back with the call. */
  extra_content?: { google: { thought_signature: string } };
}

/** An item as a chat completion's message, for models and readers. */
export type Message =
  | { role: "system" | "developer"; content: string; loads?: LoadedTool[] }
  | {
      role: "user";
      /** Its text. */
      content: string;
      /** The whole content, if it is more than text. */
      parts?: Part[];
    }
  | {
      role: "assistant";
      content: string;
      tool_calls?: ToolCall[];
      /** The `encrypted_content` of the reasoning before it. */
      replay?: string;
    }
  /** A tool's result, and the call that it answers. Parts: the whole result, if it is more than text. */
  | { role: "tool"; content: string; tool_call_id: string; parts?: Part[]; loads?: LoadedTool[] };

/** A tool that the model may call from its message on, as the client described it. */
export type LoadedTool = Record<string, unknown>;

/** Marks stored lists of items. A text that begins with it is stored as a list of one item. */
const ITEMS_MARK = "\u0001";

/** Content as `turns.input` and `turns.output` store it. */
export function encodeContent(content: Content, role: Message["role"]): string {
  if (typeof content !== "string") return ITEMS_MARK + JSON.stringify(content);
  if (!content.startsWith(ITEMS_MARK)) return content;
  return ITEMS_MARK + JSON.stringify([{ type: "message", role, content }]);
}

/**
 * Stored text that is no list of items is shown as it is.
 *
 * @param fill - puts texts that are stored elsewhere into the text or the list
 */
export function decodeContent(
  stored: string,
  role: Message["role"],
  fill: (value: unknown) => unknown = (value) => value,
): Content {
  if (!stored.startsWith(ITEMS_MARK)) return fill(stored) as string;
  const items = fill(jsonOr(stored.slice(ITEMS_MARK.length), null));
  return Array.isArray(items) && items.every(isItem) ? plainContent(items as Item[], role) : stored;
}

/** Content in its shortest form: one plain message of this role is its text. */
export function plainContent(items: Content, role: Message["role"]): Content {
  if (typeof items === "string" || items.length !== 1) return items;
  const [only] = items;
  const isPlain =
    only?.type === "message" &&
    only.role === role &&
    typeof only.content === "string" &&
    Object.keys(only).length === 3;
  return isPlain ? (only.content as string) : items;
}

export function messagesOf(content: Content, role: "user" | "assistant"): Message[] {
  if (typeof content === "string") return [{ role, content }];
  let replay: string | undefined;
  return content.flatMap((one) => {
    if (one.type === "reasoning") replay = one.encrypted_content ?? replay;
    return messageOf(one).map((message): Message => {
      if (message.role !== "assistant" || replay === undefined) return message;
      const replayed = { ...message, replay };
      replay = undefined;
      return replayed;
    });
  });
}

/** At most one message, none for reasoning. The SQL of turns.ts counts messages by the same rule. */
function messageOf(one: Item): Message[] {
  if (one.type === "reasoning" || one.type === "configuration_update") return [];
  if (one.type === "compaction")
    return [{ role: "system", content: `What was said before, summed up:\n${one.text}` }];
  if (one.type === "message") {
    const { role, content } = one;
    const message = { role, content: textOfParts(content) };
    return [
      role === "user" && typeof content !== "string" && !isText(content)
        ? { role, content: message.content, parts: content }
        : message,
    ];
  }
  if (isHistoryItem(one)) return [historyMessage(one)];
  if (one.call_id === null) return [{ role: "assistant", content: historyText(one) }];
  const { call_id: id } = one;
  if (one.type === "function_call") {
    const called = { name: functionNameOf(one), arguments: one.arguments };
    return [callMessage(id, called, one.signature)];
  }
  if (isClientCall(one)) return [callMessage(id, asFunctionCall(one), one.signature)];
  const output = one.type === "function_call_output" ? one.output : resultOf(one);
  return [
    {
      role: "tool",
      content: textOfParts(output),
      tool_call_id: id,
      ...(typeof output !== "string" && !isText(output) && { parts: output }),
      ...(one.type === "tool_search_output" && { loads: one.tools }),
    },
  ];
}

const callMessage = (
  id: string,
  called: ToolCall["function"],
  signature: string | undefined,
): Message => {
  const made: ToolCall = {
    id,
    type: "function",
    function: called,
    ...(signature !== undefined && { extra_content: extraContent(signature) }),
  };
  return { role: "assistant", content: "", tool_calls: [made] };
};

/** Not in the place of instructions: others wrote what is in it. */
function historyMessage(one: HistoryItem): Message {
  const { tools } = one;
  if (one.type !== "additional_tools" || !Array.isArray(tools))
    return {
      role: one.type === "mcp_approval_response" ? "user" : "assistant",
      content: historyText(one),
    };
  const loads = tools.filter((each): each is LoadedTool => isObject(each));
  return { role: "developer", content: toolsText("More tools", loads), loads };
}

/** A call's signature, as Google's API and its clients have it. */
export const extraContent = (signature: string): NonNullable<ToolCall["extra_content"]> => ({
  google: { thought_signature: signature },
});

/** The words of a message that is a refusal and nothing else; null for any other item. */
export function refusalOf(one: Item): string | null {
  if (one.type !== "message" || typeof one.content === "string") return null;
  const [only, ...others] = one.content;
  return only?.type === "refusal" && others.length === 0 ? only.refusal : null;
}

/** The pictures and files of a message. */
export const mediaOf = (message: Message): Media[] =>
  message.role === "user" || message.role === "tool"
    ? (message.parts ?? []).filter(
        (each) => each.type === "input_image" || each.type === "input_file",
      )
    : [];

export const toolCallsOf = (message: Message): ToolCall[] =>
  message.role === "assistant" ? (message.tool_calls ?? []) : [];

/** The texts of all messages, without results of tools, as one text. */
export const textOf = (content: Content, role: "user" | "assistant"): string =>
  messagesOf(content, role)
    .filter((message) => message.role !== "tool")
    .map((message) => message.content)
    .filter((text) => text !== "")
    .join("\n");
