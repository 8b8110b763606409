import { z } from "zod";

import type { FunctionTool } from "../../models/model.ts";
import { CLIENT_TOOLS } from "../../shared/client-tools.ts";
import type { ClientToolType } from "../../shared/client-tools.ts";
import { functionNameOf } from "../../shared/function-names.ts";
import type { LoadedTool, Message } from "../../shared/items.ts";
import { isObject } from "../../shared/json-merge-patch.ts";

/** Tools as a turn's settings keep them. All of them run at the client. Source: the OpenAI API, `Tool`. */

const functionShape = z.strictObject({
  type: z.literal("function"),
  name: z.string(),
  description: z.string().optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
  strict: z.boolean().optional(),
});
const customShape = z.strictObject({
  type: z.literal("custom"),
  name: z.string(),
  description: z.string().optional(),
  format: z
    .discriminatedUnion("type", [
      z.strictObject({ type: z.literal("text") }),
      z.strictObject({
        type: z.literal("grammar"),
        syntax: z.enum(["lark", "regex"]),
        definition: z.string(),
      }),
    ])
    .optional(),
});

export const toolShape = z.lazy(() =>
  z.discriminatedUnion("type", [
    functionShape,
    customShape,
    z.strictObject({
      type: z.literal("namespace"),
      name: z.string(),
      description: z.string().optional(),
      tools: z.array(z.discriminatedUnion("type", [functionShape, customShape])),
    }),
    z.strictObject({
      type: z.literal("tool_search"),
      execution: z.literal("client"),
      description: z.string().optional(),
      parameters: z.record(z.string(), z.unknown()).optional(),
    }),
    z.strictObject({
      type: z.literal("shell"),
      environment: z.looseObject({ type: z.literal("local") }).optional(),
    }),
    z.strictObject({
      type: z.literal("computer_use_preview"),
      display_width: z.number(),
      display_height: z.number(),
      environment: z.string(),
    }),
    z.strictObject({ type: z.enum(["local_shell", "apply_patch", "computer"]) }),
  ]),
);
export type Tool = z.infer<typeof toolShape>;
type Inner = z.infer<typeof functionShape> | z.infer<typeof customShape>;

/** The functions that a model is shown for a tool. */
export function functionsOf(tool: Tool): FunctionTool[] {
  if (tool.type === "function") return [tool];
  if (tool.type === "custom") return [innerFunction(tool)];
  if (tool.type === "namespace") {
    const { name: namespace, description, tools } = tool;
    return tools.map((inner, index) => {
      const made = innerFunction(inner, namespace);
      // Once is enough for all of the group.
      const about = index === 0 && description ? `${namespace}: ${description}` : undefined;
      return { ...made, ...describe(made.description, about) };
    });
  }
  const row = CLIENT_TOOLS[tool.type];
  const screen =
    tool.type === "computer_use_preview"
      ? `The screen has ${tool.display_width} x ${tool.display_height} pixels, on ${tool.environment}.`
      : undefined;
  const own: {
    description?: string | undefined;
    parameters?: Record<string, unknown> | undefined;
  } = tool.type === "tool_search" ? tool : {};
  return [
    {
      type: "function",
      name: row.name ?? tool.type,
      parameters: own.parameters ?? row.parameters,
      ...describe(own.description ?? row.description, screen),
      standsFor: { type: tool.type },
    },
  ];
}

function innerFunction(inner: Inner, namespace?: string): FunctionTool {
  const name = functionNameOf({ namespace, name: inner.name });
  const target = { name: inner.name, ...(namespace !== undefined && { namespace }) };
  if (inner.type === "function")
    return {
      ...inner,
      name,
      ...(namespace !== undefined && { standsFor: { type: "function" as const, ...target } }),
    };
  const { description, format } = inner;
  const grammar =
    format?.type === "grammar"
      ? `The input is text that this ${format.syntax} grammar takes:\n${format.definition}`
      : undefined;
  const [input] = Object.values(CLIENT_TOOLS.custom.parameters["properties"] as object);
  return {
    type: "function",
    name,
    ...(description !== undefined && { description }),
    parameters: {
      ...CLIENT_TOOLS.custom.parameters,
      properties: { input: { ...input, ...describe(input.description, grammar) } },
    },
    standsFor: { type: "custom", ...target },
  };
}

const describe = (...texts: (string | undefined)[]): { description?: string } => {
  const all = texts.filter((text) => text !== undefined && text !== "");
  return all.length === 0 ? {} : { description: all.join("\n") };
};

/** The name that a model knows a tool by, as a request chooses it. */
export const chosenName = (choice: { type: string; name?: string | undefined }): string =>
  choice.name ?? CLIENT_TOOLS[choice.type as ClientToolType].name ?? choice.type;

/** Fields of tools, in the order of their schemas. All others say nothing here. */
const KNOWN = [
  "type",
  "name",
  "description",
  "parameters",
  "strict",
  "format",
  "tools",
  "execution",
  "environment",
  "display_width",
  "display_height",
];

/** A tool as it is stored: without the fields that say nothing here. */
export function plainTool(sent: Record<string, unknown>): Record<string, unknown> {
  const known = KNOWN.flatMap((name) =>
    sent[name] === undefined || sent[name] === null ? [] : [[name, sent[name]] as const],
  );
  const { tools, ...plain }: Record<string, unknown> = Object.fromEntries(known);
  return Array.isArray(tools) ? { ...plain, tools: tools.filter(isObject).map(plainTool) } : plain;
}

/** The tools that messages give to the model: a search found them, or the client sent them later. */
export const loadedTools = (messages: readonly Message[], isSearched: boolean): Tool[] =>
  messages
    .flatMap((message): LoadedTool[] =>
      "loads" in message && (isSearched || message.role !== "tool") ? (message.loads ?? []) : [],
    )
    .flatMap((sent) => {
      const read = toolShape.safeParse(plainTool(sent));
      return read.success ? [read.data] : [];
    });
