import { z } from "zod";

import { moment } from "../moment.ts";
import type { Calls } from "./calls.ts";
import type { Tally } from "../tally.ts";

const callSchema = z.union([
  z.object({
    type: z.literal("function"),
    id: z.string(),
    function: z.object({ name: z.string(), arguments: z.string(), output: z.string().nullish() }),
  }),
  z.object({
    type: z.literal("code_interpreter"),
    id: z.string(),
    code_interpreter: z.object({ input: z.string(), outputs: z.array(z.unknown()).nullish() }),
  }),
  z.object({
    type: z.enum(["file_search", "retrieval"]),
    id: z.string(),
    file_search: z
      .object({ results: z.array(z.unknown()).nullish() })
      .nullish()
      .catch(null),
  }),
  z.object({ type: z.string() }).transform(({ type }) => ({ type: "other" as const, left: type })),
]);

export const stepSchema = z.object({
  run_id: z.string().nullish(),
  created_at: moment,
  completed_at: moment,
  step_details: z.object({ tool_calls: z.array(callSchema).nullish() }).nullish(),
});
export type Step = z.infer<typeof stepSchema>;

const logs = z.array(z.object({ type: z.literal("logs"), logs: z.string() }));

/** The tools that a run of an assistant called in one step. */
export function addStep(calls: Calls, step: Step, model: string | undefined, left: Tally): void {
  const { created_at: at, completed_at: ended = at, step_details: details } = step;
  for (const call of details?.tool_calls ?? []) {
    if (call.type === "other") {
      left.add(call.left);
      continue;
    }
    const [name, args, output] = told(call);
    const tool_calls = [{ id: call.id, name, arguments: args }];
    calls.add({ role: "assistant", content: "", at, model, tool_calls });
    if (output !== null)
      calls.answer(name, call.id, call.id, { role: "tool", content: output, at: ended });
  }
}

type Call = Exclude<z.infer<typeof callSchema>, { type: "other" }>;

function told(call: Call): [name: string, args: string, output: string | null] {
  if (call.type === "function") {
    const { name, arguments: args, output } = call.function;
    return [name, args, output ?? null];
  }
  if (call.type === "code_interpreter") {
    const { input, outputs } = call.code_interpreter;
    const { data } = logs.safeParse(outputs);
    const output = data ? data.map((each) => each.logs).join("\n") : JSON.stringify(outputs ?? []);
    return [call.type, JSON.stringify({ input }), output];
  }
  const results = call.file_search?.results;
  return [call.type, "{}", results ? JSON.stringify(results) : null];
}
