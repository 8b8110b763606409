import { isItem } from "../../../shared/is-item.ts";
import { momentMs } from "../../../shared/item-fields.ts";
import type { Content, Item } from "../../../shared/items.ts";
import { NO_TEXT } from "../../../shared/searched-text.ts";
import { wholeEscapesEnd } from "../../../shared/json-escapes.ts";
import { parseJson } from "../../../shared/json.ts";
import { corrupt } from "./record.ts";

/** Of one text, in UTF-16 units of JSON: a snippet looks at the first 136 Ki units of a text. */
const TEXT_LENGTH = 192 * 1024;
/** Of one field of the line, in UTF-16 units of JSON: what comes after the text that passes it is left out. */
const FIELD_LENGTH = 256 * 1024;
/** Shorter values of fields that are no text stay: an item is told by its type. */
const DATA_LENGTH = 256;
/** Texts and brackets that are looked at in one step. It takes some 5 ms. */
const STEP_TOKENS = 20_000;

const moment = momentMs();
const FIELDS = new Set(["created_at", "input", "output"]);
const TOKEN = /["{}[\]]/g;

/** What a hit shows of an archived turn. */
export interface TurnExcerpt {
  /** Null: its line has none that can be read. */
  created_at: number | null;
  input: Content;
  output: Content | null;
}

/**
 * Reads the beginning of a turn's texts from its line, whatever else it holds: a line may have 16 MiB, and parsing it would be
 * one piece of work. Pictures and files are left out. Between two steps others may run.
 *
 * @throws ApiError `archive_corrupt` where the line is not JSON
 */
export function* excerptOf(line: string): Generator<void, TurnExcerpt> {
  const fields = yield* new Scan(line).fields();
  try {
    const [created_at, input, output] = [...FIELDS].map((name) =>
      parseJson(fields.get(name) ?? "null"),
    );
    return {
      created_at: moment.safeParse(created_at).data ?? null,
      input: contentIn(input) ?? "",
      output: contentIn(output),
    };
  } catch {
    throw corrupt("a line is not JSON");
  }
}

/** The last item may be cut off. */
function contentIn(value: unknown): Content | null {
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.filter((each): each is Item => isItem(each)) : null;
}

/** A wanted field that is read: what is kept of it, and where the rest begins. */
interface Field {
  name: string;
  kept: string;
  from: number;
}

/** Goes through the JSON of one object, text by text and bracket by bracket. */
class Scan {
  readonly #line: string;
  #at = 0;
  #tokens = 0;
  /** Brackets that are open. */
  readonly #open: string[] = [];
  /** The name of the value that comes. */
  #name = "";
  readonly #fields = new Map<string, string>();
  /** Null: none is read, or as much of it as is kept. */
  #field: Field | null = null;

  constructor(line: string) {
    this.#line = line;
  }

  /** @returns the wanted fields, each as JSON */
  *fields(): Generator<void, Map<string, string>> {
    while (this.#fields.size < FIELDS.size) {
      TOKEN.lastIndex = this.#at;
      const token = TOKEN.exec(this.#line);
      if (!token) break;
      if (this.#isStep()) yield;
      const [character] = token;
      this.#at = token.index + 1;
      if (character === '"') this.#text(token.index, yield* this.#endOfText());
      else if (character === "{" || character === "[") this.#open.push(character);
      else this.#close();
    }
    return this.#fields;
  }

  #isStep(): boolean {
    this.#tokens += 1;
    return this.#tokens % STEP_TOKENS === 0;
  }

  /** The place of the quote that ends the text. */
  *#endOfText(): Generator<void, number> {
    for (let at = this.#at; ;) {
      const quote = this.#line.indexOf('"', at);
      if (quote < 0) throw corrupt("a line is not JSON");
      let escapes = 0;
      while (this.#line.charCodeAt(quote - 1 - escapes) === 0x5c) escapes += 1;
      if (escapes % 2 === 0) return quote;
      at = quote + 1;
      if (this.#isStep()) yield;
    }
  }

  /** @param begin - the place of the first quote. @param end - that of the last */
  #text(begin: number, end: number): void {
    this.#at = end + 1;
    if (this.#line[this.#at] !== ":") return this.#value(begin, end);
    this.#name = this.#line.slice(begin + 1, Math.min(end, begin + 1 + DATA_LENGTH));
    if (this.#open.length > 1) return;
    const isWanted = FIELDS.has(this.#name);
    this.#field = isWanted ? { name: this.#name, kept: "", from: this.#at + 1 } : null;
  }

  #value(begin: number, end: number): void {
    const field = this.#field;
    if (!field) return;
    const length = end - begin - 1;
    const isData = length > DATA_LENGTH && NO_TEXT.has(this.#name);
    if (isData || length > TEXT_LENGTH) {
      const kept = isData ? begin + 1 : wholeEscapesEnd(this.#line, begin + 1 + TEXT_LENGTH);
      field.kept += `${this.#line.slice(field.from, kept)}"`;
      field.from = end + 1;
    }
    this.#ended(field);
  }

  #close(): void {
    this.#open.pop();
    this.#name = "";
    // At the end of the line a field is open whose value has no quotes: null.
    if (this.#field && this.#open.length > 0) this.#ended(this.#field);
  }

  /** A text, list or object of the field ended: the field itself, or one in it, after which it may be cut off. */
  #ended(field: Field): void {
    const isWhole = this.#open.length <= 1;
    if (!isWhole && field.kept.length + this.#at - field.from < FIELD_LENGTH) return;
    const closing = this.#open.slice(1).toReversed();
    const rest = this.#line.slice(field.from, this.#at);
    const ends = closing.map((bracket) => (bracket === "{" ? "}" : "]")).join("");
    this.#fields.set(field.name, field.kept + rest + ends);
    this.#field = null;
  }
}
