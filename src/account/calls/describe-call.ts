import type { CallWrite } from "../conversation/external-calls.ts";
import { answeredIn, askedIn, modelIn, usageIn } from "./content.ts";

/** Fields of a call that its documents hold, where the writer leaves them out. */
export function describeCall(
  request: unknown,
  response: unknown,
): Pick<CallWrite, "input" | "output" | "model" | "input_tokens" | "output_tokens"> {
  const usage = usageIn(response);
  return {
    input: askedIn(request),
    output: response === undefined ? null : answeredIn(response),
    model: modelIn(response) ?? modelIn(request),
    input_tokens: usage.input,
    output_tokens: usage.output,
  };
}
