import type { ModelReply, ModelRequest } from "./model.ts";

type AssistantMessage = { type: "message"; role: "assistant"; content: string };
type Thought = { type: "reasoning"; text: string };
type Called = { type: "function_call"; call_id: string; name: string; arguments: string };

/** An item, and how far it has come. */
interface Coming {
  item: AssistantMessage | Thought | Called;
  /** What of it is not told yet. */
  untold: string[];
  /** Whether it was told that it is there. */
  isBegun: boolean;
  /** Nothing more comes of it. */
  isOver: boolean;
}

/**
 * An answer as it comes, told item after item: what was told is what is returned. A piece of text or of thought belongs
 * to the item before it where that is of its kind, and begins one where it is not. Calls may come at the same time:
 * a later one is told when those before it are over.
 */
export class StreamCoalescer {
  readonly #items: Coming[] = [];
  readonly #listener: Pick<ModelRequest, "onDelta" | "onPart">;
  /** The one that is being told. */
  #at = 0;
  /** Of all that was said, thought and asked for, in UTF-16 units. */
  length = 0;

  constructor(listener: Pick<ModelRequest, "onDelta" | "onPart">) {
    this.#listener = listener;
  }

  addText(delta: string): void {
    if (delta === "") return;
    this.length += delta.length;
    const item = this.#items.at(-1)?.item;
    if (item?.type === "message") item.content += delta;
    else this.#begin({ type: "message", role: "assistant", content: delta });
    this.#tell(this.#items.at(-1), delta);
  }

  addThought(delta: string): void {
    if (delta === "") return;
    this.length += delta.length;
    const item = this.#items.at(-1)?.item;
    if (item?.type === "reasoning") item.text += delta;
    else this.#begin({ type: "reasoning", text: delta });
    this.#tell(this.#items.at(-1), delta);
  }

  /** @param id - one that no other call has */
  beginCall(id: string, name: string): void {
    this.length += name.length;
    this.#begin({ type: "function_call", call_id: id, name, arguments: "" });
    this.#tell();
  }

  addArguments(id: string, delta: string): void {
    const call = this.#callOf(id);
    if (call?.item.type !== "function_call" || delta === "") return;
    this.length += delta.length;
    call.item.arguments += delta;
    this.#tell(call, delta);
  }

  /** Nothing more comes of a call, unless nothing came at all: see {@link StreamCoalescer.end}. */
  endCall(id: string): void {
    const call = this.#callOf(id);
    if (call?.item.type !== "function_call" || call.item.arguments.trim() === "") return;
    call.isOver = true;
    this.#tell();
  }

  /** What is known of a call's arguments; null where there is no such call. */
  argumentsOf(id: string): string | null {
    const call = this.#callOf(id)?.item;
    return call?.type === "function_call" ? call.arguments : null;
  }

  /**
   * Nothing more comes of anything.
   *
   * @param isCut - the answer ends before its end, and what is empty stays so: else a function that takes nothing may be
   * called with nothing, which is no JSON
   */
  end(isCut: boolean): void {
    for (const each of this.#items) {
      const { item } = each;
      if (!isCut && item.type === "function_call" && item.arguments.trim() === "") {
        item.arguments += "{}";
        each.untold.push("{}");
      }
      each.isOver = true;
    }
    this.#tell();
  }

  get hasCalls(): boolean {
    return this.#items.some(({ item }) => item.type === "function_call");
  }

  get text(): string {
    return this.#items.map(({ item }) => (item.type === "message" ? item.content : "")).join("");
  }

  get reply(): Pick<ModelReply, "text" | "items"> {
    const items = this.#items.map(({ item }) => item);
    const [first, ...others] = items;
    const isText = others.length === 0 && (!first || first.type === "message");
    return { text: this.text, ...(!isText && { items }) };
  }

  #begin(item: Coming["item"]): void {
    const last = this.#items.at(-1);
    if (last && last.item.type !== "function_call") last.isOver = true;
    this.#items.push({ item, untold: [], isBegun: false, isOver: false });
  }

  /** Whatever it is time for. @param coming - to which a piece has come */
  #tell(coming?: Coming, delta?: string): void {
    if (delta !== undefined) coming?.untold.push(delta);
    for (let each = this.#items[this.#at]; each; each = this.#items[this.#at]) {
      this.#tellMore(each);
      if (!each.isOver) return;
      this.#at += 1;
    }
  }

  #tellMore(coming: Coming): void {
    const { item } = coming;
    const { onDelta, onPart } = this.#listener;
    if (!coming.isBegun && item.type === "function_call")
      onPart?.({ type: "call", call_id: item.call_id, name: item.name });
    coming.isBegun = true;
    for (const delta of coming.untold.splice(0)) {
      if (item.type === "message") onDelta?.(delta);
      else if (item.type === "reasoning") onPart?.({ type: "reasoning", delta });
      else onPart?.({ type: "arguments", call_id: item.call_id, delta });
    }
  }

  #callOf(id: string): Coming | undefined {
    return this.#items.find(({ item }) => item.type === "function_call" && item.call_id === id);
  }
}
