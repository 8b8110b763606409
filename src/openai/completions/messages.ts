import { z } from "zod";

import type { Item, Part } from "../../shared/items.ts";
import { REPLAY_FIELDS, replayFieldsIn, sealReplay } from "../../shared/provider-replay.ts";
import { NO_FILES, text, textOr, url } from "../responses/content-input.ts";
import { call_id, calledName, extra, signatureOf } from "../responses/item-echo.ts";
import { checkItemsSize } from "../responses/items-size.ts";
import { isObject } from "../../shared/json-merge-patch.ts";
import { ignored } from "../responses/inert-fields.ts";

const MAX_MESSAGES = 1_000;

/** A field that takes only null, with the reason. */
export const refused = (why: string) => z.null({ error: why }).optional();

/** A hint for a provider's cache. It changes no answer, so it is ignored. */
const hint = z.unknown().optional();
/** Ignored: models see no names. */
const name = z.string({ error: "takes a string" }).max(256).nullish();

const textPart = z.lazy(() =>
  z
    .strictObject({ type: z.literal("text"), text, prompt_cache_breakpoint: hint })
    .transform((part): Part => ({ type: "input_text", text: part.text })),
);
const refusalPart = z.lazy(() => z.strictObject({ type: z.literal("refusal"), refusal: text }));
const imagePart = z.lazy(() =>
  z
    .strictObject({
      type: z.literal("image_url"),
      image_url: z.strictObject(
        {
          url,
          detail: z
            .enum(["auto", "low", "high", "original"], {
              error: 'takes "auto", "low", "high" or "original"',
            })
            .nullish(),
        },
        { error: 'takes an image as {"url": "…"}' },
      ),
      prompt_cache_breakpoint: hint,
    })
    .transform(({ image_url: image }): Part => ({
      type: "input_image",
      image_url: image.url,
      ...(image.detail && { detail: image.detail }),
    })),
);
const filePart = z.lazy(() =>
  z
    .strictObject({
      type: z.literal("file"),
      file: z.strictObject(
        {
          file_data: text.min(1, "is empty; send the file"),
          filename: text.max(256).nullish(),
          file_id: refused(`${NO_FILES} file_data`),
        },
        { error: 'takes a file as {"file_data": "…"}' },
      ),
      prompt_cache_breakpoint: hint,
    })
    .transform(({ file }): Part => ({
      type: "input_file",
      ...(file.filename && { filename: file.filename }),
      file_data: file.file_data,
    })),
);

const only = (what: string) => `takes ${what}`;
const textContent = textOr(
  z.array(z.discriminatedUnion("type", [textPart], { error: only('"text"') })),
);
const userContent = z.lazy(() =>
  textOr(
    z.array(
      z.discriminatedUnion("type", [textPart, imagePart, filePart], {
        error: only('"text", "image_url" or "file"'),
      }),
    ),
  ),
);
/** Null when the message only calls tools. */
const assistantContent = z.lazy(() =>
  z.preprocess(
    (content) => content ?? [],
    textOr(
      z.array(
        z.discriminatedUnion("type", [textPart, refusalPart], {
          error: only('"text" or "refusal"'),
        }),
      ),
    ),
  ),
);

const instruction = <T extends "system" | "developer">(role: T) =>
  z
    .strictObject({ role: z.literal(role), content: textContent, name })
    .transform(({ content }): Item[] => [{ type: "message", role, content }]);

const user = z.lazy(() =>
  z
    .strictObject({ role: z.literal("user"), content: userContent, name })
    .transform(({ role, content }): Item[] => [{ type: "message", role, content }]),
);

const CALLS = 'takes "function" or "custom": other tools run nowhere here';
const functionCall = z.lazy(() =>
  z
    .strictObject({
      id: call_id,
      type: z.literal("function"),
      function: z.strictObject({
        name: calledName,
        arguments: text,
        /** The OpenAI SDK's own, from `parse`. */
        parsed_arguments: z.unknown().optional(),
      }),
      /** Sent by clients that assemble a stream. */
      index: z.number().optional(),
      extra_content: extra,
    })
    .transform(({ id, function: called, extra_content }): Item => ({
      type: "function_call",
      call_id: id,
      name: called.name,
      arguments: called.arguments,
      ...signatureOf(extra_content),
    })),
);

const customCall = z.lazy(() =>
  z
    .strictObject({
      id: call_id,
      type: z.literal("custom"),
      custom: z.strictObject({ name: calledName, input: text }),
      index: z.number().optional(),
      extra_content: extra,
    })
    .transform(({ id, custom: { name: called, input }, extra_content }): Item => ({
      type: "custom_tool_call",
      call_id: id,
      name: called,
      input,
      ...signatureOf(extra_content),
    })),
);
const toolCall = z.lazy(() =>
  z.discriminatedUnion("type", [functionCall, customCall], { error: CALLS }),
);

