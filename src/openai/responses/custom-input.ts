import { isObject } from "../../shared/json-merge-patch.ts";
import { jsonOr } from "../../shared/stored-bounds.ts";

const BEGIN = /^\s*\{\s*"input"\s*:\s*"/;
const ESCAPES: { [letter: string]: string | undefined } = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
};

/**
 * The input of a freeform tool, read from the JSON that a model writes for its function: piece by piece, so that a long
 * input can be streamed. The pieces make the same text however the JSON is cut. A model that breaks the JSON's rules by a
 * line break or an unknown escape is read all the same.
 */
export class CustomInput {
  #state: "before" | "inside" | "after" = "before";
  /** The text before the input begins; later, an escape that is not whole. */
  #held = "";
  /** The first half of a character. */
  #half = "";

  /** @returns the input's next piece, or an empty text */
  add(delta: string): string {
    if (this.#state === "after") return "";
    this.#held += delta;
    if (this.#state === "before") {
      const [begin] = BEGIN.exec(this.#held) ?? [];
      if (begin === undefined) return "";
      this.#state = "inside";
      this.#held = this.#held.slice(begin.length);
    }
    return this.#whole(this.#read());
  }

  /** The rest, when the model has ended. */
  end(): string {
    if (this.#state !== "before") return this.#half.toWellFormed();
    return inputIn(jsonOr(this.#held, null)) ?? this.#held;
  }

  /** Reads up to the closing quote, or to an escape that is not whole. */
  #read(): string {
    const json = this.#held;
    let text = "";
    for (let at = 0; at < json.length; at += 1) {
      const char = json.charAt(at);
      if (char === '"') {
        this.#state = "after";
        this.#held = "";
        return text;
      }
      if (char !== "\\") {
        text += char;
        continue;
      }
      const letter = json.charAt(at + 1);
      const length = letter === "u" ? 6 : 2;
      if (at + length > json.length) {
        this.#held = json.slice(at);
        return text;
      }
      text += unescaped(json.slice(at, at + length));
      at += length - 1;
    }
    this.#held = "";
    return text;
  }

  /** Without half of a character at the end, which the next piece goes on with. */
  #whole(read: string): string {
    const text = this.#half + read;
    this.#half = /[\uD800-\uDBFF]$/.exec(text)?.[0] ?? "";
    return text.slice(0, text.length - this.#half.length).toWellFormed();
  }
}

function unescaped(escape: string): string {
  const letter = escape.charAt(1);
  if (letter === "u")
    return /^\\u[0-9a-f]{4}$/i.test(escape)
      ? String.fromCharCode(Number.parseInt(escape.slice(2), 16))
      : escape;
  if (letter === '"' || letter === "\\" || letter === "/") return letter;
  return ESCAPES[letter] ?? escape;
}

/** The input in JSON of another form; null where there is none. */
function inputIn(json: unknown): string | null {
  if (typeof json === "string") return json;
  if (!isObject(json)) return null;
  if (typeof json["input"] === "string") return json["input"];
  const [only, ...others] = Object.values(json);
  if (only === undefined) return "";
  return others.length === 0 && typeof only === "string" ? only : null;
}

/** The input in whole arguments. */
export function customInput(args: string): string {
  const input = new CustomInput();
  return input.add(args) + input.end();
}
