import { z } from "zod";

import { imported } from "./item-fields.ts";

/**
 * Items of tools that ran elsewhere, which clients send along as history. They are kept as they were sent. Source: the
 * OpenAI API, `ResponseInputItem`.
 */
export const HISTORY_TYPES = [
  "web_search_call",
  "file_search_call",
  "code_interpreter_call",
  "image_generation_call",
  "mcp_call",
  "mcp_list_tools",
  "mcp_approval_request",
  "mcp_approval_response",
  "program",
  "program_output",
  "additional_tools",
  "configuration_update",
] as const;

export const historyShape = z.lazy(() =>
  z.looseObject({ type: z.enum(HISTORY_TYPES), ...imported() }),
);
export type HistoryItem = z.infer<typeof historyShape>;

const TYPES: ReadonlySet<string> = new Set(HISTORY_TYPES);

export const isHistoryItem = <T extends { type: string }>(
  item: T,
): item is Extract<T, { type: HistoryItem["type"] }> => TYPES.has(item.type);

/** In UTF-16 units, of one text in an item, and of the whole item: what a model is shown of it. */
const SHOWN_TEXT = 2_000;
const SHOWN_ITEM = 8_000;

/** What a model is shown of an item that is no message. Long texts are cut, and so are the data of pictures. */
export function historyText(item: { type: string }): string {
  const { type, id: _, created_at: __, ...said }: Record<string, unknown> = { ...item };
  const json = JSON.stringify(said, (_name, value: unknown) =>
    typeof value === "string" ? cut(value, SHOWN_TEXT) : (value ?? undefined),
  );
  return `[An earlier ${String(type)}: ${cut(json, SHOWN_ITEM)}]`;
}

const cut = (text: string, length: number): string =>
  text.length <= length
    ? text
    : `${text.slice(0, length).toWellFormed()}… (${text.length} characters)`;
