/**
 * The item vocabulary of Open Responses, as far as turns hold it so far.
 * A turn's input and output are each either one plain message, as its bare text, or a list of items.
 */
export interface MessageItem {
  type: "message";
  role: "system" | "developer" | "user" | "assistant";
  content: string;
}

export type Item = MessageItem;
export type Content = string | Item[];

/** What a model is shown and a reader gets: one message. */
export interface Message {
  role: MessageItem["role"];
  content: string;
}

/** Marks stored item lists. Bare text that happens to begin with it is stored as a list of one. */
const ITEMS_MARK = "\u0001";

/** Content as it lies in `turns.input` and `turns.output`. */
export function encodeContent(content: Content, role: MessageItem["role"]): string {
  if (typeof content !== "string") return ITEMS_MARK + JSON.stringify(content);
  if (!content.startsWith(ITEMS_MARK)) return content;
  return encodeContent([{ type: "message", role, content }], role);
}

export function decodeContent(stored: string, role: MessageItem["role"]): Content {
  if (!stored.startsWith(ITEMS_MARK)) return stored;
  const items = JSON.parse(stored.slice(ITEMS_MARK.length)) as Item[];
  const [only] = items;
  // A list of one plain message of this role is only ever the escape above.
  return items.length === 1 && only?.role === role ? only.content : items;
}

export function messagesOf(content: Content, role: MessageItem["role"]): Message[] {
  if (typeof content === "string") return [{ role, content }];
  return content.map((item) => ({ role: item.role, content: item.content }));
}

/** All that was said, as one text. */
export const textOf = (content: Content, role: MessageItem["role"]): string =>
  messagesOf(content, role)
    .map((message) => message.content)
    .join("\n");
