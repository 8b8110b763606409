/** The kinds of keys that are read. */
export const KINDS = [
  "customer",
  "admin",
  "travel",
  "conversation",
  "langchain",
  "langgraph",
] as const;
export type Kind = (typeof KINDS)[number];

/** Where LangChain keeps a conversation, unless it was told otherwise. */
export const LANGCHAIN_PREFIX = "message_store:";

/** The part of a conversation that a key holds. */
export type Piece = "history" | "state" | "meta";

/** The parts of a key's name. */
export interface KeyName {
  kind: Kind;
  /** The session's id there, as it is in the name. */
  id: string;
  /** The key that has, or would have, the conversation's history: where it is. */
  place: string;
  piece: Piece;
  role?: string;
  user_id?: string;
}

/** The pattern of SCAN for a kind. */
export function patternOf(kind: Kind, langchainPrefix: string): string {
  // Graphs inside the graph have a name between the colons.
  if (kind === "langgraph") return "checkpoint:*::*";
  const prefix = kind === "langchain" ? langchainPrefix : PREFIXES[kind];
  return `${prefix.replaceAll(/[*?[\]\\^-]/g, String.raw`\$&`)}*`;
}

const PREFIXES: Record<Exclude<Kind, "langchain">, string> = {
  langgraph: "checkpoint:",
  customer: "chat:customer:",
  admin: "admin:context:",
  travel: "session:",
  conversation: "conversation:",
};

const PHONE = /^(?:whatsapp:)?\+?(\d{5,15})$/;
const CONVERSATION = /^([^:]+):(.+):([^:]+):(history|state|meta)$/;

/** Reads the name of a kind's key. @returns why it cannot be read, as text */
export function nameOf(key: string, kind: Kind, langchainPrefix: string): KeyName | string {
  if (kind === "langchain") {
    const id = key.slice(langchainPrefix.length);
    return id === "" ? "its name has no session" : { kind, id, place: key, piece: "history" };
  }
  const rest = key.slice(PREFIXES[kind].length);
  if (rest === "") return "its name has no id";
  if (kind === "langgraph") {
    const [id = ""] = rest.split("::");
    return { kind, id, place: `checkpoint:${id}::`, piece: "history" };
  }
  if (kind === "travel") {
    const digits = PHONE.exec(rest)?.[1];
    if (digits === undefined)
      return "its name has no phone number, so it is no travel bot's session";
    const user_id = `whatsapp:+${digits}`;
    return { kind, id: `travel:+${digits}`, place: key, piece: "history", user_id };
  }
  if (kind === "conversation") {
    const [, role, user_id, id, piece] = CONVERSATION.exec(rest) ?? [];
    if (role === undefined || user_id === undefined || id === undefined)
      return "its name is not conversation:{role}:{user}:{id}:history, :state or :meta";
    const place = `${key.slice(0, key.lastIndexOf(":"))}:history`;
    return { kind, id, place, piece: piece as Piece, role, user_id };
  }
  return { kind, id: `${kind}:${rest}`, place: key, piece: "history", user_id: rest };
}

/** The kind that a key is of, where its name would do for LangChain's with an empty prefix, too. */
export const kindByName = (key: string): Kind | undefined =>
  KINDS.find((kind) => kind !== "langchain" && key.startsWith(PREFIXES[kind]));
