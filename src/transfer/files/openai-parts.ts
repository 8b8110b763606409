import { z } from "zod";

import type { Part } from "../../items.ts";
import type { Tally } from "../tally.ts";

const label = z.string().nullish();
const image = z.object({ url: z.string(), detail: label });
const file = z.object({ file_id: label, filename: label, file_data: label, file_url: label });
const texts = ["text", "input_text", "output_text"] as const;

/** A part of a message's content, of chat completions or of responses. */
export const partSchema = z.union([
  z.object({ type: z.enum(texts), text: z.string() }),
  z.object({ type: z.literal("refusal"), refusal: z.string() }),
  z.object({
    type: z.literal("image_url"),
    image_url: z.union([image, z.string().transform((url) => ({ url, detail: null }))]),
  }),
  z.object({ type: z.literal("input_image"), image_url: label, file_id: label, detail: label }),
  z.object({ type: z.literal("file"), file }),
  file.extend({ type: z.literal("input_file") }),
  z.object({ type: z.string() }).transform(({ type }) => ({ type: "other" as const, left: type })),
]);

/** A part in our words; nothing, and counted, where there is none for it. */
export function partOf(part: z.infer<typeof partSchema>, role: string, left: Tally): Part[] {
  switch (part.type) {
    case "refusal":
      return [part];
    case "image_url":
      return [
        withoutNulls({
          type: "input_image",
          image_url: part.image_url.url,
          detail: part.image_url.detail,
        }),
      ];
    case "input_image":
      return [withoutNulls(part)];
    case "file":
      return [withoutNulls({ type: "input_file", ...part.file })];
    case "input_file":
      return [withoutNulls(part)];
    case "other":
      left.add(part.left.includes("audio") ? "audio" : part.left);
      return [];
    default:
      return part.text === ""
        ? []
        : [{ type: role === "assistant" ? "output_text" : "input_text", text: part.text }];
  }
}

const withoutNulls = (part: Record<string, string | null | undefined>): Part =>
  Object.fromEntries(
    Object.entries(part).filter(([, value]) => value !== null && value !== undefined),
  ) as Part;
