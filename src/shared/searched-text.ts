import type { Part } from "./content-parts.ts";
import { cutBase64 } from "./cut-base64.ts";
import type { Content, Item } from "./items.ts";
import { cutJsonTexts, jsonTexts } from "./json-texts.ts";
import type { Turn } from "./turn.ts";
import { wholeCharactersEnd } from "./whole-characters.ts";

/** What a search finds of a turn, on both sides. */
export interface SearchedText {
  input: string;
  output: string | null;
}

/** Of each side of a turn, in UTF-16 units: all that a request takes. Only imported turns have more. */
export const SEARCHED_LENGTH = 4 * 1024 * 1024;

/**
 * The texts of a turn that are searched: of its messages, reasoning, calls and results. Names of fields, ids, pictures,
 * files and what is encrypted are none. Index and snippets are made by this function alone, and the index forgets a turn
 * by it: a change of what it returns takes a new `INDEX_VERSION`.
 */
export const searchedText = ({ input, output }: Pick<Turn, "input" | "output">): SearchedText => ({
  input: textOf(input),
  output: output === null ? null : textOf(output),
});

function textOf(content: Content): string {
  const text =
    typeof content === "string"
      ? content
      : content
          .flatMap(textsOf)
          // Stored items were looked at quickly: a field may be of another type.
          .filter((each): each is string => typeof each === "string" && each !== "")
          .join("\n");
  const searched = withoutData(text);
  return searched.length <= SEARCHED_LENGTH
    ? searched
    : searched.slice(0, wholeCharactersEnd(searched, SEARCHED_LENGTH));
}

function textsOf(item: Item): unknown[] {
  switch (item.type) {
    case "message":
      return partTexts(item.content);
    case "reasoning":
      return [item.summary, item.text].flat();
    case "compaction":
      return [item.text];
    case "function_call":
      return [item.namespace, item.name, cutJsonTexts(item.arguments)];
    case "function_call_output":
      return partTexts(item.output).map(jsonTexts);
    default:
      return [jsonTexts(JSON.stringify(item, valueOf))];
  }
}

const partTexts = (content: string | Part[]): string[] =>
  typeof content === "string"
    ? [content]
    : content.map((each) => {
        if ("text" in each) return each.text;
        if ("refusal" in each) return each.refusal;
        return "filename" in each ? (each.filename ?? "") : "";
      });

/** Fields of items that are no text: what others refer to, and data. */
export const NO_TEXT: ReadonlySet<string> = new Set([
  "type",
  "id",
  "call_id",
  "status",
  "role",
  "phase",
  "execution",
  "created_at",
  "signature",
  "approval_request_id",
  "container_id",
  "file_id",
  "fingerprint",
  "image_url",
  "file_data",
  "file_url",
  "encrypted_content",
]);

/** Fields of JSON inside of items have names of their own: they become a text, which {@link NO_TEXT} is not for. */
function valueOf(name: string, value: unknown): unknown {
  if (NO_TEXT.has(name)) return undefined;
  if (name !== "arguments") return value;
  return typeof value === "string" ? cutJsonTexts(value) : JSON.stringify(value);
}

const DATA_URL = /data:[\w.+-]{1,100}\/[\w.+-]{1,100}(?:;[\w=.-]{1,100}){0,10};base64,[\w+/=-]*/gi;
/** What a data URL begins with, at the beginning of a text. Its data is the rest. */
export const DATA_URL_HEAD =
  /^data:[\w.+-]{1,100}\/[\w.+-]{1,100}(?:;[\w=.-]{1,100}){0,10};base64,/i;

const withoutData = (text: string): string =>
  cutBase64(/;base64,/i.test(text) ? text.replace(DATA_URL, "…") : text);
