import type { ItemResource } from "./item.ts";

/** An item before its first piece. */
export function emptyItem(item: ItemResource): object {
  if (item.type === "message") return { ...item, status: "in_progress", content: [] };
  if (item.type === "function_call") return { ...item, status: "in_progress", arguments: "" };
  if (item.type === "custom_tool_call") return { ...item, status: "in_progress", input: "" };
  if (item.type === "shell_call")
    return {
      ...item,
      status: "in_progress",
      action: { ...(item["action"] as object), commands: [] },
    };
  if (item.type.endsWith("_call")) return { ...item, status: "in_progress" };
  if (item.type === "reasoning") {
    const { content: _, ...rest } = item;
    return { ...rest, summary: [] };
  }
  return item;
}
