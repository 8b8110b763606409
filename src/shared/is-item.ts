import { clientShapes, isClientItem } from "./client-items.ts";
import { isHistoryItem } from "./history-items.ts";
import { isObject } from "./json-merge-patch.ts";

/** Texts that items of a type have. */
const TEXTS = new Map<unknown, readonly string[]>([
  ["message", ["role"]],
  ["function_call", ["call_id", "name", "arguments"]],
  ["function_call_output", ["call_id"]],
  ["reasoning", ["text"]],
  ["compaction", ["text"]],
]);

/** Whether readers can take a value as an item: a quick look, where the schema of items would cost each window time. */
export function isItem(value: unknown): boolean {
  if (!isObject(value) || typeof value["type"] !== "string") return false;
  const { type } = value;
  if (isHistoryItem({ type })) return true;
  // Few turns have one.
  if (isClientItem({ type })) return clientShapes.safeParse(value).success;
  const texts = TEXTS.get(type);
  if (!texts?.every((name) => typeof value[name] === "string")) return false;
  if (type === "message") return isContent(value["content"]);
  return type !== "function_call_output" || isContent(value["output"]);
}

const isContent = (content: unknown): boolean =>
  typeof content === "string" || (Array.isArray(content) && content.every(isPart));

const isPart = (part: unknown): boolean =>
  isObject(part) &&
  typeof part["type"] === "string" &&
  [part["text"], part["refusal"]].every((text) => text === undefined || typeof text === "string");
