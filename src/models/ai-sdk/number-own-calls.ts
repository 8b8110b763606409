import { parseJson } from "../../shared/json.ts";

/** A call in Workers AI's own form. The form of OpenAI has `function`, and numbers its calls. */
interface OwnCall {
  name: string;
  arguments?: unknown;
  index?: number;
}

/**
 * Numbers the tool calls of frames in Workers AI's own form. Their calls are whole, and have no index: the AI SDK's provider
 * takes them for pieces of one call, and joins their arguments. Ids in the arguments keep all digits.
 */
export function numberOwnCalls(): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let rest = "";
  let next = 0;
  const number = (call: unknown): unknown => {
    if (!isOwnCall(call)) return call;
    // A call of a tool without parameters may have null there. Its text is not "null": the provider makes `{}` of none.
    const args = call.arguments ?? undefined;
    const text = args === undefined || typeof args === "string" ? args : JSON.stringify(args);
    return { ...call, index: next++, arguments: text };
  };
  const numbered = (line: string): string => {
    if (!line.startsWith("data:") || !line.includes('"tool_calls"')) return line;
    const frame = objectIn(line.slice("data:".length));
    const calls = frame?.tool_calls;
    if (!Array.isArray(calls) || !calls.some(isOwnCall)) return line;
    return `data: ${JSON.stringify({ ...frame, tool_calls: calls.map(number) })}`;
  };
  return new TransformStream({
    transform(chunk, controller) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      if (lines.length > 0)
        controller.enqueue(encoder.encode(`${lines.map(numbered).join("\n")}\n`));
    },
    flush(controller) {
      if (rest !== "") controller.enqueue(encoder.encode(numbered(rest)));
    },
  });
}

const isOwnCall = (call: unknown): call is OwnCall =>
  typeof call === "object" &&
  call !== null &&
  "name" in call &&
  typeof call.name === "string" &&
  !("index" in call);

/** Null for what is no JSON object. */
function objectIn(json: string): Record<string, unknown> | null {
  try {
    const value = parseJson(json);
    return typeof value === "object" ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}
