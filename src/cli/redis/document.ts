import { isObject } from "../../shared/json-merge-patch.ts";
import { entryOf } from "../reading/history.ts";
import type { Entry } from "../reading/history.ts";
import { textOf } from "./places.ts";
import type { Stored } from "./reader.ts";

/** Where a document has its messages; the first that is a list counts. */
const MESSAGES = ["messages", "history", "conversation", "context"];

/** The messages of a key, and the document around them. */
export interface KeyDocument {
  entries: Entry[];
  rest: Record<string, unknown>;
}

/** Reads the value of a key. @returns why it cannot be read, as text */
export function documentOf(stored: Stored): KeyDocument | string {
  switch (stored.type) {
    case "string":
      return ofString(stored.value);
    case "list":
      return { entries: stored.values.map((value) => entryOf(textOf(value))), rest: {} };
    case "hash":
      return ofHash(stored.fields);
    case "missing":
      return "it was there, and went while it was read";
    default:
      return stored.name === "changing"
        ? "it became another type while it was read"
        : `it is a ${stored.name}, and no string, list or hash`;
  }
}

function ofString(value: Buffer): KeyDocument | string {
  const entry = entryOf(textOf(value));
  if ("why" in entry) return entry.why;
  const { value: json } = entry;
  if (Array.isArray(json)) return { entries: json.map((each) => ({ value: each })), rest: {} };
  return isObject(json) ? ofObject(json) : "it is JSON, but neither a list nor an object";
}

function ofObject(document: Record<string, unknown>): KeyDocument {
  for (const name of MESSAGES) {
    const messages = listIn(document[name]);
    if (messages === null) continue;
    const { [name]: _messages, ...rest } = document;
    return { entries: messages.map((value) => ({ value })), rest };
  }
  return { entries: [], rest: document };
}

/** A list, or the text of one. */
function listIn(value: unknown): unknown[] | null {
  const list = typeof value === "string" ? documentIn(value) : value;
  return Array.isArray(list) ? list : null;
}

/** A hash's values are texts; those that are an object or a list, as JSON or from PHP, are that. */
function ofHash(fields: [Buffer, Buffer][]): KeyDocument | string {
  const document: [string, unknown][] = [];
  for (const [rawName, rawValue] of fields) {
    const [name, value] = [textOf(rawName), textOf(rawValue)];
    if (name === null || value === null)
      return `its field ${name ?? "of an unknown name"} is not UTF-8`;
    document.push([name, documentIn(value)]);
  }
  const torn = document.find(
    ([name, value]) => MESSAGES.includes(name) && typeof value === "string" && /^\s*\[/.test(value),
  );
  if (torn) return `its field ${torn[0]} is not JSON`;
  return ofObject(Object.fromEntries(document));
}

function documentIn(text: string): unknown {
  if (!/^\s*(?:[[{]|[aO]:\d)/.test(text)) return text;
  const entry = entryOf(text);
  return "why" in entry ? text : entry.value;
}
