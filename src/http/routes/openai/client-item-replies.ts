import { HISTORY_TYPES } from "../../../shared/history-items.ts";
import * as s from "../../openapi/schema.ts";

const status = s.only("completed", "incomplete");
const of = (type: string, fields: Record<string, s.JsonSchema>) =>
  s.object({ type: s.only(type), id: s.text, ...fields });
const call = (type: string, fields: Record<string, s.JsonSchema>) =>
  of(type, { call_id: s.text, ...fields, status, "extra_content?": s.anyObject });
const output = (type: string, fields: Record<string, s.JsonSchema>) =>
  of(type, { call_id: s.text, ...fields, status });

/** Items of tools that the client runs, and of those that ran elsewhere. */
export const clientItems = () => [
  call("custom_tool_call", { name: s.text, "namespace?": s.text, input: s.text }),
  output("custom_tool_call_output", { output: s.oneOf(s.text, s.many(s.anyObject)) }),
  call("local_shell_call", { action: s.anyObject }),
  output("local_shell_call_output", { output: s.text }),
  call("shell_call", { action: s.anyObject, environment: s.maybe(s.anyObject) }),
  output("shell_call_output", {
    output: s.many(s.anyObject),
    max_output_length: s.maybe(s.whole),
  }),
  call("apply_patch_call", { operation: s.anyObject }),
  of("apply_patch_call_output", {
    call_id: s.text,
    status: s.only("completed", "failed"),
    "output?": s.text,
  }),
  call("computer_call", {
    "action?": s.anyObject,
    "actions?": s.many(s.anyObject),
    pending_safety_checks: s.many(s.anyObject),
  }),
  output("computer_call_output", {
    output: s.anyObject,
    "acknowledged_safety_checks?": s.many(s.anyObject),
  }),
  call("tool_search_call", {
    call_id: s.maybe(s.text),
    execution: s.only("client", "server"),
    "arguments?": s.anything,
  }),
  output("tool_search_output", {
    call_id: s.maybe(s.text),
    execution: s.only("client", "server"),
    tools: s.many(s.anyObject),
  }),
  { ...s.anyObject, properties: { type: s.only(...HISTORY_TYPES), id: s.text } },
];
