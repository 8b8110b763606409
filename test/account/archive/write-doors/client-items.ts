import * as fc from "fast-check";

import { HISTORY_TYPES } from "../../../../src/shared/history-items.ts";
import { document, moment, short, whole, words } from "./values.ts";

/** Items of tools that the client runs, and of those that ran elsewhere. */

const imported = { id: short, created_at: moment };
const output = fc.oneof(
  words,
  fc.array(
    fc.oneof(
      fc.record({ type: fc.constant("input_text"), text: words }),
      fc.record({ type: fc.constant("input_image"), image_url: words }),
    ),
    { maxLength: 2 },
  ),
);
const typed = fc.record({ type: words, more: words }, { requiredKeys: ["type"] });
const checks = fc.array(fc.record({ id: words }), { maxLength: 1 });
const limit = fc.option(whole(1_000));

const of = (type: string, fields: Record<string, fc.Arbitrary<unknown>>, optional = {}) => {
  const all: Record<string, fc.Arbitrary<unknown>> = {
    type: fc.constant(type),
    call_id: words,
    ...fields,
    ...optional,
    ...imported,
  };
  return fc.record(all, { requiredKeys: ["type", "call_id", ...Object.keys(fields)] });
};
const call = (type: string, fields: Record<string, fc.Arbitrary<unknown>>, optional = {}) =>
  of(type, fields, { ...optional, signature: words, status: fc.constant("incomplete") });

export const clientItems = [
  call("custom_tool_call", { name: words, input: words }, { namespace: words }),
  of("custom_tool_call_output", { output }),
  call("local_shell_call", {
    action: fc.record(
      {
        type: fc.constant("exec"),
        command: fc.array(words, { maxLength: 2 }),
        env: fc.dictionary(words, words, { maxKeys: 2 }),
        timeout_ms: limit,
        user: words,
      },
      { requiredKeys: ["type", "command", "env"] },
    ),
  }),
  of("local_shell_call_output", { output: words }),
  call(
    "shell_call",
    {
      action: fc.record(
        { commands: fc.array(words, { maxLength: 2 }), max_output_length: limit },
        { requiredKeys: ["commands"] },
      ),
    },
    { environment: typed },
  ),
  of(
    "shell_call_output",
    {
      output: fc.array(
        fc.record({
          stdout: words,
          stderr: words,
          outcome: fc.oneof(
            fc.record({ type: fc.constant("timeout") }),
            fc.record({ type: fc.constant("exit"), exit_code: fc.integer() }),
          ),
        }),
        { maxLength: 2 },
      ),
    },
    { max_output_length: whole(1_000) },
  ),
  call("apply_patch_call", {
    operation: fc.oneof(
      fc.record({
        type: fc.constantFrom("create_file", "update_file"),
        path: words,
        diff: words,
      }),
      fc.record({ type: fc.constant("delete_file"), path: words }),
    ),
  }),
  of(
    "apply_patch_call_output",
    { status: fc.constantFrom("completed", "failed") },
    { output: words },
  ),
  call(
    "computer_call",
    { pending_safety_checks: checks },
    { action: typed, actions: fc.array(typed, { maxLength: 2 }) },
  ),
  of("computer_call_output", {
    output: fc.record({ type: fc.constant("computer_screenshot"), image_url: words }),
  }),
  call("tool_search_call", {
    call_id: fc.option(words),
    execution: fc.constantFrom("server", "client"),
    arguments: document,
  }),
  of("tool_search_output", {
    call_id: fc.option(words),
    execution: fc.constantFrom("server", "client"),
    tools: fc.array(typed, { maxLength: 2 }),
  }),
  fc.record(
    {
      type: fc.constantFrom(...HISTORY_TYPES),
      action: document,
      output: fc.option(words),
      status: words,
      ...imported,
    },
    { requiredKeys: ["type"] },
  ),
];
