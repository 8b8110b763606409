import type { Part } from "../../shared/items.ts";
import type { Calls } from "./calls.ts";
import { plainest, textPart } from "./content.ts";
import type { FoundMessage } from "./turns.ts";

type About = Pick<FoundMessage, "role" | "id" | "at" | "model">;

/**
 * One message of a program that keeps tools inside messages: what was said before a call, the call, its result, and what
 * was said then. Only the first of them has the message's id.
 */
export class MessageBuilder {
  readonly #calls: Calls;
  readonly #about: About;
  readonly #name: string;
  #id: string | undefined;
  #parts: Part[] = [];
  #made = 0;

  /** @param name - what ids of calls begin with that have none of their own */
  constructor(calls: Calls, about: About, name: string) {
    this.#calls = calls;
    this.#about = about;
    this.#name = name;
    this.#id = about.id;
  }

  /** The id of a call without one: the message's, and the place of the call in it. */
  callId(place: number): string {
    return `${this.#name}.${place}`;
  }

  text(text: string): void {
    if (text.trim() !== "") this.#parts.push(textPart(text, this.#about.role));
  }

  add(...parts: Part[]): void {
    this.#parts.push(...parts);
  }

  call(id: string, name: string, args: unknown): void {
    this.flush();
    const { at, model } = this.#about;
    const tool_calls = [{ id, name, arguments: argumentsOf(args) }];
    this.#calls.add({ role: "assistant", content: "", id: this.#takeId(), at, model, tool_calls });
  }

  /** @param answers - the call's id; null where the program does not say */
  result(name: string, answers: string | null, content: string, at = this.#about.at): void {
    this.flush();
    this.#made += 1;
    const own = answers ?? `${this.#name}.result_${this.#made}`;
    this.#calls.answer(name, answers, own, { role: "tool", content, at });
  }

  /** Adds words of another role in the middle of the message. */
  other(role: FoundMessage["role"], content: string, at = this.#about.at): void {
    this.flush();
    this.#calls.add({ role, content, at });
  }

  /** Adds what was said so far as a message. */
  flush(): void {
    const content = plainest(this.#parts);
    this.#parts = [];
    if (content === "") return;
    const { role, at, model } = this.#about;
    this.#calls.add({ role, content, id: this.#takeId(), at, model });
  }

  #takeId(): string | undefined {
    const id = this.#id;
    this.#id = undefined;
    return id;
  }
}

/** Arguments as the model wrote them; a document as its JSON. */
export const argumentsOf = (args: unknown): string =>
  typeof args === "string" && args !== "" ? args : JSON.stringify(args || {});
