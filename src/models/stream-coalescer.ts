import { textOfParts } from "../shared/items.ts";
import type { ModelReply, ModelRequest } from "./model.ts";

type AssistantMessage = { type: "message"; role: "assistant"; content: string };
type Refusal = {
  type: "message";
  role: "assistant";
  content: [{ type: "refusal"; refusal: string }];
};
type Reasoning = { type: "reasoning"; text: string; encrypted_content?: string };
type FunctionCall = {
  type: "function_call";
  call_id: string;
  name: string;
  arguments: string;
  signature?: string;
};

/** An item while its pieces arrive. */
interface OpenItem {
  item: AssistantMessage | Refusal | Reasoning | FunctionCall;
  /** Pieces that the listener has not received. */
  pending: string[];
  /** Whether the listener knows of the item. */
  isAnnounced: boolean;
  /** Whether the item is complete. */
  isOver: boolean;
  /** Whether the listener received its seal. */
  isSealed?: boolean;
}

/**
 * Collects a streamed answer and passes it on item by item: the reply holds exactly what the listener received. A piece
 * of text or reasoning extends the last item of its kind, or begins a new item. Calls may arrive interleaved: a later
 * call is passed on when the earlier items are complete.
 */
export class StreamCoalescer {
  readonly #items: OpenItem[] = [];
  readonly #listener: Pick<ModelRequest, "onDelta" | "onPart">;
  /** The index of the item that is passed on now. */
  #at = 0;
  /** Length of all texts, reasoning and calls, in UTF-16 units. */
  length = 0;

  constructor(listener: Pick<ModelRequest, "onDelta" | "onPart">) {
    this.#listener = listener;
  }

  addText(delta: string): void {
    if (delta === "") return;
    this.length += delta.length;
    const item = this.#items.at(-1)?.item;
    if (item?.type === "message" && typeof item.content === "string") item.content += delta;
    else this.#begin({ type: "message", role: "assistant", content: delta });
    this.#passOn(this.#items.at(-1), delta);
  }

  /** A refusal is a message of its own. */
  addRefusal(delta: string): void {
    if (delta === "") return;
    this.length += delta.length;
    const item = this.#items.at(-1)?.item;
    if (item?.type === "message" && typeof item.content !== "string")
      item.content[0].refusal += delta;
    else
      this.#begin({
        type: "message",
        role: "assistant",
        content: [{ type: "refusal", refusal: delta }],
      });
    this.#passOn(this.#items.at(-1), delta);
  }

  addReasoning(delta: string): void {
    if (delta === "") return;
    this.length += delta.length;
    const item = this.#items.at(-1)?.item;
    if (item?.type === "reasoning" && item.encrypted_content === undefined) item.text += delta;
    else this.#begin({ type: "reasoning", text: delta });
    this.#passOn(this.#items.at(-1), delta);
  }

  /** @param id - unique among the calls */
  beginCall(id: string, name: string): void {
    this.length += name.length;
    this.#begin({ type: "function_call", call_id: id, name, arguments: "" });
    this.#passOn();
  }

  addArguments(id: string, delta: string): void {
    const call = this.#callOf(id);
    if (call?.item.type !== "function_call" || delta === "") return;
    this.length += delta.length;
    call.item.arguments += delta;
    this.#passOn(call, delta);
  }

  /** Ends the reasoning with what the provider wants back. Without text it is an item of its own. */
  sealReasoning(value: string): void {
    this.length += value.length;
    const { item } = this.#items.findLast((each) => each.item.type === "reasoning") ?? {};
    if (item?.type === "reasoning") {
      item.encrypted_content = value;
      return;
    }
    this.#begin({ type: "reasoning", text: "", encrypted_content: value });
  }

  /** Keeps what the provider wants back with a call. */
  signCall(id: string, signature: string): void {
    const call = this.#callOf(id);
    if (call?.item.type !== "function_call") return;
    this.length += signature.length;
    call.item.signature = signature;
  }

  /** Completes a call. A call without arguments stays open until {@link StreamCoalescer.end}. */
  endCall(id: string): void {
    const call = this.#callOf(id);
    if (call?.item.type !== "function_call" || call.item.arguments.trim() === "") return;
    call.isOver = true;
    this.#passOn();
  }

  /** A call's arguments so far; null when there is no such call. */
  argumentsOf(id: string): string | null {
    const call = this.#callOf(id)?.item;
    return call?.type === "function_call" ? call.arguments : null;
  }

  /**
   * Completes the answer. A call without arguments gets `{}`, since an empty text is no JSON.
   *
   * @param isCut - whether the answer was cut short: then empty arguments stay empty, so that no call looks complete
   */
  end(isCut: boolean): void {
    for (const each of this.#items) {
      const { item } = each;
      if (!isCut && item.type === "function_call" && item.arguments.trim() === "") {
        item.arguments += "{}";
        each.pending.push("{}");
      }
      each.isOver = true;
    }
    this.#passOn();
  }

  get hasCalls(): boolean {
    return this.#items.some(({ item }) => item.type === "function_call");
  }

  get text(): string {
    return this.#items
      .map(({ item }) => (item.type === "message" ? textOfParts(item.content) : ""))
      .join("");
  }

  get reply(): Pick<ModelReply, "text" | "items"> {
    const items = this.#items.map(({ item }) => item);
    const [first, ...others] = items;
    const isText =
      others.length === 0 &&
      (!first || (first.type === "message" && typeof first.content === "string"));
    return { text: this.text, ...(!isText && { items }) };
  }

  #begin(item: OpenItem["item"]): void {
    const last = this.#items.at(-1);
    if (last && last.item.type !== "function_call") last.isOver = true;
    this.#items.push({ item, pending: [], isAnnounced: false, isOver: false });
  }

  /** Passes on all that is due. @param open - the item that `delta` extends */
  #passOn(open?: OpenItem, delta?: string): void {
    if (delta !== undefined) open?.pending.push(delta);
    for (let each = this.#items[this.#at]; each; each = this.#items[this.#at]) {
      this.#passOnItem(each);
      if (!each.isOver) return;
      this.#at += 1;
    }
  }

  #passOnItem(open: OpenItem): void {
    const { item } = open;
    const { onDelta, onPart } = this.#listener;
    if (!open.isAnnounced && item.type === "function_call")
      onPart?.({ type: "call", call_id: item.call_id, name: item.name });
    open.isAnnounced = true;
    for (const delta of open.pending.splice(0)) {
      // A listener to texts alone receives a refusal as text.
      if (item.type === "message" && (typeof item.content === "string" || !onPart))
        onDelta?.(delta);
      else if (item.type === "message") onPart?.({ type: "refusal", delta });
      else if (item.type === "reasoning") onPart?.({ type: "reasoning", delta });
      else onPart?.({ type: "arguments", call_id: item.call_id, delta });
    }
    const seal =
      item.type === "reasoning"
        ? item.encrypted_content
        : item.type === "function_call"
          ? item.signature
          : undefined;
    if (!open.isOver || seal === undefined || open.isSealed) return;
    open.isSealed = true;
    onPart?.({ type: "seal", value: seal });
  }

  #callOf(id: string): OpenItem | undefined {
    return this.#items.find(({ item }) => item.type === "function_call" && item.call_id === id);
  }
}
