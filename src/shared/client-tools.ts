import { clientShapes } from "./client-items.ts";
import type { ClientCall, ClientOutput } from "./client-items.ts";
import type { Part } from "./content-parts.ts";
import { functionNameOf } from "./function-names.ts";
import { historyText } from "./history-items.ts";
import { isObject } from "./json-merge-patch.ts";

/**
 * Tools that the client runs, as the functions that stand for them: providers of chat completions know functions alone.
 * Source of the items: the OpenAI API.
 */
interface ClientTool<Call extends ClientCall["type"], Output extends ClientOutput["type"]> {
  call: Call;
  output: Output;
  /** The function's name. A freeform tool has its own. */
  name: string | null;
  description: string;
  /** The function's parameters, as a JSON Schema. */
  parameters: Record<string, unknown>;
  /** The fields of the call's item. They are checked against its schema. */
  fieldsOf: (args: Record<string, unknown>) => Record<string, unknown>;
  argumentsOf: (call: Extract<ClientCall, { type: Call }>) => unknown;
  /** What the model is shown of a result. */
  resultOf: (output: Extract<ClientOutput, { type: Output }>) => string | Part[];
}

const tool = <Call extends ClientCall["type"], Output extends ClientOutput["type"]>(
  described: ClientTool<Call, Output>,
) => described;

const text = (description: string) => ({ type: "string", description });
const texts = (description: string) => ({ type: "array", items: { type: "string" }, description });
const whole = (description: string) => ({ type: "integer", description });
const objectOf = (properties: Record<string, object>, ...required: string[]) => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});

const ACTION = objectOf(
  {
    type: {
      type: "string",
      enum: [
        "click",
        "double_click",
        "drag",
        "keypress",
        "move",
        "screenshot",
        "scroll",
        "type",
        "wait",
      ],
    },
    x: whole("Of click, double_click, move and scroll, in pixels from the left"),
    y: whole("Of click, double_click, move and scroll, in pixels from the top"),
    button: { type: "string", enum: ["left", "right", "wheel", "back", "forward"] },
    scroll_x: whole("Of scroll, in pixels"),
    scroll_y: whole("Of scroll, in pixels"),
    keys: texts("Of keypress; of the others, the keys that are held"),
    text: text("Of type"),
    path: {
      type: "array",
      description: "Of drag",
      items: objectOf({ x: whole("From the left"), y: whole("From the top") }, "x", "y"),
    },
  },
  "type",
);

const computer = {
  call: "computer_call",
  output: "computer_call_output",
  name: "computer",
  argumentsOf: ({ action, actions }: Extract<ClientCall, { type: "computer_call" }>) =>
    actions ? { actions } : { action },
  resultOf: ({ output }: Extract<ClientOutput, { type: "computer_call_output" }>): Part[] => [
    { type: "input_text", text: "The screen after it:" },
    { ...output, type: "input_image" },
  ],
} as const;

