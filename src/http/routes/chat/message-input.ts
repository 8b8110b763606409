import { z } from "zod";

import { text, url } from "../../../openai/responses/content-input.ts";
import type { Item, Part } from "../../../shared/items.ts";
import { documentedSchemas } from "../../../shared/field-schemas.ts";
import { ITEM_ID } from "../../../shared/item-fields.ts";
import { invalid, parse } from "../../read-request.ts";
import { resultText } from "./ui-chunks.ts";

const ID_RULE = "takes 1 to 128 visible ASCII characters";
const messageId = z.string({ error: ID_RULE }).regex(/^[\x21-\x7e]{1,128}$/, ID_RULE);

const textPart = z.looseObject({ type: z.literal("text"), text });
const filePart = z.looseObject({
  type: z.literal("file"),
  mediaType: z.string({ error: "takes a media type, such as image/png" }).max(256),
  filename: text.max(ITEM_ID).optional(),
  url,
  providerReference: z
    .null({ error: "takes nothing: there is no file store here; send the file as its url" })
    .optional(),
});
const userPart = z.discriminatedUnion("type", [textPart, filePart], {
  error: 'takes "text" or "file" in a message of the user',
});
const userMessage = z.looseObject({
  id: messageId,
  role: z.literal("user"),
  parts: z.array(userPart, { error: "takes a list of parts" }).min(1, "is empty; send a text"),
});
const anyPart = z.looseObject({ type: z.string({ error: "takes the type of the part" }) });
const assistantMessage = z.looseObject({
  id: messageId,
  role: z.literal("assistant"),
  parts: z.array(anyPart, { error: "takes a list of parts" }),
});
const lastMessage = z.discriminatedUnion("role", [userMessage, assistantMessage], {
  error: 'takes "user" or "assistant" in the last message',
});

/** The SDK sends all of the chat: more messages than a page shows. */
const MESSAGES = 10_000;
/** UI messages. Only the last one is read: the session has the others. */
export const uiMessages = z
  .array(z.unknown(), { error: "takes a list of UI messages" })
  .min(1, "is empty; send the message")
  .max(MESSAGES, `takes ${MESSAGES} messages at most`);
documentedSchemas.set(uiMessages, () => z.array(lastMessage).min(1).max(MESSAGES));

/** A part of a tool in an assistant's message. The SDK sends its fields by its state. */
const toolPart = z.looseObject({
  toolCallId: text.min(1, "takes the id of a call").max(ITEM_ID),
  state: z.string(),
  output: z.unknown().optional(),
  errorText: text.optional(),
});

/** What the last UI message of a request says. */
export interface SentMessage {
  id: string;
  role: "user" | "assistant";
  items: Item[];
  /** Tells the results of one step of a message from those of another step. */
  step: number;
}

/**
 * Reads the last message of a request. The session has the others.
 *
 * @throws ApiError `invalid_request`
 */
export function readLastMessage(messages: readonly unknown[]): SentMessage {
  const at = messages.length - 1;
  const schema = z.object({ messages: z.object({ [at]: lastMessage }) });
  const read = parse(schema, { messages: { [at]: messages[at] } }).messages[at];
  const { id, role } = read as z.infer<typeof lastMessage>;
  if (read?.role === "user") return { id, role, items: [userItem(read.parts)], step: 0 };
  const parts = read?.parts ?? [];
  const step = parts.filter(({ type }) => type === "step-start").length;
  return { id, role, items: resultItems(parts, `messages.${at}.parts`), step };
}

function userItem(parts: readonly z.infer<typeof userPart>[]): Item {
  const [only, ...others] = parts;
  const content =
    only?.type === "text" && others.length === 0 ? only.text : parts.map((part) => partOf(part));
  return { type: "message", role: "user", content };
}

function partOf(part: z.infer<typeof userPart>): Part {
  if (part.type === "text") return { type: "input_text", text: part.text };
  const { url: at, mediaType, filename } = part;
  if (mediaType === "image" || mediaType.startsWith("image/"))
    return { type: "input_image", image_url: at };
  return {
    type: "input_file",
    ...(filename !== undefined && { filename }),
    ...(at.startsWith("data:") ? { file_data: at } : { file_url: at }),
  };
}

/** Results in the last step of the assistant's message. The client ran those tools. */
function resultItems(parts: readonly z.infer<typeof anyPart>[], path: string): Item[] {
  const from = parts.findLastIndex(({ type }) => type === "step-start") + 1;
  const items: Item[] = [];
  for (const [index, part] of parts.slice(from).entries()) {
    if (!part.type.startsWith("tool-") && part.type !== "dynamic-tool") continue;
    const field = `${path}.${from + index}`;
    const tool = readTool(part, field);
    if (tool.state === "output-available")
      items.push(resultItem(tool.toolCallId, resultText(tool.output)));
    else if (tool.state === "output-error")
      items.push(resultItem(tool.toolCallId, JSON.stringify({ error: tool.errorText ?? "" })));
    else
      throw invalid(
        `${field} has the state ${JSON.stringify(tool.state).slice(0, 64)}: send the results of all calls together.`,
        field,
      );
  }
  if (items.length > 0) return items;
  throw invalid(
    "The last message is the assistant's, and has no result of a tool. Send a message of the user, or follow GET /chat/{id}/stream.",
    "messages",
  );
}

function readTool(part: unknown, field: string): z.infer<typeof toolPart> {
  const read = toolPart.safeParse(part);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const at = [field, ...(issue?.path ?? [])].join(".");
  throw invalid(`${at} ${issue?.message ?? "is wrong"}.`, at);
}

const resultItem = (call_id: string, output: string): Item => ({
  type: "function_call_output",
  call_id,
  output,
});
