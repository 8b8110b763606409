import type { Part } from "../../shared/items.ts";
import { documentsIn, fieldsIn, idIn, textIn } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { Tally } from "./tally.ts";
import type { FoundRole } from "./turns.ts";

/** Parts with a model's thoughts, which it did not say. */
const REASONING = new Set(["reasoning", "reasoning_content", "thinking", "redacted_thinking"]);
const AUDIO = new Set(["audio", "input_audio", "output_audio"]);

/** A message's content as parts of ours. Content that the format has no part for is counted. */
export function contentOf(value: unknown, role: FoundRole, left: Tally): string | Part[] {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value !== "object") return JSON.stringify(value);
  if (!Array.isArray(value)) return ofObject(value);
  if (role === "tool") return outputOf(value);
  return plainest(value.flatMap((each) => partOf(each, role, left)));
}

/** Parts as a content: a text where there is nothing else, and no empty ones. */
export function plainest(all: readonly Part[]): string | Part[] {
  const parts = all.filter((part) => !("text" in part) || part.text !== "");
  const [only, ...rest] = parts;
  if (!only) return "";
  return rest.length === 0 && "text" in only ? only.text : parts;
}

/** A tool's output is one text: of texts, or as it came. */
function outputOf(value: unknown[]): string {
  const texts = value
    .flatMap((each) => partOf(each, "tool", new Tally()))
    .flatMap((part) => ("text" in part ? [part.text] : []));
  return texts.length === value.length ? texts.join("\n") : JSON.stringify(value);
}

/** `{"text": "..."}` is its text, another object what it says. */
function ofObject(value: object): string {
  const [[name, text] = [], ...more] = Object.entries(value);
  const isWrapped = more.length === 0 && (name === "text" || name === "body");
  return isWrapped && typeof text === "string" ? text : JSON.stringify(value);
}

/** Whether a list is one of parts, and not something that a text only looks like. */
export const isParts = (value: unknown): value is unknown[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((each) => textIn(fieldsIn(each)["type"]) !== undefined);

const IMAGES = new Set(["image_url", "input_image", "image", "image-data", "image-url"]);
const FILES = new Set(["file", "input_file", "document", "file-data", "file-url", "media"]);

/** A part as OpenAI, Anthropic, Google, LangChain and the AI SDK write it. */
function partOf(value: unknown, role: FoundRole, left: Tally): Part[] {
  if (typeof value === "string") return [textPart(value, role)];
  const part = fieldsIn(value);
  const type = textIn(part["type"]);
  if (type === undefined) {
    left.add("content of no type");
    return [];
  }
  if (TEXT.test(type) && typeof part["text"] === "string") return [textPart(part["text"], role)];
  const refusal = textIn(part["refusal"]);
  if (type === "refusal" && refusal !== undefined) return [{ type, refusal }];
  const isFile = FILES.has(type);
  const from = isFile || IMAGES.has(type) ? referenceIn(part) : null;
  const isImage = IMAGES.has(type) || (isFile && from?.type?.startsWith("image/"));
  const found = from && (isImage ? imageOf(from) : fileOf(from));
  if (found) return [found];
  const what = REASONING.has(type) ? "reasoning" : AUDIO.has(type) ? "audio" : `content ${type}`;
  left.add(what);
  return [];
}

const TEXT = /^(?:input_|output_)?text$/;

export const textPart = (said: string, role: FoundRole): Part => ({
  type: role === "assistant" ? "output_text" : "input_text",
  text: said,
});

/** Where a picture or a file lies, or what is in it. */
interface Reference {
  url: string | undefined;
  /** A `data:` address, where the type is known or the part has one. */
  data: string | undefined;
  type: string | undefined;
  file_id: string | undefined;
  filename: string | undefined;
  detail: string | undefined;
}

/** Where providers put what a part is of: in a field of its own, or in the part. */
function referenceIn(part: Fields): Reference {
  const inner = [part["image_url"], part["source"], part["file"], part["data"]];
  const all = [...documentsIn(inner), part];
  const first = (...names: string[]): string | undefined =>
    all.flatMap((each) => names.map((name) => idIn(each[name]))).find((text) => text !== undefined);
  const type = first("mediaType", "media_type", "mime_type", "mimeType", "contentType");
  const address = textIn(part["image_url"]) ?? first("url", "file_url");
  // The AI SDK has an address and the bytes of a file in the same field.
  const bytes = first("image", "data", "base64");
  const isAddress = bytes !== undefined && /^(?:https?|data):/.test(bytes);
  const data =
    isAddress || bytes === undefined ? undefined : `data:${type ?? UNTYPED};base64,${bytes}`;
  return {
    url: address ?? (isAddress ? bytes : undefined),
    data: first("file_data") ?? data,
    type,
    file_id: first("file_id", "fileId"),
    filename: first("filename", "fileName", "name"),
    detail: first("detail"),
  };
}

const UNTYPED = "application/octet-stream";

function imageOf({ url, data, file_id, detail }: Reference): Part | null {
  const image_url = url ?? data;
  if (image_url === undefined && file_id === undefined) return null;
  return {
    type: "input_image",
    ...(image_url !== undefined && { image_url }),
    ...(file_id !== undefined && { file_id }),
    ...(detail !== undefined && { detail }),
  };
}

function fileOf({ url, data, file_id, filename }: Reference): Part | null {
  const isInline = url?.startsWith("data:") === true;
  const file_data = data ?? (isInline ? url : undefined);
  if (url === undefined && file_data === undefined && file_id === undefined) return null;
  return {
    type: "input_file",
    ...(filename !== undefined && { filename }),
    ...(file_id !== undefined && { file_id }),
    ...(url !== undefined && !isInline && { file_url: url }),
    ...(file_data !== undefined && { file_data }),
  };
}
