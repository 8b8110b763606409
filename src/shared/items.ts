import { z } from "zod";

import { MAX_TIME_MS, isoTime } from "./time.ts";

/**
 * The item vocabulary of Open Responses, as turns hold it. A turn's input and output are each either one plain message,
 * as its bare text, or a list of items.
 */
const roles = z.enum(["system", "developer", "user", "assistant"]);

const TIME_RULE = "takes a time like 2026-01-31T00:00:00.000Z";
/** A moment in ms since the epoch, from RFC 3339. */
export const momentMs = z.iso.datetime({ offset: true, error: TIME_RULE }).transform(Date.parse);

/** An id from elsewhere has so many characters at most. */
export const ITEM_ID = 256;

/** What items may have beside what they are, where they came from elsewhere. */
const brought = {
  /** Where it came from, it had this id. */
  id: z.string().min(1).max(ITEM_ID).optional(),
  /** Where it was said at another time than its turn tells. */
  created_at: momentMs
    .refine((ms) => ms >= 0 && ms < MAX_TIME_MS, "takes a time from 1970 to 9999")
    .transform(isoTime)
    .optional(),
};

/** The model was stopped in the middle of it. */
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
      /** Of a model that says whether it is still at it: source: Open Responses. */
      phase: z.enum(["commentary", "final_answer"]).optional(),
      ...cutOff,
      ...brought,
    }),
    z.strictObject({
      type: z.literal("function_call"),
      call_id: z.string(),
      name: z.string(),
      /** JSON, as the model wrote it. */
      arguments: z.string(),
      ...cutOff,
      ...brought,
    }),
    z.strictObject({
      type: z.literal("function_call_output"),
      call_id: z.string(),
      output: z.union([z.string(), z.array(part)]),
      ...brought,
    }),
    /** What a model thought before it answered. It is kept, and shown to no model. */
    z.strictObject({
      type: z.literal("reasoning"),
      /** The thoughts themselves, where the model tells them. */
      text: z.string(),
      summary: z.array(z.string()).optional(),
      /** Whatever the client's own model made of them, as it came. */
      encrypted_content: z.string().optional(),
      ...brought,
    }),
    /** What was said before, summed up. */
    z.strictObject({ type: z.literal("compaction"), text: z.string(), ...brought }),
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
}

/** What a model is shown and a reader gets: one item, as a chat completion's message. */
export type Message =
  | { role: "system" | "developer"; content: string }
  | {
      role: "user";
      /** The text of it. */
      content: string;
      /** All of it, where it is more than text. */
      parts?: Part[];
    }
  | {
      role: "assistant";
      content: string;
      /** What it asked tools for. */
      tool_calls?: ToolCall[];
    }
  /** What a tool answered, and to which of the calls. */
  | { role: "tool"; content: string; tool_call_id: string };

/** Marks stored item lists. Bare text that happens to begin with it is stored as a list of one. */
const ITEMS_MARK = "\u0001";

/** Content as it lies in `turns.input` and `turns.output`. */
export function encodeContent(stored: Content, role: Message["role"]): string {
  if (typeof stored !== "string") return ITEMS_MARK + JSON.stringify(stored);
  if (!stored.startsWith(ITEMS_MARK)) return stored;
  return ITEMS_MARK + JSON.stringify([{ type: "message", role, content: stored }]);
}

export function decodeContent(stored: string, role: Message["role"]): Content {
  if (!stored.startsWith(ITEMS_MARK)) return stored;
  return plainContent(JSON.parse(stored.slice(ITEMS_MARK.length)) as Item[], role);
}

/** A list of nothing but one plain message of this role is that message's text. */
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

export function messagesOf(said: Content, role: "user" | "assistant"): Message[] {
  return typeof said === "string" ? [{ role, content: said }] : said.flatMap(messageOf);
}

/** None where no model is shown it: turns.ts counts them in SQL. */
function messageOf(one: Item): Message[] {
  if (one.type === "reasoning") return [];
  if (one.type === "compaction")
    return [{ role: "system", content: `What was said before, summed up:\n${one.text}` }];
  if (one.type === "message") {
    const { role, content } = one;
    const message = { role, content: textOfParts(content) };
    const isText = typeof content === "string" || content.every((each) => "text" in each);
    return [
      role === "user" && !isText ? { role, content: message.content, parts: content } : message,
    ];
  }
  const { call_id: id } = one;
  if (one.type === "function_call_output")
    return [{ role: "tool", content: textOfParts(one.output), tool_call_id: id }];
  const { name, arguments: args } = one;
  const made: ToolCall = { id, type: "function", function: { name, arguments: args } };
  return [{ role: "assistant", content: "", tool_calls: [made] }];
}

export const textOfParts = (parts: string | Part[]): string =>
  typeof parts === "string"
    ? parts
    : parts
        .map((each) => ("text" in each ? each.text : "refusal" in each ? each.refusal : ""))
        .filter((text) => text !== "")
        .join("\n");

/** All that was said, and all that tools gave, as one text. */
export const wordsOf = (said: Content): string =>
  messagesOf(said, "user")
    .map((message) => message.content)
    .filter((text) => text !== "")
    .join("\n");

/** What was said, each message's text as `change` makes it; parts that are no text stay. */
export function mapText(said: Content, change: (text: string) => string): Content {
  if (typeof said === "string") return change(said);
  return said.map((one) => {
    if (one.type === "function_call_output") {
      const { output } = one;
      return {
        ...one,
        output: typeof output === "string" ? change(output) : mapParts(output, change),
      };
    }
    if (one.type !== "message") return one;
    const text = change(textOfParts(one.content));
    if (typeof one.content === "string") return { ...one, content: text };
    const isText = one.content.every((each) => "text" in each || "refusal" in each);
    return { ...one, content: isText ? text : mapParts(one.content, change) };
  });
}

/** Their texts as one, before the others. */
function mapParts(parts: Part[], change: (text: string) => string): Part[] {
  const others = parts.filter((each) => !("text" in each || "refusal" in each));
  return [{ type: "input_text", text: change(textOfParts(parts)) }, ...others];
}

/** In UTF-16 units. Pictures and files may come as their data. */
export const lengthOf = (message: Message): number =>
  message.content.length +
  toolCallsOf(message).reduce((sum, { function: called }) => sum + called.arguments.length, 0) +
  mediaOf(message)
    .flatMap((each) => Object.values(each))
    .reduce((sum, text = "") => sum + text.length, 0);

/** The parts of a message that are no text. */
export const mediaOf = (message: Message): Media[] =>
  message.role === "user"
    ? (message.parts ?? []).filter(
        (each) => each.type === "input_image" || each.type === "input_file",
      )
    : [];

export const toolCallsOf = (message: Message): ToolCall[] =>
  message.role === "assistant" ? (message.tool_calls ?? []) : [];

/** All that was said, as one text. */
export const textOf = (said: Content, role: "user" | "assistant"): string =>
  messagesOf(said, role)
    .filter((message) => message.role !== "tool")
    .map((message) => message.content)
    .filter((text) => text !== "")
    .join("\n");
