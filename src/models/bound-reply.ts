import { boundCount, wellFormed } from "../shared/stored-bounds.ts";
import type { ModelReply, Usage } from "./model.ts";

/** A reply that can be stored. Odd counts and broken characters are corrected, so that the answer is not lost. */
export function boundReply(reply: ModelReply): ModelReply {
  const { usage, ...rest } = wellFormed(reply);
  return { ...rest, ...(usage && { usage: boundUsage(usage) }) };
}

function boundUsage({
  input_tokens,
  output_tokens,
  cached_tokens,
  reasoning_tokens,
}: Usage): Usage {
  return {
    input_tokens: boundCount(input_tokens),
    output_tokens: boundCount(output_tokens),
    ...(cached_tokens !== undefined && { cached_tokens: boundCount(cached_tokens) }),
    ...(reasoning_tokens !== undefined && { reasoning_tokens: boundCount(reasoning_tokens) }),
  };
}
