import type { Part } from "../../shared/items.ts";
import { textPart } from "../reading/content.ts";
import { fieldsIn, textIn } from "../reading/fields.ts";
import type { Fields } from "../reading/fields.ts";
import type { Tally } from "../reading/tally.ts";
import type { FoundRole } from "../reading/turns.ts";

/** A file as ChatGPT points to one: `file-service://file-…`, later `sediment://file_…`. */
export const fileOf = (pointer: string): string => pointer.replace(/^[a-z-]+:\/\//, "");

export type Said = { text: string } | { image: string };

/** Kinds that are no part of what was said, by the name under which they are counted. */
const LEFT_OUT: Partial<Record<string, string>> = {
  thoughts: "reasoning",
  reasoning_recap: "reasoning",
  user_editable_context: "custom_instructions",
  model_editable_context: "memory",
};
const SETTINGS = ["user_profile", "user_instructions", "model_set_context", "thoughts", "content"];
const AUDIO = /audio/;
/** Without any text, they are just empty. */
const PLAIN = new Set(["text", "code", "multimodal_text", "execution_output"]);

/** The parts of a message; none where it says nothing. */
export function saidIn(content: Fields, left: Tally): Said[] {
  const type = textIn(content["content_type"]) ?? "text";
  const counted = LEFT_OUT[type];
  if (counted !== undefined) {
    if (SETTINGS.some((name) => !isEmpty(content[name]))) left.add(counted);
    return [];
  }
  const { parts } = content;
  if (Array.isArray(parts) && parts.length === 1 && typeof parts[0] === "string")
    return parts[0] === "" ? [] : [{ text: parts[0] }];
  if (Array.isArray(parts)) return parts.flatMap((part) => partOf(part, left));
  if (typeof parts === "string" && parts !== "") return [{ text: parts }];
  const text = textOf(content, type);
  if (text === null) left.add(type);
  return text ? [{ text }] : [];
}

function partOf(part: unknown, left: Tally): Said[] {
  if (part === null || part === "") return [];
  if (typeof part === "string") return [{ text: part }];
  const { content_type, asset_pointer, text } = fieldsIn(part);
  const type = textIn(content_type) ?? "content of no type";
  if (type === "image_asset_pointer" && typeof asset_pointer === "string")
    return [{ image: fileOf(asset_pointer) }];
  if (type === "audio_transcription" && typeof text === "string") return [{ text }];
  left.add(AUDIO.test(type) ? "audio" : type);
  return [];
}

/** Null where it is of a kind that has no text. */
function textOf(content: Fields, type: string): string | null {
  const of = (name: string): string | undefined => textIn(content[name]);
  switch (type) {
    case "tether_browsing_display":
      return of("result") ?? of("summary") ?? "";
    case "tether_quote":
    case "sonic_webpage":
      return [[of("title"), of("url")].filter(Boolean).join(" "), of("text")]
        .filter(Boolean)
        .join("\n\n");
    case "system_error":
      return [of("name"), of("text")].filter(Boolean).join(": ");
    default:
      return of("text") ?? of("output_str") ?? of("result") ?? (isPlain(type, content) ? "" : null);
  }
}

const isPlain = (type: string, content: Fields): boolean => PLAIN.has(type) || "text" in content;

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  (Array.isArray(value) && value.length === 0);

/** Parts as a message's content: bare text where there is nothing else. */
export function contentOf(
  said: readonly Said[],
  files: readonly Part[],
  role: FoundRole,
): string | Part[] {
  if (files.length === 0 && said.every((each) => "text" in each))
    return said.map(({ text }) => text).join("\n");
  const parts = said.map((each): Part =>
    "text" in each ? textPart(each.text, role) : { type: "input_image", file_id: each.image },
  );
  return [...parts, ...files];
}
