import { withoutScript } from "./script.ts";

interface Part {
  type: string;
  text?: string;
  refusal?: string;
}

/** An item of a conversation, as `/v1` tells it. */
export interface Resource {
  id: string;
  type: string;
  role?: string;
  content?: Part[] | string | null;
  summary?: Part[];
  name?: string;
  arguments?: string;
  input?: string;
  output?: string | Part[];
  action?: object;
  operation?: object;
}

/** Each item as a line that a test can name. */
export const readBack = (items: Resource[]): string[] => items.map(lineOf);

function lineOf(item: Resource): string {
  switch (item.type) {
    case "message":
      return `${item.role}: ${textOf(item.content)}`;
    case "reasoning":
      return `thought: ${textOf(item.summary)}`;
    case "function_call":
    case "custom_tool_call":
      return `call ${item.name}: ${item.arguments ?? item.input}`;
    case "shell_call":
    case "local_shell_call":
      return `call ${item.type}: ${JSON.stringify(item.action)}`;
    case "apply_patch_call":
      return `call apply_patch: ${JSON.stringify(item.operation)}`;
    default:
      return item.type.endsWith("_output") ? `result: ${textOf(item.output)}` : item.type;
  }
}

const textOf = (content: Part[] | string | null | undefined): string =>
  typeof content === "string"
    ? withoutScript(content)
    : (content ?? [])
        .map(({ type, text, refusal }) => withoutScript(text ?? refusal ?? `[${type}]`))
        .join(" ");
