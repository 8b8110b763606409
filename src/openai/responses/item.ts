import { ApiError } from "../../shared/errors.ts";
import { callId, parseCallId } from "../../shared/ids.ts";
import type { Content, Item, Part } from "../../shared/items.ts";
import type { Turn } from "../../shared/turn.ts";

type Role = Extract<Item, { type: "message" }>["role"];

/** What an item's id begins with. */
const PREFIXES = {
  message: "msg",
  function_call: "fc",
  function_call_output: "fco",
  reasoning: "rs",
  compaction: "cmp",
} as const satisfies Record<Item["type"], string>;

const ID = new RegExp(`^(?:${Object.values(PREFIXES).join("|")})_([0-9a-z]+)_(0|[1-9]\\d{0,8})$`);

/** Where an item stands: in which turn, and the how-manieth of it, its input first. */
export interface ItemPlace {
  turn: number;
  n: number;
}

/** @returns null when the id is none of ours */
export function parseItemId(id: string): ItemPlace | null {
  const [, where = "", n = ""] = ID.exec(id) ?? [];
  const turn = parseCallId(`call_${where}`);
  return turn === null ? null : { turn, n: Number(n) };
}

/**
 * The id of a turn's item, told by its place. One that lost items before it keeps the id that it had: it is stored with
 * it.
 */
export function itemId(item: Item, turnId: number, n: number): string {
  const stored = item.id === undefined ? null : parseItemId(item.id);
  const at = stored?.turn === turnId && stored.n >= n ? stored.n : n;
  return `${PREFIXES[item.type]}_${callId(turnId).slice("call_".length)}_${at}`;
}

/** An item that is sent, or the name of one that a conversation has. */
export type InputItem = Item | { type: "item_reference"; id: string };

/** A turn's item where it stands. */
export interface PlacedItem {
  id: string;
  item: Item;
  side: "input" | "output";
}

/** The turn's items in order: what was asked, then what was answered. Bare text is one message. */
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

/** @param role - of whom bare text is */
export const itemsOf = (said: Content, role: Role): Item[] =>
  typeof said === "string" ? [{ type: "message", role, content: said }] : said;

/** What all items of a request take as JSON: with an answer of 768 KiB they have to fit into a row. */
const ITEMS_BYTES = 1024 * 1024;

/** @throws ApiError `message_too_large` when they do not fit into a turn together */
export function checkItemsSize(items: readonly object[], param: string): void {
  if (Buffer.byteLength(JSON.stringify(items)) <= ITEMS_BYTES) return;
  throw new ApiError("message_too_large", `${param} takes 1 MiB in all at most.`, { param });
}

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
      arguments: string;
      status: Status;
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
  | { type: "compaction"; id: string; encrypted_content: string };

/** @param role - of whom bare text is */
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
    const { call_id, name, arguments: args, status = "completed" } = item;
    return { type: "function_call", id, call_id, name, arguments: args, status };
  }
  if (item.type === "function_call_output") {
    const { call_id, output: said } = item;
    const output = typeof said === "string" ? said : said.map(inputResource);
    return { type: "function_call_output", id, call_id, output, status: "completed" };
  }
  if (item.type === "reasoning") {
    const { text, encrypted_content } = item;
    // Clients show what is in the summary; what a model thought aloud stands there too, unless it has one.
    const summary = item.summary ?? (text === "" ? [] : [text]);
    const isMore = item.summary !== undefined && text !== "";
    return {
      type: "reasoning",
      id,
      summary: summary.map((each) => ({ type: "summary_text", text: each })),
      ...(isMore && { content: [{ type: "reasoning_text" as const, text }] }),
      ...(encrypted_content !== undefined && { encrypted_content }),
    };
  }
  return { type: "compaction", id, encrypted_content: sealSummary(item.text) };
}

const textPart = (text: string, role: Role): Part =>
  role === "assistant" ? { type: "output_text", text } : { type: "input_text", text };

function contentResource(part: Part): ContentResource {
  if (part.type === "output_text") return { ...part, annotations: [], logprobs: [] };
  if (part.type !== "input_image") return defined(part);
  const { image_url, file_id, detail } = part;
  return {
    type: "input_image",
    image_url: image_url ?? null,
    detail: detail === "low" || detail === "high" ? detail : "auto",
    ...(file_id !== undefined && { file_id }),
  };
}

/** What a tool answers is no output of a model, even where it was brought as one. */
function inputResource(part: Part): InputResource {
  if (part.type === "output_text") return { type: "input_text", text: part.text };
  if (part.type === "refusal") return { type: "input_text", text: part.refusal };
  return contentResource(part) as InputResource;
}

/** Without what is undefined: as it is on the wire. */
const defined = <T extends object>(part: T) =>
  Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

/** A summary as clients carry it about. It is theirs to read: nothing in it is secret from them. */
export const sealSummary = (summary: string): string =>
  Buffer.from(JSON.stringify({ summary })).toString("base64url");

/** @returns null when it is none of ours */
export function openSummary(sealed: string): string | null {
  try {
    const opened = JSON.parse(Buffer.from(sealed, "base64url").toString()) as {
      summary?: unknown;
    } | null;
    return typeof opened?.summary === "string" ? opened.summary : null;
  } catch {
    return null;
  }
}

/** What a conversation is told by. Source: the OpenAI API, `Conversation`. */
export interface ConversationResource {
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
