import type { FunctionTool } from "../../models/model.ts";
import { clientCall } from "../../shared/client-tools.ts";
import type { CallTarget } from "../../shared/client-tools.ts";
import type { Item } from "../../shared/items.ts";
import { jsonOr } from "../../shared/stored-bounds.ts";
import { CustomInput, customInput } from "./custom-input.ts";
import { piecesOf } from "./response-pieces.ts";
import type { Piece } from "./response-pieces.ts";

type Targets = ReadonlyMap<string, CallTarget>;
type FunctionCall = Extract<Item, { type: "function_call" }>;

/** The tools that functions stand for, by the functions' names. */
export const targetsOf = (functions: readonly FunctionTool[] = []): Targets =>
  new Map(
    functions.flatMap(({ name, standsFor }) => (standsFor ? [[name, standsFor] as const] : [])),
  );

/**
 * An item of a model's answer, as the client expects it: the call of a function that stands for a tool is the call of the
 * tool. Arguments that do not fit the tool leave the function's call, which the client can refuse.
 */
export function clientItem(item: Item, targets: Targets): Item {
  const target = item.type === "function_call" ? targets.get(item.name) : undefined;
  if (item.type !== "function_call" || !target) return item;
  const { call_id, arguments: args, signature } = item;
  const signed = signature !== undefined && { signature };
  if (target.type === "function" || target.type === "custom") {
    const { name, namespace } = target;
    const named = { call_id, name, ...(namespace !== undefined && { namespace }) };
    return target.type === "custom"
      ? { type: "custom_tool_call", ...named, input: customInput(args), ...signed }
      : { type: "function_call", ...named, arguments: args, ...signed };
  }
  const made = clientCall(target.type, call_id, jsonOr(args, null));
  return made ? { ...made, ...signed } : item;
}

/** A call that has begun. Most arguments can be read only when all are there. */
interface OpenCall {
  call: FunctionCall;
  /** Of a freeform tool. */
  input: CustomInput | null;
}

/** Passes the pieces of a model's answer on, with calls as {@link clientItem} has them. */
export class ClientCalls {
  readonly #targets: Targets;
  readonly #pass: (piece: Piece) => void;
  #open: OpenCall | null = null;

  constructor(targets: Targets, pass: (piece: Piece) => void) {
    this.#targets = targets;
    this.#pass = pass;
  }

  add(piece: Piece): void {
    const open = this.#open;
    if (open && piece.type === "arguments" && piece.call_id === open.call.call_id)
      return this.#extend(open, piece.delta);
    this.flush();
    const target = piece.type === "call" ? this.#targets.get(piece.name) : undefined;
    if (piece.type === "call" && target) this.#begin(piece.call_id, piece.name, target);
    else this.#pass(piece);
  }

  /** Ends a call that has begun. */
  flush(): void {
    const open = this.#open;
    this.#open = null;
    if (!open) return;
    const { call, input } = open;
    if (input) this.#argue(call.call_id, input.end());
    else for (const piece of piecesOf([clientItem(call, this.#targets)], [])) this.#pass(piece);
  }

  #begin(call_id: string, name: string, target: CallTarget): void {
    if (target.type === "function" || target.type === "custom")
      this.#pass({
        call_id,
        ...target,
        type: "call",
        ...(target.type === "custom" && { custom: true }),
      });
    if (target.type === "function") return;
    this.#open = {
      call: { type: "function_call", call_id, name, arguments: "" },
      input: target.type === "custom" ? new CustomInput() : null,
    };
  }

  #extend({ call, input }: OpenCall, delta: string): void {
    if (input) this.#argue(call.call_id, input.add(delta));
    else call.arguments += delta;
  }

  #argue(call_id: string, delta: string): void {
    if (delta !== "") this.#pass({ type: "arguments", call_id, delta });
  }
}
