import { TURN_STATUSES } from "../../shared/turn.ts";
import { many, maybe, named, number, object, only, text, whole } from "./schema.ts";

export const usage = named("Usage", () => object({ input_tokens: whole, output_tokens: whole }));
export const turnError = named("TurnError", () => object({ code: text, message: text }));
export const turnStatus = only(...TURN_STATUSES);
export const toolCall = named("ToolCall", () =>
  object({ id: text, type: only("function"), function: object({ name: text, arguments: text }) }),
);
/** The call of a freeform tool in a chat completion. */
export const customCall = named("CustomToolCall", () =>
  object({ id: text, type: only("custom"), custom: object({ name: text, input: text }) }),
);
export const lineProblem = named("LineProblem", () =>
  object({ line: whole, session_id: maybe(text), code: text, message: text }),
);
/** Errors of the lines of a body, by number of the line. */
export const lineErrors = many(object({ line: whole, code: text, message: text }));
export const quotas = named("Quotas", () => {
  const quota = object({ limit: maybe(number), used: number });
  return object({ turns_per_day: quota, stored_bytes: quota, sessions: quota });
});
