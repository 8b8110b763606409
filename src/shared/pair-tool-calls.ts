import { toolCallsOf } from "./items.ts";
import type { Message } from "./items.ts";

/**
 * Messages in the order that models require: parallel calls in one message, with the text right before them, then their
 * results. Results may have come later. A call without a result, and a result without a call, are left out: models refuse
 * them, and a window starts anywhere.
 */
export function pairToolCalls(messages: readonly Message[]): Message[] {
  const paired: Message[] = [];
  for (let at = 0; at < messages.length;) {
    const message = messages[at] as Message;
    const calls = run(messages, at, (each) => toolCallsOf(each).length > 0);
    at += Math.max(1, calls.length);
    if (calls.length === 0) {
      if (message.role !== "tool") paired.push(message);
      continue;
    }
    // By id: a call that was sent twice counts once.
    const made = [...new Map(calls.flatMap(toolCallsOf).map((call) => [call.id, call])).values()];
    const answered = made.flatMap((call) => resultOf(call.id, messages, at) ?? []);
    const ids = new Set(answered.map(({ tool_call_id }) => tool_call_id));
    const before = paired.at(-1);
    const isMerged =
      ids.size > 0 && before?.role === "assistant" && toolCallsOf(before).length === 0;
    if (isMerged) paired.pop();
    const content = [...(isMerged ? [before] : []), ...calls]
      .map((call) => call.content)
      .filter((text) => text !== "")
      .join("\n");
    const tool_calls = made.filter(({ id }) => ids.has(id));
    if (ids.size > 0 || content !== "")
      paired.push({ role: "assistant", content, ...(ids.size > 0 && { tool_calls }) });
    paired.push(...answered);
  }
  return paired;
}

type ToolMessage = Extract<Message, { role: "tool" }>;

/** The result after a call, up to the next call of the same id. */
function resultOf(id: string, messages: readonly Message[], from: number): ToolMessage | null {
  for (const message of messages.slice(from)) {
    if (message.role === "tool" && message.tool_call_id === id) return message;
    if (toolCallsOf(message).some((call) => call.id === id)) return null;
  }
  return null;
}

/** The messages from an index on, up to the first of another kind. */
function run(
  messages: readonly Message[],
  from: number,
  matches: (message: Message) => boolean,
): Message[] {
  const end = messages.findIndex((message, index) => index >= from && !matches(message));
  return messages.slice(from, end < 0 ? undefined : end);
}
