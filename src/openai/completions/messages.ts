import { z } from "zod";

import type { Item, Part } from "../../shared/items.ts";
import {
  NO_FILES,
  call_id,
  checkSize,
  isObject,
  text,
  textOr,
  url,
} from "../responses/item-input.ts";
import { functionName } from "../responses/settings.ts";

const MAX_MESSAGES = 1_000;

/** Nothing but null. */
export const refused = (why: string) => z.null({ error: why }).optional();

/** Says only what a provider may keep at hand: nothing is answered differently with it. */
const hint = z.unknown().optional();
/** Nobody is told apart by it here. */
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
const texts = textOr(z.array(z.discriminatedUnion("type", [textPart], { error: only('"text"') })));
const userContent = z.lazy(() =>
  textOr(
    z.array(
      z.discriminatedUnion("type", [textPart, imagePart, filePart], {
        error: only('"text", "image_url" or "file"'),
      }),
    ),
  ),
);
/** Null where it only calls tools. */
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
    .strictObject({ role: z.literal(role), content: texts, name })
    .transform(({ content }): Item[] => [{ type: "message", role, content }]);

const user = z.lazy(() =>
  z
    .strictObject({ role: z.literal("user"), content: userContent, name })
    .transform(({ role, content }): Item[] => [{ type: "message", role, content }]),
);

const FUNCTIONS_ONLY = 'takes "function": other tools run nowhere here';
const toolCall = z.lazy(() =>
  z
    .strictObject({
      id: call_id,
      type: z.literal("function", { error: FUNCTIONS_ONLY }),
      function: z.strictObject({
        name: functionName,
        arguments: text,
        /** The OpenAI SDK's own, from `parse`. */
        parsed_arguments: z.unknown().optional(),
      }),
      /** Where the client put it together out of a stream. */
      index: z.number().optional(),
    })
    .transform(({ id, function: called }): Item => ({
      type: "function_call",
      call_id: id,
      name: called.name,
      arguments: called.arguments,
    })),
);

const OF_THE_PAST = "takes nothing any more; send tool_calls";
/** As it was told, clients send it back: with all that came beside its content. */
const assistant = z.lazy(() =>
  z
    .strictObject({
      role: z.literal("assistant"),
      content: assistantContent,
      refusal: text.nullish(),
      tool_calls: z.array(toolCall, { error: "takes a list of calls" }).nullish(),
      reasoning_content: text.nullish(),
      name,
      annotations: z.array(z.unknown()).nullish(),
      parsed: z.unknown().optional(),
      audio: refused("takes nothing: nothing is said aloud here"),
      function_call: refused(OF_THE_PAST),
    })
    .transform(({ role, content, refusal, tool_calls, reasoning_content }, context): Item[] => {
      const calls = tool_calls ?? [];
      const parts = saidBy(content, refusal);
      if (parts === null && calls.length === 0)
        context.addIssue({
          code: "custom",
          message: "takes what the assistant said; or send tool_calls",
          path: ["content"],
        });
      return [
        ...(reasoning_content ? [{ type: "reasoning" as const, text: reasoning_content }] : []),
        ...(parts === null ? [] : [{ type: "message" as const, role, content: parts }]),
        ...calls,
      ];
    }),
);

/** @returns null where nothing is */
function saidBy(
  content: string | Part[],
  refusal: string | null | undefined,
): string | Part[] | null {
  const parts = typeof content === "string" ? content : content.map(asOutput);
  if (!refusal) return typeof parts === "string" || parts.length > 0 ? parts : null;
  const said: Part[] = typeof parts === "string" ? [{ type: "output_text", text: parts }] : parts;
  return [
    ...said.filter((part) => !("text" in part) || part.text !== ""),
    { type: "refusal", refusal },
  ];
}

const asOutput = (part: Part): Part =>
  part.type === "input_text" ? { ...part, type: "output_text" } : part;

const tool = z.lazy(() =>
  z
    .strictObject({ role: z.literal("tool"), content: texts, tool_call_id: call_id, name })
    .transform(({ content, tool_call_id }): Item[] => [
      { type: "function_call_output", call_id: tool_call_id, output: content },
    ]),
);

const ROLES =
  'takes "system", "developer", "user", "assistant" or "tool"; what a function gave is sent as of a tool';

/**
 * The messages of a chat completion, as items: one that calls tools is several. What is wrong is named by the message
 * that it is in. Source: the OpenAI API, `ChatCompletionRequestMessage`.
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
    .min(1, "takes a message at least")
    .max(MAX_MESSAGES, `takes ${MAX_MESSAGES} messages at most`)
    .transform((messages, context): Item[] => {
      const items = messages.flat();
      const owners = messages.flatMap((each, index) => each.map(() => index));
      checkSize(items, "messages", (index) => `messages.${owners[index]}`);
      const called = new Set<string>();
      for (const [index, item] of items.entries()) {
        if (item.type === "function_call") called.add(item.call_id);
        if (item.type !== "function_call_output" || called.has(item.call_id)) continue;
        const message = "takes the id of a tool call in a message before it";
        const path = [owners[index] ?? 0, "tool_call_id"];
        context.addIssue({ code: "custom", message, path });
      }
      return items;
    }),
);
