import { z } from "zod";

import type { Part } from "../../shared/items.ts";
import { Tally } from "./tally.ts";
import type { FoundRole } from "./turns.ts";

const text = z.string().nullish();
const reference = z.looseObject({
  url: text,
  data: text,
  base64: text,
  media_type: text,
  mime_type: text,
  mimeType: text,
  file_id: text,
  fileId: text,
  id: text,
  file_data: text,
  filename: text,
  detail: text,
});
type Reference = z.infer<typeof reference>;

/** A part as OpenAI, Anthropic, Google and LangChain write it. */
const foundPart = z.looseObject({
  type: z.string(),
  text,
  refusal: text,
  image_url: z.union([z.string(), reference]).nullish(),
  source: reference.nullish().catch(null),
  file: reference.nullish().catch(null),
  file_url: text,
  file_data: text,
});

/** What a provider thought, and did not say. */
const REASONING = new Set(["reasoning", "reasoning_content", "thinking", "redacted_thinking"]);
const AUDIO = new Set(["audio", "input_audio", "output_audio"]);

/** A message's content in parts, as ours. What the format has no part for is counted. */
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

const wrapped = z.union([
  z.strictObject({ text: z.string() }),
  z.strictObject({ body: z.string() }),
]);

/** `{"text": "..."}` is its text, another object what it says. */
function ofObject(value: object): string {
  const parsed = wrapped.safeParse(value);
  if (!parsed.success) return JSON.stringify(value);
  return "text" in parsed.data ? parsed.data.text : parsed.data.body;
}

/** Whether a list is one of parts, and not something that a text only looks like. */
export const isParts = (value: unknown): value is unknown[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((each) => foundPart.safeParse(each).success);

function partOf(value: unknown, role: FoundRole, left: Tally): Part[] {
  if (typeof value === "string") return [textPart(value, role)];
  const parsed = foundPart.safeParse(value);
  if (!parsed.success) {
    left.add("content of no type");
    return [];
  }
  const part = parsed.data;
  const { type } = part;
  if (/^(?:input_|output_)?text$/.test(type) && typeof part.text === "string")
    return [textPart(part.text, role)];
  if (type === "refusal" && typeof part.refusal === "string")
    return [{ type, refusal: part.refusal }];
  if (["image_url", "input_image", "image"].includes(type)) {
    const image = imageOf(part);
    if (image) return [image];
  }
  if (["file", "input_file", "document"].includes(type)) {
    const file = fileOf(part);
    if (file) return [file];
  }
  const what = REASONING.has(type) ? "reasoning" : AUDIO.has(type) ? "audio" : `content ${type}`;
  left.add(what);
  return [];
}

export const textPart = (said: string, role: FoundRole): Part => ({
  type: role === "assistant" ? "output_text" : "input_text",
  text: said,
});

function imageOf(part: z.infer<typeof foundPart>): Part | null {
  const { image_url } = part;
  const own = reference.safeParse(part).data ?? {};
  const from =
    typeof image_url === "string" ? { url: image_url } : (image_url ?? part.source ?? own);
  const [url, file_id] = [urlOf(from), fileIdOf(from) ?? fileIdOf(own)];
  if (url === null && file_id === null) return null;
  const detail = from.detail ?? own.detail;
  return {
    type: "input_image",
    ...(url !== null && { image_url: url }),
    ...(file_id !== null && { file_id }),
    ...(typeof detail === "string" && { detail }),
  };
}

function fileOf(part: z.infer<typeof foundPart>): Part | null {
  const own = reference.safeParse(part).data ?? {};
  const from = part.file ?? part.source ?? own;
  const url = part.file_url ?? from.url ?? null;
  const data = part.file_data ?? from.file_data ?? (url === null ? urlOf(from) : null);
  const file_id = fileIdOf(from);
  const filename = from.filename ?? own.filename;
  if (url === null && data === null && file_id === null) return null;
  return {
    type: "input_file",
    ...(typeof filename === "string" && { filename }),
    ...(file_id !== null && { file_id }),
    ...(url !== null && { file_url: url }),
    ...(data !== null && { file_data: data }),
  };
}

function urlOf(from: Partial<Reference>): string | null {
  if (typeof from.url === "string") return from.url;
  const data = from.data ?? from.base64;
  if (typeof data !== "string") return null;
  const type = from.media_type ?? from.mime_type ?? from.mimeType ?? "application/octet-stream";
  return `data:${type};base64,${data}`;
}

const fileIdOf = (from: Partial<Reference>): string | null => from.file_id ?? from.fileId ?? null;
