import { z } from "zod";

import { WELL_FORMED, documentedSchemas, wellFormed } from "../../shared/field-schemas.ts";
import { ITEM_ID } from "../../shared/item-fields.ts";
import type { Part } from "../../shared/items.ts";
import { ignored } from "./inert-fields.ts";

export const text = z.string({ error: "takes a string" }).refine(wellFormed, WELL_FORMED);
export const url = text.min(1, "is empty; send the URL");

export const only = (what: string) => `takes ${what}`;

const inputText = z.lazy(() =>
  z
    .strictObject({ type: z.literal("input_text"), text, ...ignored("prompt_cache_breakpoint") })
    .transform((part) => ({ type: part.type, text: part.text })),
);
const outputText = z.lazy(() =>
  z
    .strictObject({
      type: z.literal("output_text"),
      text,
      annotations: z.array(z.unknown()).nullish(),
      logprobs: z.array(z.unknown()).nullish(),
      /** The OpenAI SDK's own, from `parse`. */
      parsed: z.unknown().optional(),
    })
    .transform((part) => ({ type: part.type, text: part.text })),
);
const refusal = z.strictObject({ type: z.literal("refusal"), refusal: text });
export const NO_FILES = "takes nothing: there is no file store here; send";
const inputImage = z.lazy(() =>
  z
    .strictObject({
      type: z.literal("input_image"),
      image_url: url.nullish(),
      file_id: z.null({ error: `${NO_FILES} image_url` }).optional(),
      detail: z
        .enum(["low", "high", "auto", "original"], {
          error: only('"low", "high", "auto" or "original"'),
        })
        .nullish(),
      ...ignored("prompt_cache_breakpoint"),
    })
    .refine(({ image_url }) => typeof image_url === "string", {
      error: "takes the image's URL, or the image as a data URL",
      path: ["image_url"],
    })
    .transform((part) => ({
      type: part.type,
      image_url: part.image_url as string,
      ...(part.detail && { detail: part.detail }),
    })),
);
const inputFile = z.lazy(() =>
  z
    .strictObject({
      type: z.literal("input_file"),
      filename: text.max(ITEM_ID).nullish(),
      file_id: z.null({ error: `${NO_FILES} file_url or file_data` }).optional(),
      file_url: url.nullish(),
      file_data: url.nullish(),
      ...ignored("detail", "prompt_cache_breakpoint"),
    })
    .refine(({ file_url, file_data }) => Boolean(file_url) || Boolean(file_data), {
      error: "takes the file's URL; or send file_data",
      path: ["file_url"],
    })
    .transform((part) => ({
      type: part.type,
      ...(part.filename && { filename: part.filename }),
      ...(part.file_url && { file_url: part.file_url }),
      ...(part.file_data && { file_data: part.file_data }),
    })),
);

const PARTS = '"input_text", "input_image", "input_file", "output_text" or "refusal"';
const parts = z.array(
  z.discriminatedUnion("type", [inputText, outputText, refusal, inputImage, inputFile], {
    error: only(PARTS),
  }),
);

/** Made once: to make a schema takes longer than to read a message by it. */
const plainText = z
  .string({ error: "takes a string, or a list of parts" })
  .refine(wellFormed, WELL_FORMED);

/** A string or a list of parts, with the errors of the one that was sent: a union would say only that neither fits. */
export const textOr = <T extends Part>(list: z.ZodType<T[]>) => {
  const either = z.unknown().transform((value, ctx): string | T[] => {
    const schema = Array.isArray(value) ? list : plainText;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) ctx.addIssue({ ...issue });
    // Not NEVER: zod goes on after an unknown field.
    return [];
  });
  documentedSchemas.set(either, () => z.union([z.string(), list]));
  return either;
};
export const textOrParts = textOr<Part>(parts);
