import { callId, parseCallId } from "../../shared/ids.ts";
import { isClientItem } from "../../shared/client-items.ts";
import { omitUndefined } from "../../shared/omit.ts";
import { extraContent } from "../../shared/items.ts";
import type { Content, Item, Part, ToolCall } from "../../shared/items.ts";
import type { Turn } from "../../shared/turn.ts";
import { parseJson } from "../../shared/json.ts";
import { clientResource, historyResource } from "./client-resource.ts";
import type { ClientResource } from "./client-resource.ts";

type Role = Extract<Item, { type: "message" }>["role"];

/** The first letters of an item's id. */
const PREFIXES = {
  message: "msg",
  function_call: "fc",
  function_call_output: "fco",
  reasoning: "rs",
  compaction: "cmp",
  custom_tool_call: "ctc",
  custom_tool_call_output: "ctco",
  local_shell_call: "lsh",
  local_shell_call_output: "lsho",
  shell_call: "sh",
  shell_call_output: "sho",
  apply_patch_call: "apc",
  apply_patch_call_output: "apco",
  computer_call: "cu",
  computer_call_output: "cuo",
  tool_search_call: "tsc",
  tool_search_output: "tso",
  web_search_call: "ws",
  file_search_call: "fs",
  code_interpreter_call: "ci",
  image_generation_call: "ig",
  mcp_call: "mcp",
  mcp_list_tools: "mcpl",
  mcp_approval_request: "mcpr",
  mcp_approval_response: "mcpa",
  program: "prg",
  program_output: "prgo",
  additional_tools: "at",
  configuration_update: "cfg",
} as const satisfies Record<Item["type"], string>;

const ID = new RegExp(`^(?:${Object.values(PREFIXES).join("|")})_([0-9a-z]+)_(0|[1-9]\\d{0,8})$`);

/** The place of an item. */
export interface ItemPlace {
  turn: number;
  /** Counted from 0 through the turn's input, then its output. */
  n: number;
}

/** @returns null for an id that Colloquy did not make */
export function parseItemId(id: string): ItemPlace | null {
  const [, where = "", n = ""] = ID.exec(id) ?? [];
  const turn = parseCallId(`call_${where}`);
  return turn === null ? null : { turn, n: Number(n) };
}

/**
 * The id of a turn's item, made from its place. An item after a removed one stores its id, and keeps it.
 */
export function itemId(item: Item, turnId: number, n: number): string {
  const stored = item.id === undefined ? null : parseItemId(item.id);
  const at = stored?.turn === turnId && stored.n >= n ? stored.n : n;
  return `${PREFIXES[item.type]}_${callId(turnId).slice("call_".length)}_${at}`;
}

/** A new item, or a reference to an item of the conversation. */
export type InputItem = Item | { type: "item_reference"; id: string };

/** A turn's item with its id. */
export interface PlacedItem {
  id: string;
  item: Item;
  side: "input" | "output";
}

/** The turn's items, input first. Bare text is one message. */
export function placedItems(turn: Pick<Turn, "id" | "input" | "output">): PlacedItem[] {
  let next = 0;
  const place = (item: Item, side: PlacedItem["side"]): PlacedItem => {
    const id = itemId(item, turn.id, next);
    next = (parseItemId(id)?.n ?? next) + 1;
    return { id, item, side };
  };
  return [
    ...itemsOf(turn.input, "user").map((item) => place(item, "input")),
    ...itemsOf(turn.output ?? [], "assistant").map((item) => place(item, "output")),
  ];
}

/** @param role - the role of bare text */
export const itemsOf = (content: Content, role: Role): Item[] =>
  typeof content === "string" ? [{ type: "message", role, content }] : content;

type Status = "completed" | "incomplete";

/** A message's content. Source: Open Responses, `Message`. */
export type ContentResource =
  | { type: "input_text"; text: string }
  | { type: "output_text"; text: string; annotations: []; logprobs: [] }
  | { type: "refusal"; refusal: string }
  | {
      type: "input_image";
      image_url: string | null;
      detail: "low" | "high" | "auto";
      file_id?: string;
    }
  | {
      type: "input_file";
      filename?: string;
      file_url?: string;
      file_data?: string;
      file_id?: string;
    };

type InputResource = Extract<
  ContentResource,
  { type: "input_text" | "input_image" | "input_file" }
>;

