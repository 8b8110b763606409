import type { FoundMessage } from "./turns.ts";

/**
 * Which call a tool's message answers, where it does not say so: the last call of that tool. Every output is to have
 * its call, and no call two outputs: a model is shown them only together.
 */
export class Calls {
  readonly #messages: FoundMessage[] = [];
  readonly #calls: { id: string; name: string; output: FoundMessage | null }[] = [];

  /** A call without an id is given one, so that its output can name it. */
  add(...messages: FoundMessage[]): void {
    for (const message of messages) {
      const tool_calls = message.tool_calls?.map((call) => ({
        ...call,
        id: call.id === "" ? `call_${this.#calls.length + 1}` : call.id,
      }));
      this.#messages.push(tool_calls ? { ...message, tool_calls } : message);
      for (const { id, name } of tool_calls ?? []) this.#calls.push({ id, name, output: null });
    }
  }

  /**
   * @param name - of the tool; undefined where the message does not say: it answers the last call without an output
   * @param answers - the call's id, where the tool's message has it
   * @param own - an id for a call that has to be made up, where the tool answered without a call
   */
  answer(
    name: string | undefined,
    answers: string | null | undefined,
    own: string,
    message: FoundMessage,
  ): void {
    const call = this.#calls.findLast((each) =>
      answers
        ? each.id === answers
        : name === undefined
          ? each.output === null
          : isSame(each.name, name),
    );
    if (!call) {
      const tool_calls = [{ id: answers ?? own, name: name ?? "tool", arguments: "{}" }];
      this.add({ role: "assistant", content: "", at: message.at, tool_calls });
      this.answer(name, answers ?? own, own, message);
    } else if (call.output) {
      call.output.content = joined(call.output.content, message.content);
    } else {
      call.output = { ...message, tool_call_id: call.id };
      this.#messages.push(call.output);
    }
  }

  get messages(): FoundMessage[] {
    return this.#messages;
  }
}

/** A tool may answer under its own name, or its function's: `web` and `web.run`. */
const isSame = (called: string, answered: string): boolean =>
  called === answered || called.startsWith(`${answered}.`) || answered.startsWith(`${called}.`);

function joined(
  before: FoundMessage["content"],
  next: FoundMessage["content"],
): FoundMessage["content"] {
  if (before === "" || next === "") return before === "" ? next : before;
  if (typeof before === "string" && typeof next === "string") return `${before}\n\n${next}`;
  return [before, next].flatMap((said) =>
    typeof said === "string" ? [{ type: "input_text" as const, text: said }] : said,
  );
}
