import { documentsIn, fieldsIn, idIn, textIn } from "../reading/fields.ts";
import type { Fields } from "../reading/fields.ts";
import { argumentsOf } from "../reading/message-builder.ts";
import { momentOf } from "../reading/moment.ts";
import type { Calls } from "../reading/calls.ts";
import type { Tally } from "../reading/tally.ts";

/** The tools that a run of an assistant called in one step. */
export function addStep(calls: Calls, step: Fields, model: string | undefined, left: Tally): void {
  const at = momentOf(step["created_at"]) ?? undefined;
  const ended = momentOf(step["completed_at"]) ?? at;
  for (const call of documentsIn(fieldsIn(step["step_details"])["tool_calls"])) {
    const found = told(call);
    if (found === null) {
      left.add(textIn(call["type"]) ?? "tool_calls");
      continue;
    }
    const { name, asked, output } = found;
    // A call without an id is given one.
    calls.add({
      role: "assistant",
      content: "",
      at,
      model,
      tool_calls: [{ id: idIn(call["id"]) ?? "", name, arguments: argumentsOf(asked) }],
    });
    const id = calls.messages.at(-1)?.tool_calls?.[0]?.id ?? "";
    if (output !== null) calls.answer(name, id, id, { role: "tool", content: output, at: ended });
  }
}

/** Null where it is no call that is known. */
function told(call: Fields): { name: string; asked: unknown; output: string | null } | null {
  const type = textIn(call["type"]) ?? "";
  if (type === "function") {
    const called = fieldsIn(call["function"]);
    const name = textIn(called["name"]);
    const output = called["output"];
    if (name === undefined) return null;
    return {
      name,
      asked: called["arguments"],
      output: output === undefined ? null : textOf(output),
    };
  }
  if (type === "code_interpreter") {
    const { input, outputs } = fieldsIn(call["code_interpreter"]);
    const logs = documentsIn(outputs).map((each) => textIn(each["logs"]));
    const isText = logs.every((text) => text !== undefined);
    const output = isText ? logs.join("\n") : JSON.stringify(outputs ?? []);
    return { name: type, asked: { input }, output };
  }
  if (type !== "file_search" && type !== "retrieval") return null;
  const { results } = fieldsIn(call["file_search"]);
  return { name: type, asked: {}, output: Array.isArray(results) ? JSON.stringify(results) : null };
}

const textOf = (output: unknown): string | null =>
  output === null || typeof output === "string" ? output : JSON.stringify(output);
