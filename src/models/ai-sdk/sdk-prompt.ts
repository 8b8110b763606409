import type { LanguageModelV4FilePart, LanguageModelV4Message } from "@ai-sdk/provider";

import { toolCallsOf } from "../../shared/items.ts";
import type { Message, Part, ToolCall } from "../../shared/items.ts";
import { unable } from "./sdk-errors.ts";
import type { Dialect } from "./sdk-options.ts";
import { parseJson } from "../../shared/json.ts";

/**
 * Messages as the AI SDK's providers take them.
 *
 * @throws ModelError for pictures and files that this provider cannot take
 */
export function promptOf(
  name: string,
  messages: readonly Message[],
  dialect: Dialect,
): LanguageModelV4Message[] {
  const calls = new Map(messages.flatMap(toolCallsOf).map((call) => [call.id, call]));
  return messages.map((message) => {
    const { role, content } = message;
    if (role === "tool") {
      const { tool_call_id: toolCallId } = message;
      const toolName = calls.get(toolCallId)?.function.name ?? "";
      const output = { type: "text" as const, value: content };
      return { role, content: [{ type: "tool-result", toolCallId, toolName, output }] };
    }
    // "developer" is OpenAI's newer word; compatible servers and Workers AI know only "system".
    if (role === "system" || role === "developer") return { role: "system", content };
    if (role === "user") {
      const parts = message.parts?.flatMap((part) => partOf(name, part, dialect));
      return { role, content: parts ?? [{ type: "text", text: content }] };
    }
    const calledTools = toolCallsOf(message).map((call) => toolCallPart(call, dialect));
    const hasText = content !== "" || calledTools.length === 0;
    return {
      role,
      content: [...(hasText ? [{ type: "text" as const, text: content }] : []), ...calledTools],
    };
  });
}

const toolCallPart = (
  { id, function: { name, arguments: args } }: ToolCall,
  { takesArgumentText }: Dialect,
) => ({
  type: "tool-call" as const,
  toolCallId: id,
  toolName: name,
  input: takesArgumentText ? args : jsonOr(args),
});

/** The parsed text. A model may have written arguments that are no JSON: then the text itself. */
function jsonOr(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

type UserParts = Extract<LanguageModelV4Message, { role: "user" }>["content"];

function partOf(name: string, part: Part, dialect: Dialect): UserParts {
  if (part.type === "input_image") return [imageOf(name, part, dialect)];
  if (part.type === "input_file") return [fileOf(name, part)];
  const text = part.type === "refusal" ? part.refusal : part.text;
  return text === "" ? [] : [{ type: "text", text }];
}

function imageOf(
  name: string,
  { image_url: url, detail }: Extract<Part, { type: "input_image" }>,
  { takesUrls }: Dialect,
): LanguageModelV4FilePart {
  if (url === undefined) throw unable(`${name} takes no files by id`);
  if (!takesUrls) {
    const { mediaType, data } = dataOf(url) ?? {};
    if (mediaType === undefined || data === undefined)
      throw unable(`${name} takes no pictures by URL; send a data URL`);
    return { type: "file", mediaType, data: { type: "data", data } };
  }
  if (!/^(?:https?|data):/i.test(url) || !URL.canParse(url))
    throw unable(`${name} takes pictures by http, https or data URL only`);
  return {
    type: "file",
    mediaType: "image",
    data: { type: "url", url: new URL(url) },
    // Overrides the provider's own field, which drops `detail` and rewrites the URL.
    providerOptions: {
      openaiCompatible: { image_url: { url, ...(detail !== undefined && { detail }) } },
    },
  };
}

function fileOf(
  name: string,
  { filename, file_url, file_data }: Extract<Part, { type: "input_file" }>,
): LanguageModelV4FilePart {
  const given = file_data ?? file_url;
  if (given === undefined) throw unable(`${name} takes no files by id`);
  const { mediaType, data } = dataOf(given) ?? bareData(file_data) ?? {};
  if (mediaType === undefined || data === undefined) {
    const why =
      file_data === undefined ? "no files by URL; send file_data" : "files in Base64 only";
    throw unable(`${name} takes ${why}`);
  }
  return {
    type: "file",
    mediaType,
    data: { type: "data", data },
    ...(filename !== undefined && { filename }),
  };
}

/** The type and Base64 content of a data URL. Null for any other URL. */
function dataOf(url: string): { mediaType: string; data: string } | null {
  const comma = url.indexOf(",");
  const [, mediaType] = /^data:([^;,]+)(?:;[^;,]+)*;base64$/i.exec(url.slice(0, comma)) ?? [];
  const data = url.slice(comma + 1);
  return mediaType !== undefined && isBase64(data) ? { mediaType, data } : null;
}

/** OpenAI also takes the Base64 of a PDF without a data URL around it. */
const bareData = (data: string | undefined) =>
  data !== undefined && isBase64(data) ? { mediaType: "application/pdf", data } : null;

const isBase64 = (text: string): boolean => /^[A-Za-z0-9+/]+={0,2}$/.test(text);
