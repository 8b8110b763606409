import { z } from "zod";
import { isObject } from "../../shared/json-merge-patch.ts";
import { only, text, textOrParts } from "./content-input.ts";
import { ITEM_ID } from "../../shared/item-fields.ts";
import type { Item } from "../../shared/items.ts";
import { ITEM_TYPES, clientInputs, withCallId } from "./client-item-input.ts";
import { ignored } from "./inert-fields.ts";
import { call_id, calledName, echoed, extra, signatureOf } from "./item-echo.ts";
import { openSummary } from "./item.ts";
import type { InputItem } from "./item.ts";
import { checkItemsSize } from "./items-size.ts";

export type { InputItem } from "./item.ts";

const message = z.lazy(() =>
  z
    .strictObject({
      ...echoed,
      type: z.literal("message"),
      role: z.enum(["user", "assistant", "system", "developer"], {
        error: only('"user", "assistant", "system" or "developer"'),
      }),
      content: textOrParts,
      phase: z
        .enum(["commentary", "final_answer"], { error: only('"commentary" or "final_answer"') })
        .nullish(),
    })
    .refine(
      ({ role, content }) =>
        role === "user" ||
        typeof content === "string" ||
        content.every(({ type }) => type !== "input_image" && type !== "input_file"),
      { error: "takes images and files in messages of the user only", path: ["content"] },
    )
    .transform(({ role, content, phase }): Item => ({
      type: "message",
      role,
      content,
      ...(phase && { phase }),
    })),
);

const functionCall = z.lazy(() =>
  z
    .strictObject({
      ...echoed,
      type: z.literal("function_call"),
      call_id,
      name: calledName,
      namespace: calledName.nullish(),
      arguments: text,
      extra_content: extra,
      ...ignored("async", "caller", "created_by"),
      /** The OpenAI SDK's own, from `parse`. */
      parsed_arguments: z.unknown().optional(),
    })
    .transform(({ type, name, namespace, call_id: id, arguments: args, extra_content }): Item => ({
      type,
      call_id: id,
      name,
      ...(namespace && { namespace }),
      arguments: args,
      ...signatureOf(extra_content),
    })),
);
const functionCallOutput = z.lazy(() =>
  z
    .strictObject({
      ...echoed,
      type: z.literal("function_call_output"),
      call_id,
      output: textOrParts,
      ...ignored("caller", "created_by", "name", "namespace"),
    })
    .transform(({ type, call_id: id, output }): Item => ({ type, call_id: id, output })),
);

const texts = <T extends string>(type: T) =>
  z.array(z.strictObject({ type: z.literal(type, { error: only(`"${type}"`) }), text }), {
    error: only("a list"),
  });
const reasoning = z.lazy(() =>
  z
    .strictObject({
      ...echoed,
      type: z.literal("reasoning"),
      summary: texts("summary_text").default([]),
      content: texts("reasoning_text").nullish(),
      encrypted_content: text.nullish(),
    })
    .transform(({ type, summary, content, encrypted_content }): Item => {
      return {
        type,
        text: (content ?? []).map((each) => each.text).join("\n"),
        ...(summary.length > 0 && { summary: summary.map((each) => each.text) }),
        ...(encrypted_content && { encrypted_content }),
      };
    }),
);
const compaction = z.lazy(() =>
  z
    .strictObject({ ...echoed, type: z.literal("compaction"), encrypted_content: text })
    .transform(({ encrypted_content }, ctx): Item => {
      const summary = openSummary(encrypted_content);
      if (summary !== null && summary.isWellFormed()) return { type: "compaction", text: summary };
      ctx.addIssue({
        code: "custom",
        message:
          "takes a compaction that /v1/responses/compact of this deployment made; those of other providers cannot be read",
        path: ["encrypted_content"],
      });
      return z.NEVER;
    }),
);
const reference = z.lazy(() =>
  z.strictObject({
    type: z.literal("item_reference"),
    id: z.string({ error: "takes an item's id" }).min(1).max(ITEM_ID),
  }),
);

/** Adds the type that an item may omit. Source: the OpenAI API, `EasyInputMessage`. */
function withType(sent: unknown): unknown {
  const value = withCallId(sent);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  if ("type" in value && value.type !== null && value.type !== undefined) return value;
  if ("role" in value) return { ...value, type: "message" };
  return "id" in value ? { ...value, type: "item_reference" } : value;
}

export const inputItem = z.lazy(() =>
  z.preprocess(
    withType,
    z.discriminatedUnion(
      "type",
      [
        message,
        functionCall,
        functionCallOutput,
        reasoning,
        compaction,
        reference,
        ...clientInputs(),
      ],
      { error: ({ input }) => (isObject(input) ? ITEM_TYPES : only("an item, as a JSON object")) },
    ),
  ),
);

/**
 * A list of items in a request. A list that is too large is refused as `message_too_large`.
 *
 * @param param - the field that the list is in
 */
export const inputItems = (param: string, maxItems: number) =>
  z
    .preprocess(
      withoutTriggers,
      z
        .array(inputItem, { error: only("a list of items") })
        .max(maxItems, `takes ${maxItems} items at most`),
    )
    .transform((items): InputItem[] => {
      checkItemsSize(items, param);
      return items;
    });

/** A trigger of compaction asks for nothing here: whole conversations are kept. */
const withoutTriggers = (items: unknown): unknown =>
  Array.isArray(items)
    ? items.filter((item) => !isObject(item) || item["type"] !== "compaction_trigger")
    : items;
