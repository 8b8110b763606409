import { isNumber } from "../../shared/json.ts";
import { isObject } from "../../shared/json-merge-patch.ts";
import { boundCount } from "../../shared/stored-bounds.ts";

/** The text of a message's content: itself, or that of its parts. */
function textOfContent(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .map((part: unknown) =>
      isObject(part) && typeof part["text"] === "string" ? part["text"] : "",
    )
    .filter((text) => text !== "")
    .join("\n");
}

/** The question as one text: the user's last message, a response's input, or a prompt. */
export function askedIn(request: unknown): string {
  if (!isObject(request)) return "";
  const messages = request["messages"] ?? request["input"];
  if (typeof messages === "string") return messages;
  if (Array.isArray(messages)) {
    const last = messages.findLast((each: unknown) => isObject(each) && each["role"] === "user");
    return isObject(last) ? textOfContent(last["content"]) : "";
  }
  return typeof request["prompt"] === "string" ? request["prompt"] : "";
}

/** The first choice's answer as one text, with tool calls as JSON. */
export function answeredIn(response: unknown): string | null {
  if (typeof response === "string") return response;
  if (!isObject(response)) return null;
  const [choice] = Array.isArray(response["choices"]) ? response["choices"] : [];
  if (!isObject(choice)) return textOfOutput(response["output"]);
  const { message } = choice;
  if (!isObject(message)) return typeof choice["text"] === "string" ? choice["text"] : null;
  const text = textOfContent(message["content"]);
  if (text !== "") return text;
  if (typeof message["refusal"] === "string") return message["refusal"];
  return message["tool_calls"] ? JSON.stringify(message["tool_calls"]) : null;
}

/** The Responses API's shape. */
function textOfOutput(output: unknown): string | null {
  if (!Array.isArray(output)) return null;
  const texts = output.map((item: unknown) =>
    isObject(item) ? textOfContent(item["content"]) : "",
  );
  return texts.filter((text) => text !== "").join("\n") || null;
}

/** Tokens as OpenAI counts them, of chat completions or responses; null where the response does not say. */
export function usageIn(response: unknown): { input: number | null; output: number | null } {
  const usage = isObject(response) ? response["usage"] : null;
  const count = (...names: string[]): number | null => {
    const value = isObject(usage) ? names.map((name) => usage[name]).find(isNumber) : null;
    return isNumber(value) ? boundCount(value) : null;
  };
  return {
    input: count("prompt_tokens", "input_tokens"),
    output: count("completion_tokens", "output_tokens"),
  };
}

export const modelIn = (document: unknown): string | null =>
  isObject(document) && typeof document["model"] === "string" && document["model"] !== ""
    ? document["model"]
    : null;
