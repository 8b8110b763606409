import type { MessageBuilder } from "../reading/message-builder.ts";
import type { Tally } from "../reading/tally.ts";
import { documentOf } from "../reading/documents.ts";

/** How an answer's text has what the model thought, and the tools that it called. */
const DETAILS = /<details\b([^>]*)>([^]*?)<\/details>\s*/g;
const SUMMARY = /<summary>[^]*?<\/summary>/;
const ATTRIBUTE = /([\w-]+)="([^"]*)"/g;

/**
 * Open WebUI's text of an answer, of which `<details>` are calls of tools, with their result in an attribute or, in some
 * versions, after the summary. Attributes are JSON, escaped as HTML.
 * Source: open-webui 0.8, backend/open_webui/utils/middleware.py, `serialize_output`.
 */
export function addDetailed(builder: MessageBuilder, text: string, left: Tally): void {
  let end = 0;
  let place = 0;
  for (const match of text.matchAll(DETAILS)) {
    const [whole, head = "", body = ""] = match;
    const named = Object.fromEntries(
      [...head.matchAll(ATTRIBUTE)].map(([, name = "", value = ""]) => [name, unescaped(value)]),
    );
    const { type, name = "tool", id, result, output } = named;
    const isCode = type === "code_interpreter";
    if (type !== "reasoning" && type !== "tool_calls" && !isCode) continue;
    builder.text(text.slice(end, match.index));
    end = match.index + whole.length;
    if (type === "reasoning") {
      left.add("reasoning");
      continue;
    }
    const inner = unescaped(body.replace(SUMMARY, "").trim());
    const call = id ?? builder.callId(place);
    place += 1;
    const tool = isCode ? type : name;
    builder.call(call, tool, isCode ? { code: inner } : plain(named["arguments"] ?? ""));
    const told = result ?? output ?? (isCode || inner === "" ? undefined : inner);
    if (told !== undefined) builder.result(tool, call, plain(told));
  }
  builder.text(text.slice(end));
}

/** The text that a JSON string is; other JSON as it stands. */
function plain(value: string): string {
  const json = documentOf(value);
  return typeof json === "string" ? json : value;
}

const ENTITIES: Record<string, string> = {
  quot: '"',
  amp: "&",
  lt: "<",
  gt: ">",
  "#x27": "'",
  "#39": "'",
};
const unescaped = (value: string): string =>
  value.replaceAll(/&([#\w]+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
