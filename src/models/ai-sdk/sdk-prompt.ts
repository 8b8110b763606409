import type { JSONObject, LanguageModelV4FilePart, LanguageModelV4Message } from "@ai-sdk/provider";

import { mediaOf, toolCallsOf } from "../../shared/items.ts";
import type { Message, Part, ToolCall } from "../../shared/items.ts";
import { openReplay } from "../../shared/provider-replay.ts";
import { unable } from "./sdk-errors.ts";
import type { Dialect } from "./sdk-options.ts";
import { parseJson } from "../../shared/json.ts";

/**
 * Messages as the AI SDK's providers take them. Pictures and files of tools' results follow the results as a message of the
 * user: no provider of chat completions takes them in a result.
 *
 * @throws ModelError for pictures and files that this provider cannot take
 */
export function promptOf(
  name: string,
  messages: readonly Message[],
  dialect: Dialect,
): LanguageModelV4Message[] {
  const calls = new Map(messages.flatMap(toolCallsOf).map((call) => [call.id, call]));
  return messages.flatMap((message, index) => {
    if (message.role !== "tool") return [messageOf(name, message, dialect)];
    const toolName = calls.get(message.tool_call_id)?.function.name ?? "";
    const isLast = messages[index + 1]?.role !== "tool";
    const media = isLast ? mediaBefore(name, messages, index, dialect) : [];
    return [
      resultOf(message, toolName),
      ...(media.length > 0 ? [{ role: "user" as const, content: media }] : []),
    ];
  });
}

type Of<Role extends Message["role"]> = Extract<Message, { role: Role }>;

function resultOf(
  { content, tool_call_id: toolCallId, parts }: Of<"tool">,
  toolName: string,
): LanguageModelV4Message {
  const value = content === "" && parts ? "The result follows in the next message." : content;
  return {
    role: "tool",
    content: [
      { type: "tool-result", toolCallId, toolName, output: { type: "text" as const, value } },
    ],
  };
}

/** The pictures and files of the results that end at an index, each after its call's id. */
function mediaBefore(
  name: string,
  messages: readonly Message[],
  end: number,
  dialect: Dialect,
): UserParts {
  const begin = messages.findLastIndex((each, at) => at < end && each.role !== "tool") + 1;
  return messages.slice(begin, end + 1).flatMap((result): UserParts => {
    const media = mediaOf(result);
    if (result.role !== "tool" || media.length === 0) return [];
    const text = `From the result of the call ${result.tool_call_id}:`;
    return [{ type: "text", text }, ...media.flatMap((part) => partOf(name, part, dialect))];
  });
}

function messageOf(
  name: string,
  message: Exclude<Message, Of<"tool">>,
  dialect: Dialect,
): LanguageModelV4Message {
  const { content } = message;
  if (message.role === "assistant") return assistantMessage(name, message, dialect);
  // "developer" is OpenAI's newer word; compatible servers and Workers AI know only "system".
  if (message.role !== "user") return { role: "system", content };
  const parts = message.parts?.flatMap((part) => partOf(name, part, dialect));
  return { role: "user", content: parts ?? [{ type: "text", text: content }] };
}

function assistantMessage(
  name: string,
  message: Of<"assistant">,
  dialect: Dialect,
): LanguageModelV4Message {
  const { content, replay: sealed } = message;
  const calledTools = toolCallsOf(message).map((call) => toolCallPart(call, dialect));
  const hasText = content !== "" || calledTools.length === 0;
  const replay = sealed === undefined ? null : openReplay(sealed);
  const isOwn = replay !== null && (replay.model === null || replay.model === name);
  return {
    role: "assistant",
    content: [...(hasText ? [{ type: "text" as const, text: content }] : []), ...calledTools],
    ...(isOwn && { providerOptions: { openaiCompatible: replay.fields as JSONObject } }),
  };
}

const toolCallPart = (
  { id, function: { name, arguments: args }, extra_content: extra }: ToolCall,
  { takesArgumentText }: Dialect,
) => ({
  type: "tool-call" as const,
  toolCallId: id,
  toolName: name,
  input: takesArgumentText ? args : jsonOr(args),
  ...(extra && {
    providerOptions: { google: { thoughtSignature: extra.google.thought_signature } },
  }),
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
