import { z } from "zod";

import { isItem } from "./is-item.ts";
import { jsonOr } from "./stored-bounds.ts";
import { MAX_TIME_MS, isoTime } from "./time.ts";

/**
 * The item vocabulary of Open Responses, as turns store it. A turn's input and output are each the text of one plain
 * message, or a list of items.
 */
const roles = z.enum(["system", "developer", "user", "assistant"]);

const TIME_RULE = "takes a time like 2026-01-31T00:00:00.000Z";
/** A moment in ms since the epoch, from RFC 3339. */
export const momentMs = z.iso.datetime({ offset: true, error: TIME_RULE }).transform(Date.parse);

/** The longest id of an imported item, in characters. */
export const ITEM_ID = 256;

/** Fields of imported items. */
const imported = {
  /** The id in the system that it came from. */
  id: z.string().min(1).max(ITEM_ID).optional(),
  /** The item's time, if it differs from its turn's. */
  created_at: momentMs
    .refine((ms) => ms >= 0 && ms < MAX_TIME_MS, "takes a time from 1970 to 9999")
    .transform(isoTime)
    .optional(),
};

/** An item that the model did not finish. */
const cutOff = { status: z.literal("incomplete").optional() };

const part = z.lazy(() =>
  z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("input_text"), text: z.string() }),
    z.strictObject({ type: z.literal("output_text"), text: z.string() }),
    z.strictObject({ type: z.literal("refusal"), refusal: z.string() }),
    z.strictObject({
      type: z.literal("input_image"),
      image_url: z.string().optional(),
      file_id: z.string().optional(),
      detail: z.string().optional(),
    }),
    z.strictObject({
      type: z.literal("input_file"),
      filename: z.string().optional(),
      file_id: z.string().optional(),
      file_url: z.string().optional(),
      file_data: z.string().optional(),
    }),
  ]),
);
export type Part = z.infer<typeof part>;
export type Media = Extract<Part, { type: "input_image" | "input_file" }>;

export const item = z.lazy(() =>
  z.discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("message"),
      role: roles,
      content: z.union([z.string(), z.array(part)]),
      /** Whether the model still works on its answer. Source: Open Responses. */
      phase: z.enum(["commentary", "final_answer"]).optional(),
      ...cutOff,
      ...imported,
    }),
    z.strictObject({
      type: z.literal("function_call"),
      call_id: z.string(),
      name: z.string(),
      /** JSON, as the model wrote it. */
      arguments: z.string(),
      /** Opaque: the provider wants it back with the call. */
      signature: z.string().optional(),
      ...cutOff,
      ...imported,
    }),
    z.strictObject({
      type: z.literal("function_call_output"),
      call_id: z.string(),
      output: z.union([z.string(), z.array(part)]),
      ...imported,
    }),
    /** A model's reasoning. It is stored, and shown to no model. */
    z.strictObject({
      type: z.literal("reasoning"),
      /** The reasoning itself, if the model shows it. */
      text: z.string(),
      summary: z.array(z.string()).optional(),
      /** Opaque: the client sent it, or the provider wants it back (provider-replay.ts). */
      encrypted_content: z.string().optional(),
      ...imported,
    }),
    /** A summary of all earlier items. */
    z.strictObject({ type: z.literal("compaction"), text: z.string(), ...imported }),
  ]),
);
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
  | { role: "system" | "developer"; content: string }
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
  | { role: "tool"; content: string; tool_call_id: string; parts?: Part[] };

/** Marks stored lists of items. A text that begins with it is stored as a list of one item. */
const ITEMS_MARK = "\u0001";

/** Content as `turns.input` and `turns.output` store it. */
export function encodeContent(content: Content, role: Message["role"]): string {
  if (typeof content !== "string") return ITEMS_MARK + JSON.stringify(content);
  if (!content.startsWith(ITEMS_MARK)) return content;
  return ITEMS_MARK + JSON.stringify([{ type: "message", role, content }]);
}

/** Stored text that is no list of items is shown as it is. */
export function decodeContent(stored: string, role: Message["role"]): Content {
  if (!stored.startsWith(ITEMS_MARK)) return stored;
  const items = jsonOr(stored.slice(ITEMS_MARK.length), null);
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
  if (one.type === "reasoning") return [];
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
  const { call_id: id } = one;
  if (one.type === "function_call_output")
    return [
      {
        role: "tool",
        content: textOfParts(one.output),
        tool_call_id: id,
        ...(typeof one.output !== "string" && !isText(one.output) && { parts: one.output }),
      },
    ];
  const { name, arguments: args, signature } = one;
  const made: ToolCall = {
    id,
    type: "function",
    function: { name, arguments: args },
    ...(signature !== undefined && { extra_content: extraContent(signature) }),
  };
  return [{ role: "assistant", content: "", tool_calls: [made] }];
}

const isText = (content: string | Part[]): boolean =>
  typeof content === "string" || content.every((each) => "text" in each);

/** A call's signature, as Google's API and its clients have it. */
export const extraContent = (signature: string): NonNullable<ToolCall["extra_content"]> => ({
  google: { thought_signature: signature },
});

export const textOfParts = (parts: string | Part[]): string =>
  typeof parts === "string"
    ? parts
    : parts
        .map((each) => ("text" in each ? each.text : "refusal" in each ? each.refusal : ""))
        .filter((text) => text !== "")
        .join("\n");

/** The words of a message that is a refusal and nothing else; null for any other item. */
export function refusalOf(one: Item): string | null {
  if (one.type !== "message" || typeof one.content === "string") return null;
  const [only, ...others] = one.content;
  return only?.type === "refusal" && others.length === 0 ? only.refusal : null;
}

/** The texts of all messages and results of tools, as one text. */
export const wordsOf = (content: Content): string =>
  messagesOf(content, "user")
    .map((message) => message.content)
    .filter((text) => text !== "")
    .join("\n");

/** Content with each text changed. Parts that are no text stay. */
export function mapText(content: Content, change: (text: string) => string): Content {
  if (typeof content === "string") return change(content);
  return content.map((one) => {
    if (one.type === "function_call_output") {
      const { output } = one;
      return {
        ...one,
        output: typeof output === "string" ? change(output) : mapParts(output, change),
      };
    }
    if (one.type !== "message") return one;
    const before = textOfParts(one.content);
    const text = change(before);
    if (text === before) return one;
    if (typeof one.content === "string") return { ...one, content: text };
    const isPlain = one.content.every((each) => "text" in each || "refusal" in each);
    return { ...one, content: isPlain ? text : mapParts(one.content, change) };
  });
}

/** The texts as one changed text, then the other parts. */
function mapParts(parts: Part[], change: (text: string) => string): Part[] {
  const others = parts.filter((each) => !("text" in each || "refusal" in each));
  return [{ type: "input_text", text: change(textOfParts(parts)) }, ...others];
}

/** In UTF-16 units, with the data of pictures and files. */
export const lengthOf = (message: Message): number =>
  message.content.length +
  toolCallsOf(message).reduce((sum, { function: called }) => sum + called.arguments.length, 0) +
  mediaOf(message)
    .flatMap((each) => Object.values(each))
    .reduce((sum, text = "") => sum + text.length, 0);

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
