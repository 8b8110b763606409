import { TOLD } from "../../../openai/responses/inert-fields.ts";
import { clientItems } from "./client-item-replies.ts";
import * as s from "../../openapi/schema.ts";
import { customCall, toolCall, turnError } from "../../openapi/shared-replies.ts";

const status = s.only("completed", "incomplete");
const inputParts = () => [
  s.object({ type: s.only("input_text"), text: s.text }),
  s.object({
    type: s.only("input_image"),
    image_url: s.maybe(s.text),
    detail: s.only("low", "high", "auto"),
    "file_id?": s.text,
  }),
  s.object({
    type: s.only("input_file"),
    "filename?": s.text,
    "file_url?": s.text,
    "file_data?": s.text,
    "file_id?": s.text,
  }),
];

export const item = s.named("Item", () =>
  s.oneOf(
    s.object({
      type: s.only("message"),
      id: s.text,
      status,
      role: s.only("system", "developer", "user", "assistant"),
      content: s.many(
        s.oneOf(
          ...inputParts(),
          s.object({
            type: s.only("output_text"),
            text: s.text,
            annotations: s.many(s.anyObject),
            logprobs: s.many(s.anyObject),
          }),
          s.object({ type: s.only("refusal"), refusal: s.text }),
        ),
      ),
      "phase?": s.only("commentary", "final_answer"),
    }),
    s.object({
      type: s.only("function_call"),
      id: s.text,
      call_id: s.text,
      name: s.text,
      "namespace?": s.text,
      arguments: s.text,
      status,
      "extra_content?": s.anyObject,
    }),
    s.object({
      type: s.only("function_call_output"),
      id: s.text,
      call_id: s.text,
      output: s.oneOf(s.text, s.many(s.oneOf(...inputParts()))),
      status,
    }),
    s.object({
      type: s.only("reasoning"),
      id: s.text,
      summary: s.many(s.object({ type: s.only("summary_text"), text: s.text })),
      "content?": s.many(s.object({ type: s.only("reasoning_text"), text: s.text })),
      "encrypted_content?": s.text,
    }),
    s.object({ type: s.only("compaction"), id: s.text, encrypted_content: s.text }),
    ...clientItems(),
  ),
);
export const responseUsage = s.named("ResponseUsage", () =>
  s.object({
    input_tokens: s.whole,
    input_tokens_details: s.object({ cached_tokens: s.whole, cache_write_tokens: s.whole }),
    output_tokens: s.whole,
    output_tokens_details: s.object({ reasoning_tokens: s.whole }),
    total_tokens: s.whole,
  }),
);
export const response = s.named("Response", () =>
  s.object({
    id: s.text,
    object: s.only("response"),
    created_at: s.whole,
    completed_at: s.maybe(s.whole),
    status: s.only("queued", "in_progress", "completed", "incomplete", "failed", "cancelled"),
    background: s.truth,
    conversation: s.maybe(s.object({ id: s.text })),
    error: s.maybe(turnError),
    incomplete_details: s.maybe(s.object({ reason: s.text })),
    instructions: s.maybe(s.text),
    max_output_tokens: s.maybe(s.whole),
    max_tool_calls: s.maybe(s.whole),
    metadata: s.mapOf(s.text),
    model: s.text,
    output: s.many(item),
    parallel_tool_calls: s.truth,
    presence_penalty: s.number,
    frequency_penalty: s.number,
    previous_response_id: s.maybe(s.text),
    prompt_cache_key: s.maybe(s.text),
    reasoning: s.object({
      effort: s.maybe(s.text),
      summary: s.maybe(s.text),
      "context?": s.anything,
      "mode?": s.anything,
    }),
    safety_identifier: s.maybe(s.text),
    service_tier: s.text,
    store: s.truth,
    temperature: s.number,
    text: s.object({ format: s.anyObject, "verbosity?": s.text }),
    tool_choice: s.oneOf(s.text, s.anyObject),
    tools: s.many(
      s.oneOf(
        s.object({
          type: s.only("function"),
          name: s.text,
          description: s.maybe(s.text),
          parameters: s.maybe(s.anyObject),
          strict: s.maybe(s.truth),
        }),
        s.object({
          type: s.only("custom"),
          name: s.text,
          "description?": s.text,
          "format?": s.anyObject,
        }),
        s.object({
          type: s.only("namespace"),
          name: s.text,
          "description?": s.text,
          tools: s.many(s.anyObject),
        }),
        s.object({
          type: s.only("tool_search"),
          execution: s.only("client"),
          "description?": s.text,
          "parameters?": s.anyObject,
        }),
        s.object({ type: s.only("shell"), "environment?": s.anyObject }),
        s.object({
          type: s.only("computer_use_preview"),
          display_width: s.number,
          display_height: s.number,
          environment: s.text,
        }),
        s.object({ type: s.only("local_shell", "apply_patch", "computer") }),
      ),
    ),
    top_logprobs: s.whole,
    top_p: s.number,
    truncation: s.only("auto", "disabled"),
    usage: s.maybe(responseUsage),
    "user?": s.text,
    // As they were sent.
    ...Object.fromEntries(TOLD.map((name) => [`${name}?`, s.anything])),
  }),
);
export const completion = s.named("ChatCompletion", () =>
  s.object({
    id: s.text,
    object: s.only("chat.completion"),
    created: s.whole,
    model: s.text,
    choices: s.many(
      s.object({
        index: s.whole,
        message: s.object({
          role: s.only("assistant"),
          content: s.maybe(s.text),
          refusal: s.maybe(s.text),
          annotations: s.many(s.anyObject),
          "reasoning_content?": s.text,
          "tool_calls?": s.many(s.oneOf(toolCall, customCall)),
        }),
        finish_reason: s.only("stop", "length", "tool_calls", "content_filter", "function_call"),
        logprobs: s.only(null),
      }),
    ),
    "usage?": s.object({
      prompt_tokens: s.whole,
      completion_tokens: s.whole,
      total_tokens: s.whole,
      prompt_tokens_details: s.object({ cached_tokens: s.whole }),
      completion_tokens_details: s.object({ reasoning_tokens: s.whole }),
    }),
    service_tier: s.only("default"),
    "metadata?": s.mapOf(s.text),
  }),
);
export const completionMessage = s.named("ChatCompletionMessage", () =>
  s.object({
    id: s.text,
    role: s.only("system", "developer", "user", "assistant", "tool"),
    content: s.maybe(s.text),
    refusal: s.maybe(s.text),
    content_parts: s.maybe(s.many(s.anyObject)),
    "reasoning_content?": s.text,
    "tool_calls?": s.many(s.oneOf(toolCall, customCall)),
    "tool_call_id?": s.text,
  }),
);
export const deleted = (kind: string) =>
  s.object({ id: s.text, object: s.only(kind), deleted: s.only(true) });
