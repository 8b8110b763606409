import { withSpan } from "../observe/spans.ts";
import type { SpanAttributes } from "../observe/spans.ts";
import type { ModelReply, ModelRequest } from "./model.ts";

/** OpenTelemetry's words for why an answer ended. */
const FINISH_REASONS = { max_output_tokens: "length", content_filter: "content_filter" } as const;

/**
 * Runs one try of one model in a span.
 *
 * @param model - as `MODEL` names it
 * @param hasContent - whether the span has what was said
 */
export function inModelSpan(
  model: string,
  { session_id, settings, messages }: ModelRequest,
  hasContent: boolean,
  work: () => Promise<ModelReply>,
): Promise<ModelReply> {
  const slash = model.indexOf("/");
  const requested = slash === -1 ? model : model.slice(slash + 1);
  const about: SpanAttributes = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": slash === -1 ? model : model.slice(0, slash),
    "gen_ai.request.model": requested,
    "gen_ai.request.max_tokens": settings?.max_output_tokens,
    "gen_ai.request.temperature": settings?.temperature,
    "gen_ai.request.top_p": settings?.top_p,
    "gen_ai.conversation.id": session_id,
    ...(hasContent && { "gen_ai.input.messages": JSON.stringify(messages) }),
  };
  return withSpan(
    `chat ${requested}`,
    about,
    work,
    ({ model: answered, usage, cut, ...reply }) => ({
      "gen_ai.response.model": answered,
      "gen_ai.response.finish_reasons": cut ? FINISH_REASONS[cut] : "stop",
      "gen_ai.usage.input_tokens": usage?.input_tokens,
      "gen_ai.usage.output_tokens": usage?.output_tokens,
      ...(hasContent && { "gen_ai.output.messages": JSON.stringify(reply.items ?? reply.text) }),
    }),
  );
}
