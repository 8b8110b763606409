import { placedItems } from "../../../openai/responses/item.ts";
import type { PlacedItem } from "../../../openai/responses/item.ts";
import type { Item, Part } from "../../../shared/items.ts";
import { isVisible } from "../../../shared/turn.ts";
import type { Turn } from "../../../shared/turn.ts";
import {
  answerChunks,
  answerIdOf,
  continuesAnswer,
  itemChunks,
  messageIdIn,
  metadataOf,
} from "./turn-chunks.ts";
import { isResult, resultChunk } from "./ui-chunks.ts";
import type { UiChunk } from "./ui-chunks.ts";

/** A part of a UI message. Source: `UIMessagePart` of `ai` 7. */
export interface UiPart {
  type: string;
  [field: string]: unknown;
}

/** Source: `UIMessage` of `ai` 7. */
export interface UiMessage {
  id: string;
  role: "system" | "user" | "assistant";
  metadata?: Record<string, unknown>;
  parts: UiPart[];
}

type MessageItem = Extract<Item, { type: "message" }>;

/**
 * Turns as the messages that a client has after it streamed them. A failed turn is shown while it is the last one, without
 * an answer. A turn in progress has no answer yet: its stream brings it.
 *
 * @param turns - in order
 */
export function uiMessagesOf(turns: readonly Turn[]): UiMessage[] {
  const messages: UiMessage[] = [];
  const shown = turns.filter((turn, index) => isVisible(turn) || index === turns.length - 1);
  for (const [index, turn] of shown.entries())
    if (!isTriedAgain(turn, shown.slice(index + 1))) addTurn(messages, turn);
  return messages;
}

/** Under a legal hold another try of a stopped answer is a turn of its own. */
function isTriedAgain(turn: Turn, after: readonly Turn[]): boolean {
  if (turn.status !== "interrupted" || continuesAnswer(turn)) return false;
  const id = messageIdIn(turn);
  return id !== undefined && after.some((each) => messageIdIn(each) === id);
}

function addTurn(messages: UiMessage[], turn: Turn): void {
  const inputs = placedItems(turn).filter(({ side }) => side === "input");
  const sentId = inputs.length === 1 ? messageIdIn(turn) : undefined;
  for (const placed of inputs) {
    const message = asked(placed, sentId);
    if (message) messages.push(message);
    else addSaidBefore(messages, placed);
  }
  if (!isVisible(turn)) return;
  const chunks = answerChunks(turn);
  if (chunks.length === 0) return;
  const answer = answerIn(messages, answerIdOf(turn));
  addChunks(answer, [{ type: "start-step" }, ...chunks]);
  answer.metadata = { ...answer.metadata, ...metadataOf(turn) };
}

/** The last message, if it is the assistant's; else a new one. */
function answerIn(messages: UiMessage[], id: string): UiMessage {
  const last = messages.at(-1);
  if (last?.role === "assistant") return last;
  const made: UiMessage = { id, role: "assistant", parts: [] };
  messages.push(made);
  return made;
}

/** A message of the user or the system; null for any other item. @param sentId - the id that the client gave it */
function asked({ id, item }: PlacedItem, sentId: string | undefined): UiMessage | null {
  if (item.type !== "message" || item.role === "assistant") return null;
  const role = item.role === "user" ? "user" : "system";
  return { id: sentId ?? id, role, parts: partsOf(item) };
}

/** Adds an item of the assistant, or a tool's result, that came with a request. What follows a result is another step. */
function addSaidBefore(messages: UiMessage[], { id, item }: PlacedItem): void {
  if (isResult(item)) {
    addChunks(
      messages.findLast(({ role }) => role === "assistant"),
      [resultChunk(item)],
    );
    return;
  }
  const { parts } = answerIn(messages, id);
  if (parts.at(-1)?.["state"] === "output-available") parts.push({ type: "step-start" });
  addChunks(messages.at(-1), itemChunks(item, id));
}

const partsOf = ({ content }: MessageItem): UiPart[] =>
  typeof content === "string" ? [{ type: "text", text: content }] : content.map(partOf);

function partOf(part: Part): UiPart {
  if (part.type === "input_image") return filePart(part.image_url ?? "", "image/*");
  if (part.type === "input_file") {
    const { filename, file_url, file_data } = part;
    const file = filePart(file_data ?? file_url ?? "", "application/octet-stream");
    return filename === undefined ? file : { ...file, filename };
  }
  return { type: "text", text: part.type === "refusal" ? part.refusal : part.text };
}

const DATA_URL = /^data:([^;,]+)/;
const filePart = (url: string, otherwise: string): UiPart => ({
  type: "file",
  mediaType: DATA_URL.exec(url)?.[1] ?? otherwise,
  url,
});

/** Adds chunks to a message as the SDK does while it streams. */
function addChunks(message: UiMessage | undefined, chunks: readonly UiChunk[]): void {
  if (!message) return;
  const { parts } = message;
  for (const chunk of chunks) {
    if (chunk.type === "start-step") parts.push({ type: "step-start" });
    else if (chunk.type === "text-start") parts.push({ type: "text", text: "", state: "done" });
    else if (chunk.type === "reasoning-start")
      parts.push({ type: "reasoning", id: chunk.id, text: "", state: "done" });
    else if (chunk.type === "text-delta" || chunk.type === "reasoning-delta") {
      const last = parts.at(-1);
      if (last) last["text"] = `${String(last["text"])}${chunk.delta}`;
    } else if ("toolCallId" in chunk) addCall(parts, chunk);
  }
}

function addCall(parts: UiPart[], chunk: Extract<UiChunk, { toolCallId: string }>): void {
  const { toolCallId } = chunk;
  const known = parts.findLast((part) => part["toolCallId"] === toolCallId);
  if (chunk.type === "tool-input-available" || chunk.type === "tool-input-error") {
    const { toolName, input } = chunk;
    const isError = chunk.type === "tool-input-error";
    parts.push({
      type: `tool-${toolName}`,
      toolCallId,
      state: isError ? "output-error" : "input-available",
      input,
      ...(isError && { errorText: chunk.errorText }),
    });
  } else if (chunk.type === "tool-output-available" && known)
    Object.assign(known, { state: "output-available", output: chunk.output });
}
