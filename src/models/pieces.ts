import type { ModelReply, ModelRequest } from "./model.ts";

type Said = { type: "message"; role: "assistant"; content: string };
type Thought = { type: "reasoning"; text: string };
type Called = { type: "function_call"; call_id: string; name: string; arguments: string };

/**
 * An answer as it comes. Each piece is told as it is added: what was told is what is returned, item by item. A piece of
 * text or of thought belongs to the item before it where that is of its kind, and begins one where it is not.
 */
export class Pieces {
  readonly #items: (Said | Thought | Called)[] = [];
  readonly #listener: Pick<ModelRequest, "onDelta" | "onPart">;
  /** Of all that was said, thought and asked for, in UTF-16 units. */
  length = 0;

  constructor(listener: Pick<ModelRequest, "onDelta" | "onPart">) {
    this.#listener = listener;
  }

  addText(delta: string): void {
    if (delta === "") return;
    this.length += delta.length;
    const last = this.#items.at(-1);
    if (last?.type === "message") last.content += delta;
    else this.#items.push({ type: "message", role: "assistant", content: delta });
    this.#listener.onDelta?.(delta);
  }

  addThought(delta: string): void {
    if (delta === "") return;
    this.length += delta.length;
    const last = this.#items.at(-1);
    if (last?.type === "reasoning") last.text += delta;
    else this.#items.push({ type: "reasoning", text: delta });
    this.#listener.onPart?.({ type: "reasoning", delta });
  }

  /** @param id - one that no other call has */
  beginCall(id: string, name: string): void {
    this.length += name.length;
    this.#items.push({ type: "function_call", call_id: id, name, arguments: "" });
    this.#listener.onPart?.({ type: "call", call_id: id, name });
  }

  addArguments(id: string, delta: string): void {
    const call = this.#callOf(id);
    if (!call || delta === "") return;
    this.length += delta.length;
    call.arguments += delta;
    this.#listener.onPart?.({ type: "arguments", call_id: id, delta });
  }

  /** What is known of a call's arguments; null where there is no such call. */
  argumentsOf(id: string): string | null {
    return this.#callOf(id)?.arguments ?? null;
  }

  /** A function that takes nothing may be called with nothing, which is no JSON. */
  fillEmptyArguments(): void {
    for (const each of this.#items)
      if (each.type === "function_call" && each.arguments.trim() === "")
        this.addArguments(each.call_id, "{}");
  }

  get hasCalls(): boolean {
    return this.#items.some(({ type }) => type === "function_call");
  }

  get text(): string {
    return this.#items.map((each) => (each.type === "message" ? each.content : "")).join("");
  }

  get reply(): Pick<ModelReply, "text" | "items"> {
    const [first, ...others] = this.#items;
    const isText = others.length === 0 && (!first || first.type === "message");
    return { text: this.text, ...(!isText && { items: [...this.#items] }) };
  }

  #callOf(id: string): Called | undefined {
    return this.#items.find((each) => each.type === "function_call" && each.call_id === id) as
      | Called
      | undefined;
  }
}