/** By the type of the tool. */
export const CLIENT_TOOLS = {
  custom: tool({
    call: "custom_tool_call",
    output: "custom_tool_call_output",
    name: null,
    description: "",
    parameters: objectOf({ input: text("The tool's input, as free text") }, "input"),
    fieldsOf: ({ input }) => ({ input }),
    argumentsOf: ({ input }) => ({ input }),
    resultOf: ({ output }) => output,
  }),
  local_shell: tool({
    call: "local_shell_call",
    output: "local_shell_call_output",
    name: "local_shell",
    description: "Runs a command on the user's machine, and returns its output.",
    parameters: objectOf(
      {
        command: { ...texts("The program, then its arguments"), minItems: 1 },
        working_directory: text("The directory to run it in"),
        timeout_ms: whole("Milliseconds until it is stopped"),
        env: { type: "object", additionalProperties: { type: "string" } },
      },
      "command",
    ),
    fieldsOf: ({ command, env, ...others }) => ({
      action: {
        type: "exec",
        command: typeof command === "string" ? ["sh", "-c", command] : command,
        env: env ?? {},
        ...picked(others, "timeout_ms", "user", "working_directory"),
      },
    }),
    argumentsOf: ({ action: { type: _type, ...args } }) => args,
    resultOf: ({ output }) => output,
  }),
  shell: tool({
    call: "shell_call",
    output: "shell_call_output",
    name: "shell",
    description: "Runs commands in a shell on the user's machine, and returns their output.",
    parameters: objectOf(
      {
        commands: { ...texts("Lines for the shell. Each runs by itself"), minItems: 1 },
        timeout_ms: whole("Milliseconds until a command is stopped"),
        max_output_length: whole("Characters of output that are returned"),
      },
      "commands",
    ),
    fieldsOf: ({ commands, ...others }) => ({
      action: {
        commands: typeof commands === "string" ? [commands] : commands,
        ...picked(others, "max_output_length", "timeout_ms"),
      },
    }),
    argumentsOf: ({ action }) => action,
    resultOf: ({ output }) =>
      output
        .map(({ stdout, stderr, outcome }) =>
          [
            stdout,
            stderr === "" ? "" : `stderr:\n${stderr}`,
            outcome.type === "exit" ? `exit code: ${outcome.exit_code}` : "timed out",
          ]
            .filter((said) => said !== "")
            .join("\n"),
        )
        .join("\n\n"),
  }),
  apply_patch: tool({
    call: "apply_patch_call",
    output: "apply_patch_call_output",
    name: "apply_patch",
    description:
      "Creates, updates or deletes one file. A diff is in the V4A format: sections that begin with @@ and a line of context, then lines that begin with a space, - or +. The diff of a new file has lines with + alone.",
    parameters: objectOf(
      {
        type: { type: "string", enum: ["create_file", "update_file", "delete_file"] },
        path: text("The file's path"),
        diff: text("The change. delete_file has none"),
      },
      "type",
      "path",
    ),
    fieldsOf: (args) => {
      const operation = isObject(args["operation"]) ? args["operation"] : args;
      const names = operation["type"] === "delete_file" ? [] : ["diff"];
      return { operation: picked(operation, "type", "path", ...names) };
    },
    argumentsOf: ({ operation }) => operation,
    resultOf: ({ status, output }) => (output ? `${status}: ${output}` : status),
  }),
  computer: tool({
    ...computer,
    description: "Controls the user's computer, and returns a picture of its screen.",
    parameters: objectOf({ actions: { type: "array", items: ACTION, minItems: 1 } }, "actions"),
    fieldsOf: ({ actions, ...action }) => ({
      actions: Array.isArray(actions) && actions.length > 0 ? actions : [action],
      pending_safety_checks: [],
    }),
  }),
  computer_use_preview: tool({
    ...computer,
    description: "Controls the user's computer, and returns a picture of its screen.",
    parameters: objectOf({ action: ACTION }, "action"),
    fieldsOf: ({ action, ...others }) => ({
      action: isObject(action) ? action : others,
      pending_safety_checks: [],
    }),
  }),
  tool_search: tool({
    call: "tool_search_call",
    output: "tool_search_output",
    name: "tool_search",
    description: "Searches for more tools. Those that it finds may be called afterwards.",
    parameters: objectOf({ query: text("What a tool is needed for") }, "query"),
    fieldsOf: (args) => ({ execution: "client", arguments: args }),
    argumentsOf: ({ arguments: args }) => args,
    resultOf: ({ tools }) => toolsText("Found", tools),
  }),
};

export type ClientToolType = keyof typeof CLIENT_TOOLS;

/** The tool that a function stands for. */
export type CallTarget =
  | { type: "function" | "custom"; name: string; namespace?: string | undefined }
  | { type: Exclude<ClientToolType, "custom"> };

/** The rows of the table by the types of their items. Each is handed items of its own type alone. */
type AnyTool = ClientTool<never, never>;
const ROWS = new Map<string, AnyTool>(
  Object.values(CLIENT_TOOLS).flatMap((row) => [
    [row.call, row as unknown as AnyTool],
    [row.output, row as unknown as AnyTool],
  ]),
);

/** The item of a call with these arguments; null where they do not fit the tool. */
export function clientCall(
  type: Exclude<ClientToolType, "custom">,
  callId: string,
  args: unknown,
): ClientCall | null {
  if (!isObject(args)) return null;
  const row = CLIENT_TOOLS[type];
  const made = clientShapes.safeParse({ type: row.call, call_id: callId, ...row.fieldsOf(args) });
  return made.success ? (made.data as ClientCall) : null;
}

/** A call as the call of a function. */
export const asFunctionCall = (call: ClientCall): { name: string; arguments: string } => {
  const row = ROWS.get(call.type);
  return {
    name: call.type === "custom_tool_call" ? functionNameOf(call) : (row?.name ?? call.type),
    arguments: JSON.stringify(row?.argumentsOf(call as never) ?? {}),
  };
};

/** What the model is shown of a result. */
export const resultOf = (output: ClientOutput): string | Part[] =>
  ROWS.get(output.type)?.resultOf(output as never) ?? historyText(output);

/** The names of tools, for the model. */
export function toolsText(verb: string, tools: readonly Record<string, unknown>[]): string {
  const names = tools.flatMap((each) => {
    const { name, tools: inner, type } = each;
    const own = typeof name === "string" ? name : String(type);
    if (!Array.isArray(inner)) return [own];
    return inner.flatMap((one: unknown) =>
      isObject(one) && typeof one["name"] === "string"
        ? [functionNameOf({ namespace: own, name: one["name"] })]
        : [],
    );
  });
  return names.length === 0 ? "No tools." : `${verb}: ${names.join(", ")}.`;
}

const picked = (from: Record<string, unknown>, ...names: string[]): Record<string, unknown> =>
  Object.fromEntries(
    names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])),
  );
