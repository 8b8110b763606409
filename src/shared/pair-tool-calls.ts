import { toolCallsOf } from "./items.ts";
import type { Message, ToolCall } from "./items.ts";

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
    const pairs = pairsOf(calls.flatMap(toolCallsOf), messages, at);
    const before = paired.at(-1);
    const isMerged =
      pairs.length > 0 && before?.role === "assistant" && toolCallsOf(before).length === 0;
    if (isMerged) paired.pop();
    const content = [...(isMerged ? [before] : []), ...calls]
      .map((call) => call.content)
      .filter((text) => text !== "")
      .join("\n");
    const tool_calls = pairs.map(([call]) => call);
    const replay = [...(isMerged ? [before] : []), ...calls].flatMap(replayOf)[0];
    if (pairs.length > 0 || content !== "")
      paired.push({
        role: "assistant",
        content,
        ...(pairs.length > 0 && { tool_calls }),
        ...(replay !== undefined && { replay }),
      });
    paired.push(...pairs.map(([, result]) => result));
  }
  return paired;
}

const replayOf = (message: Message): string[] =>
  message.role === "assistant" && message.replay !== undefined ? [message.replay] : [];

type ToolMessage = Extract<Message, { role: "tool" }>;

/**
 * Each call with its result: the n-th call of an id takes the n-th result. Some models give several calls one id; from
 * the second on they get ids of their own, so that they cannot be confused.
 */
function pairsOf(
  calls: readonly ToolCall[],
  messages: readonly Message[],
  from: number,
): [ToolCall, ToolMessage][] {
  const pairs: [ToolCall, ToolMessage][] = [];
  for (const same of Map.groupBy(calls, ({ id }) => id).values()) {
    const results = resultsOf((same[0] as ToolCall).id, messages, from);
    for (const [n, call] of same.entries()) {
      const result = results[n];
      if (!result) break;
      const id = n === 0 ? call.id : `${call.id}_${n + 1}`;
      pairs.push([
        { ...call, id },
        { ...result, tool_call_id: id },
      ]);
    }
  }
  return pairs;
}

/** The results after a call, up to the next call of the same id. */
function resultsOf(id: string, messages: readonly Message[], from: number): ToolMessage[] {
  const results: ToolMessage[] = [];
  for (const message of messages.slice(from)) {
    if (message.role === "tool" && message.tool_call_id === id) results.push(message);
    if (toolCallsOf(message).some((call) => call.id === id)) break;
  }
  return results;
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
