import { z } from "zod";

import { part } from "./content-parts.ts";
import { cutOff, imported } from "./item-fields.ts";

/**
 * Calls of tools that the client runs, and their results, as turns store them. Source: the OpenAI API, the items of
 * `custom`, `local_shell`, `shell`, `apply_patch`, `computer` and `tool_search`.
 */

const ofCall = () => ({
  /** Opaque: the provider wants it back with the call. */
  signature: z.string().optional(),
  ...cutOff(),
  ...imported(),
});
/** JSON that only the client reads. */
const typed = () => z.looseObject({ type: z.string() });
const check = () => z.looseObject({ id: z.string() });
const limit = () => z.int().nullish();

/** The fields of each type, without those that every item has. */
export const clientFields = {
  custom_tool_call: () => ({
    type: z.literal("custom_tool_call"),
    call_id: z.string(),
    name: z.string(),
    /** The group of tools that it is in. */
    namespace: z.string().optional(),
    input: z.string(),
  }),
  custom_tool_call_output: () => ({
    type: z.literal("custom_tool_call_output"),
    call_id: z.string(),
    output: z.union([z.string(), z.array(part)]),
  }),
  local_shell_call: () => ({
    type: z.literal("local_shell_call"),
    call_id: z.string(),
    action: z.strictObject({
      type: z.literal("exec"),
      command: z.array(z.string()),
      env: z.record(z.string(), z.string()),
      timeout_ms: limit(),
      user: z.string().nullish(),
      working_directory: z.string().nullish(),
    }),
  }),
  local_shell_call_output: () => ({
    type: z.literal("local_shell_call_output"),
    call_id: z.string(),
    output: z.string(),
  }),
  shell_call: () => ({
    type: z.literal("shell_call"),
    call_id: z.string(),
    action: z.strictObject({
      commands: z.array(z.string()),
      max_output_length: limit(),
      timeout_ms: limit(),
    }),
    environment: typed().optional(),
  }),
  shell_call_output: () => ({
    type: z.literal("shell_call_output"),
    call_id: z.string(),
    output: z.array(
      z.strictObject({
        stdout: z.string(),
        stderr: z.string(),
        outcome: z.discriminatedUnion("type", [
          z.strictObject({ type: z.literal("timeout") }),
          z.strictObject({ type: z.literal("exit"), exit_code: z.int() }),
        ]),
      }),
    ),
    max_output_length: z.int().optional(),
  }),
  apply_patch_call: () => ({
    type: z.literal("apply_patch_call"),
    call_id: z.string(),
    operation: z.discriminatedUnion("type", [
      z.strictObject({ type: z.literal("create_file"), path: z.string(), diff: z.string() }),
      z.strictObject({ type: z.literal("update_file"), path: z.string(), diff: z.string() }),
      z.strictObject({ type: z.literal("delete_file"), path: z.string() }),
    ]),
  }),
  apply_patch_call_output: () => ({
    type: z.literal("apply_patch_call_output"),
    call_id: z.string(),
    status: z.enum(["completed", "failed"]),
    output: z.string().optional(),
  }),
  computer_call: () => ({
    type: z.literal("computer_call"),
    call_id: z.string(),
    /** Of `computer_use_preview`. */
    action: typed().optional(),
    /** Of `computer`. */
    actions: z.array(typed()).optional(),
    pending_safety_checks: z.array(check()),
  }),
  computer_call_output: () => ({
    type: z.literal("computer_call_output"),
    call_id: z.string(),
    output: z.strictObject({
      type: z.literal("computer_screenshot"),
      image_url: z.string().optional(),
      file_id: z.string().optional(),
    }),
    acknowledged_safety_checks: z.array(check()).optional(),
  }),
  tool_search_call: () => ({
    type: z.literal("tool_search_call"),
    /** Null for a search that the provider ran. */
    call_id: z.string().nullable(),
    execution: z.enum(["server", "client"]),
    arguments: z.unknown(),
  }),
  tool_search_output: () => ({
    type: z.literal("tool_search_output"),
    call_id: z.string().nullable(),
    execution: z.enum(["server", "client"]),
    /** The tools that were found. The model may call them from then on. */
    tools: z.array(typed()),
  }),
};

/** Stored items of tools that the client runs. */
export const clientShapes = z.lazy(() => {
  const [result, call] = [imported(), ofCall()];
  return z.discriminatedUnion("type", [
    z.strictObject({ ...clientFields.custom_tool_call(), ...call }),
    z.strictObject({ ...clientFields.custom_tool_call_output(), ...result }),
    z.strictObject({ ...clientFields.local_shell_call(), ...call }),
    z.strictObject({ ...clientFields.local_shell_call_output(), ...result }),
    z.strictObject({ ...clientFields.shell_call(), ...call }),
    z.strictObject({ ...clientFields.shell_call_output(), ...result }),
    z.strictObject({ ...clientFields.apply_patch_call(), ...call }),
    z.strictObject({ ...clientFields.apply_patch_call_output(), ...result }),
    z.strictObject({ ...clientFields.computer_call(), ...call }),
    z.strictObject({ ...clientFields.computer_call_output(), ...result }),
    z.strictObject({ ...clientFields.tool_search_call(), ...call }),
    z.strictObject({ ...clientFields.tool_search_output(), ...result }),
  ]);
});
export type ClientItem = z.infer<typeof clientShapes>;
/** The call of a tool. */
export type ClientCall = Extract<ClientItem, { type: `${string}_call` }>;
/** The result of a call. */
export type ClientOutput = Exclude<ClientItem, ClientCall>;

const TYPES: ReadonlySet<string> = new Set(Object.keys(clientFields));

export const isClientItem = <T extends { type: string }>(
  item: T,
): item is Extract<T, { type: ClientItem["type"] }> => TYPES.has(item.type);

export const isClientCall = <T extends { type: string }>(
  item: T,
): item is Extract<T, { type: ClientCall["type"] }> =>
  TYPES.has(item.type) && item.type.endsWith("_call");
