import { z } from "zod";

import type { Part } from "../../shared/items.ts";
import { textPart } from "../content.ts";
import type { Tally } from "../tally.ts";
import type { FoundRole } from "../turns.ts";

/** A file as ChatGPT points to one: `file-service://file-…`, later `sediment://file_…`. */
const pointer = z.string().transform((uri) => uri.replace(/^[a-z-]+:\/\//, ""));

const partSchema = z.union([
  z.string(),
  z.object({ content_type: z.literal("image_asset_pointer"), asset_pointer: pointer }),
  z.object({ content_type: z.literal("audio_transcription"), text: z.string() }),
  z.object({ content_type: z.string() }).transform(({ content_type: left }) => ({ left })),
  z.null(),
]);

/** Every kind of content that has been seen in exports, by the fields that say something. */
export const contentSchema = z.looseObject({
  content_type: z.string(),
  parts: z.array(partSchema).nullish(),
  text: z.string().nullish(),
  language: z.string().nullish(),
  result: z.string().nullish(),
  summary: z.string().nullish().catch(null),
  title: z.string().nullish(),
  url: z.string().nullish(),
  name: z.string().nullish(),
  output_str: z.string().nullish(),
});
type Content = z.infer<typeof contentSchema>;

type Said = { text: string } | { image: string };

/** What is thought, or set up, and no part of what was said: what it is counted as. */
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

/** What a message says, in parts; nothing where it says nothing. */
export function saidIn(content: Content, left: Tally): Said[] {
  const counted = LEFT_OUT[content.content_type];
  if (counted !== undefined) {
    if (SETTINGS.some((name) => !isEmpty(content[name]))) left.add(counted);
    return [];
  }
  if (content.parts) {
    return content.parts.flatMap((part): Said[] => {
      if (part === null || part === "") return [];
      if (typeof part === "string") return [{ text: part }];
      if ("asset_pointer" in part) return [{ image: part.asset_pointer }];
      if ("text" in part) return [{ text: part.text }];
      left.add(AUDIO.test(part.left) ? "audio" : part.left);
      return [];
    });
  }
  const text = textOf(content);
  if (text === null) left.add(content.content_type);
  return text ? [{ text }] : [];
}

/** Null where it is of a kind that has no text. */
function textOf(content: Content): string | null {
  const { text, title, url, name, result, summary, output_str } = content;
  switch (content.content_type) {
    case "tether_browsing_display":
      return result || summary || "";
    case "tether_quote":
    case "sonic_webpage":
      return [[title, url].filter(Boolean).join(" "), text].filter(Boolean).join("\n\n");
    case "system_error":
      return [name, text].filter(Boolean).join(": ");
    default:
      return text ?? output_str ?? result ?? (PLAIN.has(content.content_type) ? "" : null);
  }
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  (Array.isArray(value) && value.length === 0);

/** As a message's content: bare text where it is nothing else. */
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
