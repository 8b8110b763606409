import type { TurnLine } from "../../account/archive/format/format.ts";
import type { Item, Part } from "../../shared/items.ts";
import { isoTime } from "../../shared/time.ts";

/** A message as other systems keep them: one after the other, with who said it. */
export interface FoundMessage {
  role: "system" | "developer" | "user" | "assistant" | "tool";
  content: string | Part[];
  /** The id that it had. */
  id?: string | undefined;
  /** Ms since the epoch. */
  at?: number | undefined;
  /** The model that answered, as `provider/model`. */
  model?: string | undefined;
  tool_calls?: { id: string; name: string; arguments: string }[] | undefined;
  /** The call that a tool's message answers. */
  tool_call_id?: string | undefined;
}

export type FoundRole = FoundMessage["role"];

interface Placed {
  item: Item;
  at: number | undefined;
  model: string | undefined;
}

/**
 * Messages in their order as turns: what was asked, until an answer comes, and then all that was answered, tools
 * included, until the next question. Times that are not known are those of the message before.
 *
 * @param began - when the first message was said, where it does not say so; ms since the epoch
 */
export function turnsOf(messages: readonly FoundMessage[], began: number): TurnLine[] {
  const turns: { input: Placed[]; output: Placed[] }[] = [];
  for (const message of messages) {
    const isAnswer = message.role === "assistant" || message.role === "tool";
    const last = turns.at(-1);
    const turn = last && (isAnswer || last.output.length === 0) ? last : undefined;
    const into = turn ?? { input: [], output: [] };
    if (!turn) turns.push(into);
    addItems(into[isAnswer ? "output" : "input"], message);
  }
  let now = began;
  return turns.map(({ input, output }) => {
    const created = input[0]?.at ?? output[0]?.at ?? now;
    const ended = output.at(-1)?.at ?? created;
    now = Math.max(now, created, ended);
    return {
      type: "turn",
      created_at: isoTime(created),
      status: output.length === 0 ? "abandoned" : "completed",
      ...(ended >= created && output.length > 0 && { duration_ms: ended - created }),
      ...model(output),
      input: input.map((each) => timed(each, created)),
      output:
        output.length === 0
          ? null
          : output.map((each, index) =>
              timed(each, index === output.length - 1 && ended >= created ? ended : created),
            ),
    };
  });
}

/** A time that the turn tells is not said again. */
const timed = ({ item, at }: Placed, told: number): Item =>
  at === undefined || at === told ? item : { ...item, created_at: isoTime(at) };

function model(output: readonly Placed[]): { model?: string } {
  const found = output.findLast((each) => each.model !== undefined)?.model;
  return found === undefined ? {} : { model: found };
}

function addItems(placed: Placed[], message: FoundMessage): void {
  const { role, content, id, at, model: by, tool_calls = [], tool_call_id } = message;
  const named = id === undefined ? {} : { id };
  if (role === "tool") {
    const output = typeof content === "string" ? content : JSON.stringify(content);
    const item = { type: "function_call_output" as const, call_id: tool_call_id ?? "", output };
    placed.push({ item: { ...item, ...named }, at, model: by });
  } else if (tool_calls.length === 0 || content.length > 0) {
    placed.push({ item: { type: "message", role, content, ...named }, at, model: by });
  }
  const isNamed = role === "tool" || tool_calls.length === 0 || content.length > 0;
  for (const [index, call] of tool_calls.entries()) {
    const { id: call_id, name, arguments: args } = call;
    const own = !isNamed && index === 0 ? named : {};
    const item = { type: "function_call" as const, call_id, name, arguments: args, ...own };
    placed.push({ item, at, model: by });
  }
}
