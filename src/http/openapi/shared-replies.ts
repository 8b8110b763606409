import { TURN_STATUSES } from "../../shared/turn.ts";
import { maybe, named, object, only, text, whole } from "./schema.ts";

export const usage = named("Usage", () => object({ input_tokens: whole, output_tokens: whole }));
export const turnError = named("TurnError", () => object({ code: text, message: text }));
export const turnStatus = only(...TURN_STATUSES);
export const toolCall = named("ToolCall", () =>
  object({ id: text, type: only("function"), function: object({ name: text, arguments: text }) }),
);
export const lineProblem = named("LineProblem", () =>
  object({ line: whole, session_id: maybe(text), code: text, message: text }),
);
