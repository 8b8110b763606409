import type { ClientItem } from "../../shared/client-items.ts";
import type { HistoryItem } from "../../shared/history-items.ts";
import { extraContent } from "../../shared/items.ts";

/** An item of a tool that the client runs, or that ran elsewhere, on the wire. Source: the OpenAI API, `ResponseItem`. */
export interface ClientResource {
  type: ClientItem["type"] | HistoryItem["type"];
  id: string;
  [field: string]: unknown;
}

/** Fields that the API always has. */
const NULLS = {
  shell_call: { environment: null },
  shell_call_output: { max_output_length: null },
} as const;

export function clientResource(id: string, item: ClientItem): ClientResource {
  const { type, id: _, created_at: __, ...own } = item;
  const { signature, ...fields }: { signature?: string | undefined } & typeof own = own;
  const limits = { max_output_length: null, timeout_ms: null };
  return {
    type,
    id,
    ...(type === "shell_call" || type === "shell_call_output" ? NULLS[type] : {}),
    status: "completed",
    ...fields,
    ...(item.type === "shell_call" && { action: { ...limits, ...item.action } }),
    // The API knows no unfinished one.
    ...(type === "apply_patch_call" && { status: "completed" }),
    ...(signature !== undefined && { extra_content: extraContent(signature) }),
  };
}

/** As it was sent, under an id of its turn. */
export function historyResource(id: string, item: HistoryItem): ClientResource {
  const { type, id: _, created_at: __, ...fields } = item;
  return { type, id, ...fields };
}
