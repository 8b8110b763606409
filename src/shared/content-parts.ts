import { z } from "zod";

/** A part of a message's content, or of a tool's result. */
export const part = z.lazy(() =>
  z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("input_text"), text: z.string() }),
    z.strictObject({ type: z.literal("output_text"), text: z.string() }),
    z.strictObject({ type: z.literal("refusal"), refusal: z.string() }),
    z.strictObject({
      type: z.literal("input_image"),
      image_url: z.string().optional(),
      file_id: z.string().optional(),
      detail: z.string().optional(),
    }),
    z.strictObject({
      type: z.literal("input_file"),
      filename: z.string().optional(),
      file_id: z.string().optional(),
      file_url: z.string().optional(),
      file_data: z.string().optional(),
    }),
  ]),
);
export type Part = z.infer<typeof part>;
export type Media = Extract<Part, { type: "input_image" | "input_file" }>;

export const isText = (content: string | Part[]): boolean =>
  typeof content === "string" || content.every((each) => "text" in each);

export const textOfParts = (parts: string | Part[]): string =>
  typeof parts === "string"
    ? parts
    : parts
        .map((each) => ("text" in each ? each.text : "refusal" in each ? each.refusal : ""))
        .filter((text) => text !== "")
        .join("\n");

/** The texts as one changed text, then the other parts. */
export function mapParts(parts: Part[], change: (text: string) => string): Part[] {
  const others = parts.filter((each) => !("text" in each || "refusal" in each));
  return [{ type: "input_text", text: change(textOfParts(parts)) }, ...others];
}