const REPLACED = "is no longer taken; send tool_calls";
/** Clients send an answer back as it came, with all its fields. */
const assistant = z.lazy(() =>
  z
    .strictObject({
      role: z.literal("assistant"),
      content: assistantContent,
      refusal: text.nullish(),
      tool_calls: z.array(toolCall, { error: "takes a list of calls" }).nullish(),
      reasoning_content: text.nullish(),
      name,
      /** Another name of `reasoning_content`. */
      reasoning: z.unknown().optional(),
      ...ignored(
        "annotations",
        "cache_control",
        "function_call",
        "id",
        "parsed",
        "provider_specific_fields",
        ...REPLAY_FIELDS,
      ),
      audio: refused("takes nothing: nothing is said aloud here"),
    })
    .refine(({ function_call }) => (function_call ?? null) === null, {
      error: REPLACED,
      path: ["function_call"],
    })
    .transform(({ role, content, refusal, tool_calls, ...replayed }, context): Item[] => {
      const calls = tool_calls ?? [];
      const said = assistantParts(content, refusal);
      // Clients that assemble a stream send an empty text with the calls.
      const parts = said === "" && calls.length > 0 ? null : said;
      const reasoning = reasoningOf(replayed);
      const fields = replayFieldsIn(replayed);
      if (parts === null && calls.length === 0 && reasoning === "" && fields === null)
        context.addIssue({
          code: "custom",
          message: "takes what the assistant said; or send tool_calls",
          path: ["content"],
        });
      return [
        ...(reasoning === "" && fields === null
          ? []
          : [
              {
                type: "reasoning" as const,
                text: reasoning,
                ...(fields && { encrypted_content: sealReplay({ model: null, fields }) }),
              },
            ]),
        ...(parts === null ? [] : [{ type: "message" as const, role, content: parts }]),
        ...calls,
      ];
    }),
);

/** The reasoning that a client sends back, under either of its names. */
const reasoningOf = ({
  reasoning_content: content,
  reasoning,
}: {
  reasoning_content?: string | null | undefined;
  reasoning?: unknown;
}): string => {
  const said = content ?? reasoning;
  return typeof said === "string" && said.isWellFormed() ? said : "";
};

/** The content of an assistant's message; null when it has none. */
function assistantParts(
  content: string | Part[],
  refusal: string | null | undefined,
): string | Part[] | null {
  const parts = typeof content === "string" ? content : content.map(asOutput);
  if (!refusal) return typeof parts === "string" || parts.length > 0 ? parts : null;
  const texts: Part[] = typeof parts === "string" ? [{ type: "output_text", text: parts }] : parts;
  return [
    ...texts.filter((part) => !("text" in part) || part.text !== ""),
    { type: "refusal", refusal },
  ];
}

const asOutput = (part: Part): Part =>
  part.type === "input_text" ? { ...part, type: "output_text" } : part;

const tool = z.lazy(() =>
  z
    .strictObject({ role: z.literal("tool"), content: userContent, tool_call_id: call_id, name })
    .transform(({ content, tool_call_id }): Item[] => [
      { type: "function_call_output", call_id: tool_call_id, output: content },
    ]),
);

const ROLES =
  'takes "system", "developer", "user", "assistant" or "tool"; send the result of a function with the role "tool"';

/**
 * The messages of a chat completion, as items. A message that calls tools becomes several items. Errors name the message.
 * Source: the OpenAI API, `ChatCompletionRequestMessage`.
 */
export const chatMessages = z.lazy(() =>
  z
    .array(
      z.discriminatedUnion(
        "role",
        [instruction("system"), instruction("developer"), user, assistant, tool],
        { error: ({ input }) => (isObject(input) ? ROLES : "takes a message, as a JSON object") },
      ),
      { error: "takes a list of messages" },
    )
    .min(1, "takes at least one message")
    .max(MAX_MESSAGES, `takes ${MAX_MESSAGES} messages at most`)
    .transform((messages, context): Item[] => {
      const items = messages.flat();
      const owners = messages.flatMap((each, index) => each.map(() => index));
      checkItemsSize(items, "messages");
      const calls = new Map<string, Item["type"]>();
      for (const [index, item] of items.entries()) {
        if (item.type === "function_call" || item.type === "custom_tool_call")
          calls.set(item.call_id, item.type);
        if (item.type !== "function_call_output" || calls.has(item.call_id)) continue;
        const message = "takes the id of a tool call in an earlier message";
        const path = [owners[index] ?? 0, "tool_call_id"];
        context.addIssue({ code: "custom", message, path });
      }
      return items.map((item) =>
        item.type === "function_call_output" && calls.get(item.call_id) === "custom_tool_call"
          ? { ...item, type: "custom_tool_call_output" }
          : item,
      );
    }),
);
