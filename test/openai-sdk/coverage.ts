/** What happens to a field, an item type, a tool type or an event of OpenAI's API. */
export type Treatment =
  /** It does what OpenAI's does. */
  | "works"
  /** It is stored and told back; nothing is done differently. */
  | "kept"
  /** It is taken; nothing is done differently. */
  | "ignored"
  /** It is a 400 that says why. For an event: it is never sent. */
  | "refused";

type Table = Record<Treatment, string>;

/** By the name of the type in the package `openai`, the names in each row apart by spaces. */
export const REQUEST_FIELDS: Record<string, Table> = {
  ResponseCreateParamsBase: {
    works:
      "background conversation input instructions max_output_tokens metadata model parallel_tool_calls previous_response_id reasoning store stream stream_options temperature text tool_choice tools top_p truncation",
    kept: "access_programs image max_tool_calls prompt_cache_key prompt_cache_options prompt_cache_retention safety_identifier service_tier top_logprobs user",
    ignored: "background_options context_management include moderation",
    refused: "prompt",
  },
  ResponseCompactParams: {
    works: "input instructions model previous_response_id",
    kept: "",
    ignored: "image prompt_cache_key prompt_cache_options prompt_cache_retention service_tier",
    refused: "",
  },
  InputTokenCountParams: {
    works:
      "conversation input instructions model parallel_tool_calls previous_response_id reasoning text tool_choice tools truncation",
    kept: "",
    ignored: "personality",
    refused: "",
  },
  ResponseCreate: {
    works:
      "background conversation generate input instructions max_output_tokens metadata model parallel_tool_calls previous_response_id reasoning store temperature text tool_choice tools top_p truncation type",
    kept: "access_programs image max_tool_calls prompt_cache_key prompt_cache_options prompt_cache_retention safety_identifier service_tier top_logprobs user",
    ignored:
      "background_options context_management include moderation stream stream_id stream_options",
    refused: "prompt",
  },
  ChatCompletionCreateParamsBase: {
    works:
      "frequency_penalty max_completion_tokens max_tokens messages metadata model parallel_tool_calls presence_penalty reasoning_effort response_format seed stop store stream stream_options temperature tool_choice tools top_p verbosity",
    kept: "",
    ignored:
      "moderation prompt_cache_key prompt_cache_options prompt_cache_retention safety_identifier service_tier top_logprobs user",
    refused:
      "audio function_call functions logit_bias logprobs modalities n prediction web_search_options",
  },
  EmbeddingCreateParams: {
    works: "dimensions encoding_format input model",
    kept: "",
    ignored: "user",
    refused: "",
  },
};

export const INPUT_ITEMS: Table = {
  works:
    "message function_call function_call_output reasoning compaction item_reference custom_tool_call custom_tool_call_output shell_call shell_call_output local_shell_call local_shell_call_output apply_patch_call apply_patch_call_output computer_call computer_call_output tool_search_call tool_search_output additional_tools",
  kept: "web_search_call file_search_call code_interpreter_call image_generation_call mcp_call mcp_list_tools mcp_approval_request mcp_approval_response program program_output configuration_update",
  ignored: "compaction_trigger",
  refused: "",
};

export const TOOLS: Table = {
  works:
    "function custom namespace tool_search shell local_shell apply_patch computer computer_use_preview",
  kept: "",
  ignored: "",
  refused:
    "code_interpreter file_search image_generation mcp programmatic_tool_calling web_search web_search_2025_08_26 web_search_preview web_search_preview_2025_03_11",
};

const PLAIN_EVENTS =
  "response.created response.queued response.in_progress response.completed response.failed response.incomplete response.output_item.added response.output_item.done response.content_part.added response.content_part.done response.output_text.delta response.output_text.done response.refusal.delta response.refusal.done response.function_call_arguments.delta response.function_call_arguments.done response.custom_tool_call_input.delta response.custom_tool_call_input.done response.shell_call_command.added response.shell_call_command.delta response.shell_call_command.done response.reasoning_summary_part.added response.reasoning_summary_part.done response.reasoning_summary_text.delta response.reasoning_summary_text.done error";

/** Events that are sent. All others of the package belong to hosted tools, audio and annotations. */
export const SENT_EVENTS: readonly string[] = PLAIN_EVENTS.split(" ");
/** Beginnings of the events that are never sent. */
export const UNSENT_EVENTS =
  /^response\.(audio|code_interpreter_call|code_interpreter_call_code|compaction|file_search_call|image_generation_call|mcp_call|mcp_call_arguments|mcp_list_tools|output_text\.annotation|reasoning_text|shell_call_output_content|web_search_call)\b/;

export const namesIn = (row: string): string[] => row.split(" ").filter((name) => name !== "");
