import { isObject } from "../../shared/json-merge-patch.ts";
import { documentsIn, fieldsIn, idIn, listIn, textIn } from "../reading/fields.ts";
import type { Fields } from "../reading/fields.ts";
import { argumentsOf } from "../reading/message-builder.ts";
import type { Tally } from "../reading/tally.ts";
import { outputText } from "../shapes/content-parts.ts";

/**
 * Messages of a span as chat completions have them: there a message has `parts`.
 * Source: OpenTelemetry semantic conventions 1.38, gen-ai-input-messages.json and gen-ai-output-messages.json.
 */
export const chatMessagesOf = (messages: unknown, left: Tally): Fields[] =>
  documentsIn(messages).flatMap((message) => chatMessages(message, left));

/** The instructions of a span: a text, or a list of parts. */
export function instructionsOf(value: unknown, left: Tally): string {
  if (typeof value === "string") return value;
  const content = listIn(value).flatMap((part) => contentPart(fieldsIn(part), left));
  return content.flatMap(({ text }) => textIn(text) ?? []).join("\n");
}

/** One message; the results of tools are messages of their own. */
function chatMessages(message: Fields, left: Tally): Fields[] {
  const { role = "user", parts, name } = message;
  if (!Array.isArray(parts)) return isObject(message) ? [message] : [];
  const content: Fields[] = [];
  const tool_calls: Fields[] = [];
  const results: Fields[] = [];
  for (const part of documentsIn(parts)) {
    // Where a part has both, results name the second.
    const id = idIn(part["call_id"]) ?? idIn(part["id"]);
    if (part["type"] === "tool_call")
      tool_calls.push({
        id: id ?? `call_${tool_calls.length + 1}`,
        type: "function",
        function: {
          name: textIn(part["name"]) ?? "tool",
          arguments: argumentsOf(part["arguments"]),
        },
      });
    else if (part["type"] === "tool_call_response")
      results.push({
        role: "tool",
        tool_call_id: id ?? `call_${results.length + 1}`,
        content: outputText(part["response"] ?? part["result"]),
      });
    else content.push(...contentPart(part, left));
  }
  if (content.length === 0 && tool_calls.length === 0) return results;
  const [only, ...more] = content;
  const text = more.length === 0 ? textIn(only?.["text"]) : undefined;
  return [
    ...results,
    {
      role,
      content: content.length === 0 ? null : (text ?? content),
      ...(tool_calls.length > 0 && { tool_calls }),
      ...(typeof name === "string" && { name }),
    },
  ];
}

function contentPart(part: Fields, left: Tally): Fields[] {
  const type = textIn(part["type"]) ?? "content of no type";
  const { content, uri, file_id, modality, mime_type } = part;
  if (type === "text") return typeof content === "string" ? textParts(content, left) : [];
  const isImage = modality === "image";
  if (type === "uri" && typeof uri === "string")
    return [isImage ? imagePart(uri) : { type: "file", file: { file_url: uri } }];
  if (type === "blob" && typeof content === "string") {
    const data = `data:${textIn(mime_type) ?? "application/octet-stream"};base64,${content}`;
    return [isImage ? imagePart(data) : { type: "file", file: { file_data: data } }];
  }
  if (type === "file" && typeof file_id === "string") return [{ type: "file", file: { file_id } }];
  left.add(type === "reasoning" ? "reasoning" : `content ${type}`);
  return [];
}

/** A text without a word stands for a call that the instrumentation could not write. */
function textParts(text: string, left: Tally): Fields[] {
  if (text === "") left.add("empty texts");
  return text === "" ? [] : [{ type: "text", text }];
}

const imagePart = (url: string): Fields => ({ type: "image_url", image_url: { url } });
