import * as fc from "fast-check";

import { MAX_TOKENS } from "../../../../src/shared/stored-bounds.ts";
import { name, number, text } from "./values.ts";

/** What odd providers answer: the model `told` of the model server says what it is told. */

const tokens = fc.oneof(
  number(MAX_TOKENS),
  fc.constantFrom(1.5, -5, 1e300, null, "7") as fc.Arbitrary<unknown>,
);
const usage = fc.record(
  {
    prompt_tokens: tokens,
    completion_tokens: tokens,
    total_tokens: tokens,
    prompt_tokens_details: fc.record({ cached_tokens: tokens }),
    completion_tokens_details: fc.record({ reasoning_tokens: tokens }),
  },
  { requiredKeys: [] },
);
const call = fc.record({
  id: name,
  type: fc.constant("function"),
  function: fc.record({ name, arguments: text }),
});
export const answer = fc.record(
  {
    content: fc.oneof(text, fc.constantFrom(null, "", " ", "Fine.", "\ud83d")),
    reasoning_content: text,
    tool_calls: fc.array(call, { maxLength: 2 }),
    finish_reason: fc.oneof(
      fc.constantFrom("stop", "length", "content_filter", "tool_calls", "error", null),
      text,
    ),
    usage: fc.oneof(usage, fc.constant(null)),
  },
  { requiredKeys: ["content"] },
);
/** A question that is answered so. */
export const question = answer.map((told) => `Say <<${JSON.stringify(told)}>>`);