/** An item on the wire. Source: Open Responses, `ItemField`. */
export type ItemResource =
  | {
      type: "message";
      id: string;
      status: Status;
      role: Role;
      content: ContentResource[];
      phase?: "commentary" | "final_answer";
    }
  | {
      type: "function_call";
      id: string;
      call_id: string;
      name: string;
      namespace?: string;
      arguments: string;
      status: Status;
      extra_content?: ToolCall["extra_content"];
    }
  | {
      type: "function_call_output";
      id: string;
      call_id: string;
      output: string | InputResource[];
      status: Status;
    }
  | {
      type: "reasoning";
      id: string;
      summary: { type: "summary_text"; text: string }[];
      content?: { type: "reasoning_text"; text: string }[];
      encrypted_content?: string;
    }
  | { type: "compaction"; id: string; encrypted_content: string }
  | ClientResource;

/** @param role - the role of bare text */
export function itemResource(id: string, item: Item | string, role: Role = "user"): ItemResource {
  if (typeof item === "string")
    return itemResource(id, { type: "message", role, content: item }, role);
  if (item.type === "message") {
    const { content, phase } = item;
    const parts = typeof content === "string" ? [textPart(content, item.role)] : content;
    return {
      type: "message",
      id,
      status: item.status ?? "completed",
      role: item.role,
      content: parts.map(contentResource),
      ...(phase && { phase }),
    };
  }
  if (item.type === "function_call") {
    const { call_id, name, namespace, arguments: args, status = "completed", signature } = item;
    return {
      type: "function_call",
      id,
      call_id,
      name,
      ...(namespace !== undefined && { namespace }),
      arguments: args,
      status,
      ...(signature !== undefined && { extra_content: extraContent(signature) }),
    };
  }
  if (item.type === "function_call_output") {
    const { call_id, output: parts } = item;
    const output = typeof parts === "string" ? parts : parts.map(inputResource);
    return { type: "function_call_output", id, call_id, output, status: "completed" };
  }
  if (item.type === "reasoning") {
    const { text, encrypted_content } = item;
    // Clients show the summary only: reasoning without a summary is shown in its place.
    const summary = item.summary ?? (text === "" ? [] : [text]);
    const hasBoth = item.summary !== undefined && text !== "";
    return {
      type: "reasoning",
      id,
      summary: summary.map((each) => ({ type: "summary_text", text: each })),
      ...(hasBoth && { content: [{ type: "reasoning_text" as const, text }] }),
      ...(encrypted_content !== undefined && { encrypted_content }),
    };
  }
  if (item.type === "compaction")
    return { type: "compaction", id, encrypted_content: sealSummary(item.text) };
  return isClientItem(item) ? clientResource(id, item) : historyResource(id, item);
}

const textPart = (text: string, role: Role): Part =>
  role === "assistant" ? { type: "output_text", text } : { type: "input_text", text };

function contentResource(part: Part): ContentResource {
  if (part.type === "output_text") return { ...part, annotations: [], logprobs: [] };
  if (part.type !== "input_image") return omitUndefined(part) as ContentResource;
  const { image_url, file_id, detail } = part;
  return {
    type: "input_image",
    image_url: image_url ?? null,
    detail: detail === "low" || detail === "high" ? detail : "auto",
    ...(file_id !== undefined && { file_id }),
  };
}

/** A tool's result is input for the model. An import may call it output. */
function inputResource(part: Part): InputResource {
  if (part.type === "output_text") return { type: "input_text", text: part.text };
  if (part.type === "refusal") return { type: "input_text", text: part.refusal };
  return contentResource(part) as InputResource;
}

/** A summary, encoded for clients to keep. It is not encrypted: the client may read it. */
export const sealSummary = (summary: string): string =>
  Buffer.from(JSON.stringify({ summary })).toString("base64url");

/** @returns null for a text that {@link sealSummary} did not make */
export function openSummary(sealed: string): string | null {
  try {
    const opened = parseJson(Buffer.from(sealed, "base64url").toString()) as {
      summary?: unknown;
    } | null;
    return typeof opened?.summary === "string" ? opened.summary : null;
  } catch {
    return null;
  }
}

/** A conversation on the wire. Source: the OpenAI API, `Conversation`. */
interface ConversationResource {
  id: string;
  object: "conversation";
  /** Seconds since the epoch. */
  created_at: number;
  metadata: Record<string, string>;
}

export const conversationResource = (session: {
  session_id: string;
  created_at: number;
  metadata: Record<string, string>;
}): ConversationResource => ({
  id: session.session_id,
  object: "conversation",
  created_at: Math.floor(session.created_at / 1_000),
  metadata: session.metadata,
});
