import { contentOf } from "../reading/content.ts";
import { fieldsIn, idIn, listIn, textIn } from "../reading/fields.ts";
import type { Fields } from "../reading/fields.ts";
import type { MessageBuilder } from "../reading/message-builder.ts";
import type { Tally } from "../reading/tally.ts";
import type { FoundRole } from "../reading/turns.ts";

/** Parts that are a call: Anthropic's, the AI SDK's, LangChain's. */
const CALLS = new Set(["tool_use", "tool-call", "tool_call", "server_tool_use", "function_call"]);
/** Parts that are a call's result. */
const RESULTS = new Set(["tool_result", "tool-result", "web_search_tool_result"]);

/**
 * Adds the parts of a message in their order, calls and results among them.
 *
 * @param builder - of the message that the parts are of
 */
export function addParts(
  builder: MessageBuilder,
  parts: readonly unknown[],
  role: FoundRole,
  left: Tally,
): void {
  for (const [index, part] of parts.entries()) {
    const fields = fieldsIn(part);
    const type = textIn(fields["type"]) ?? "";
    if (CALLS.has(type) && nameIn(fields) !== undefined)
      builder.call(
        callIdIn(fields) ?? builder.callId(index),
        nameIn(fields) ?? "tool",
        fields["input"] ?? fields["args"] ?? fields["arguments"],
      );
    else if (RESULTS.has(type)) addResult(builder, fields, left);
    else {
      const content = contentOf([part], role, left);
      if (typeof content === "string") builder.text(content);
      else builder.add(...content);
    }
  }
}

/** Whether a list of parts has a call or a result in it. */
export const hasCalls = (parts: readonly unknown[]): boolean =>
  parts.some((part) => {
    const type = textIn(fieldsIn(part)["type"]) ?? "";
    return CALLS.has(type) || RESULTS.has(type);
  });

function addResult(builder: MessageBuilder, part: Fields, left: Tally): void {
  if (part["is_error"] === true || part["isError"] === true) left.add("error_marks");
  const output = outputText(part["output"] ?? part["result"] ?? part["content"]);
  builder.result(nameIn(part) ?? "tool", callIdIn(part) ?? null, output);
}

const nameIn = ({ toolName, name }: Fields): string | undefined => textIn(toolName) ?? textIn(name);

const callIdIn = ({ toolCallId, tool_use_id, tool_call_id, call_id, id }: Fields) =>
  idIn(toolCallId) ?? idIn(tool_use_id) ?? idIn(tool_call_id) ?? idIn(call_id) ?? idIn(id);

/** A tool's output as text: of texts, of the value that the AI SDK has around it, or as its JSON. */
export function outputText(output: unknown): string {
  if (output === null || output === undefined) return "";
  if (typeof output === "string") return output;
  const { type, value, text } = fieldsIn(output);
  if (type === "text" && typeof text === "string") return text;
  if (/^(?:error-)?(?:text|json|content)$/.test(textIn(type) ?? "") && value !== undefined)
    return outputText(value);
  const texts = listIn(output).map((part) => {
    const fields = fieldsIn(part);
    return textIn(fields["type"])?.endsWith("text") ? textIn(fields["text"]) : undefined;
  });
  const isText = texts.length > 0 && texts.every((each) => each !== undefined);
  return isText ? texts.join("\n") : JSON.stringify(output);
}
