import { z } from "zod";

import { ignored } from "./inert-fields.ts";
import { plainTool, toolShape } from "./tools.ts";

export const shortText = (length: number) =>
  z
    .string({ error: "takes a string" })
    .max(length, `takes ${length} characters at most`)
    .refine((value) => value.isWellFormed(), "holds half of a surrogate pair; send valid Unicode");
export const flag = z.boolean({ error: "takes true or false" }).nullish();
export const document = z.record(z.string(), z.unknown(), {
  error: "takes a JSON Schema as an object",
});

const NAME_RULE = "takes 1 to 128 letters, digits, _, - and .";
export const functionName = z
  .string({ error: NAME_RULE })
  .regex(/^[a-zA-Z0-9_.-]{1,128}$/, NAME_RULE);

/** In UTF-16 units. */
const DESCRIPTION = 16_384;
const GRAMMAR = 65_536;

/** A function as Responses and Chat Completions both describe it. */
export const functionFields = () => ({
  name: functionName,
  description: shortText(DESCRIPTION).nullish(),
  parameters: document.nullish(),
  strict: flag,
  ...ignored("allowed_callers", "async", "defer_loading", "output_schema"),
});
/** A freeform tool as Responses and Chat Completions both describe it. */
export const customFields = () => ({
  name: functionName,
  description: shortText(DESCRIPTION).nullish(),
  ...ignored("allowed_callers", "async", "defer_loading"),
});
export const grammarFields = () => ({
  syntax: z.enum(["lark", "regex"], { error: 'takes "lark" or "regex"' }),
  definition: shortText(GRAMMAR),
});

const TOOLS = 128;
export const manyTools = <T extends z.ZodType>(tool: T) =>
  z
    .array(tool, { error: "takes a list of functions" })
    .max(TOOLS, `takes ${TOOLS} at most`)
    .nullish();

export const functionTool = z.lazy(() =>
  z.strictObject({ type: z.literal("function"), ...functionFields() }),
);
const custom = z.lazy(() =>
  z.strictObject({
    type: z.literal("custom"),
    ...customFields(),
    format: z
      .discriminatedUnion(
        "type",
        [
          z.strictObject({ type: z.literal("text") }),
          z.strictObject({ type: z.literal("grammar"), ...grammarFields() }),
        ],
        { error: 'takes a format of the type "text" or "grammar"' },
      )
      .nullish(),
  }),
);
const namespace = z.lazy(() =>
  z.strictObject({
    type: z.literal("namespace"),
    name: functionName,
    description: shortText(DESCRIPTION).nullish(),
    tools: z
      .array(
        z.discriminatedUnion("type", [functionTool, custom], {
          error: 'takes "function" or "custom"',
        }),
        { error: "takes a list of tools" },
      )
      .max(TOOLS, `takes ${TOOLS} at most`),
  }),
);
const toolSearch = z.lazy(() =>
  z.strictObject({
    type: z.literal("tool_search"),
    execution: z.literal("client", {
      error:
        'takes "client": no search runs here; without it, a model is shown all functions, the deferred ones too',
    }),
    description: shortText(DESCRIPTION).nullish(),
    parameters: document.nullish(),
  }),
);
const shell = z.lazy(() =>
  z.strictObject({
    type: z.literal("shell"),
    environment: z
      .looseObject({
        type: z.literal("local", { error: 'takes "local": there are no containers here' }),
      })
      .nullish(),
    ...ignored("allowed_callers"),
  }),
);
const screen = z.lazy(() =>
  z.strictObject({
    type: z.literal("computer_use_preview"),
    display_width: z.number({ error: "takes a number of pixels" }),
    display_height: z.number({ error: "takes a number of pixels" }),
    environment: shortText(64),
  }),
);
const bare = z.lazy(() =>
  z.strictObject({
    type: z.enum(["local_shell", "apply_patch", "computer"]),
    ...ignored("allowed_callers"),
  }),
);

const TOOL_TYPES = [
  "function",
  "custom",
  "namespace",
  "tool_search",
  "shell",
  "local_shell",
  "apply_patch",
  "computer",
  "computer_use_preview",
] as const;
const CLIENT_ONLY =
  'takes "function", "custom", "namespace", "tool_search", "shell", "local_shell", "apply_patch", "computer" or "computer_use_preview": Colloquy runs no hosted tools, the client runs its own';

/** A tool that comes as an item: it is kept as it was sent. */
export const laterTool = z.lazy(() =>
  z
    .looseObject({ type: z.enum(TOOL_TYPES, { error: CLIENT_ONLY }) })
    .refine((sent) => toolShape.safeParse(plainTool(sent)).success, {
      error: "takes a tool with the fields that it has in `tools` of a request",
    }),
);

/** A tool of `POST /v1/responses`. Source: the OpenAI API, `Tool`. */
export const toolInput = z.lazy(() =>
  z
    .discriminatedUnion(
      "type",
      [functionTool, custom, namespace, toolSearch, shell, screen, bare],
      { error: CLIENT_ONLY },
    )
    .transform(plainTool),
);

const modes = z.enum(["none", "auto", "required"]);
const MODES_RULE =
  'takes "none", "auto", "required", or a tool such as {"type": "function", "name": "…"}';
const named = z.lazy(() =>
  z.union([
    z.strictObject({ type: z.enum(["function", "custom"]), name: functionName }),
    z.strictObject({
      type: z.enum([
        "shell",
        "local_shell",
        "apply_patch",
        "computer",
        "computer_use_preview",
        "tool_search",
      ]),
    }),
  ]),
);

export const toolChoice = z.lazy(() =>
  z
    .union(
      [
        modes,
        named,
        z.strictObject({
          type: z.literal("allowed_tools"),
          mode: modes.default("auto"),
          tools: z.array(named).min(1).max(TOOLS),
        }),
      ],
      { error: MODES_RULE },
    )
    .nullish(),
);
