import { isNumber } from "../../shared/json.ts";
import { conversationOf } from "../reading/conversation.ts";
import type { Draft } from "../reading/conversation.ts";
import type { Found } from "../source.ts";
import { langchainHistory } from "../shapes/langchain.ts";
import { untypedHistory } from "../shapes/untyped-message.ts";
import { momentOf } from "../reading/moment.ts";
import { documentOf } from "./document.ts";
import { lastAccess } from "./expiry.ts";
import { readThread } from "./langgraph-thread.ts";
import { joinedHistory } from "./joined-history.ts";
import type { KeyName, Kind, Piece } from "./kinds.ts";
import type { MysqlHistory } from "./mysql-history.ts";
import type { Place } from "./places.ts";
import type { RedisReader, StoredKey } from "./reader.ts";
import { travelState } from "./travel-state.ts";

/** The assistant of each role; another role has none. */
const ASSISTANTS: Record<string, string> = { client: "customer", admin: "admin" };
const USER = ["userId", "user_id", "customerId", "customer_id", "adminId", "admin_id"];
const CREATED = ["created_at", "createdAt", "started_at", "startedAt"];

interface Circumstances {
  /** The position of the place before: what is told ahead of a conversation goes on from there. */
  before: string;
  /** The TTL that the source sets for each kind of key, in ms. */
  sourceTtlMs: Partial<Record<Kind, number>>;
  now: number;
  mysql: MysqlHistory | null;
  reader: RedisReader;
}

/** Reads a place: first the problems of what cannot be read, then the conversation. */
export async function* readPlace(
  place: Place,
  stored: readonly StoredKey[],
  { before, sourceTtlMs, now, mysql, reader }: Circumstances,
): AsyncGenerator<Found> {
  const { from, position, keys } = place;
  if (place.problem !== undefined) {
    yield { from, position, problem: `The key ${from} is left: ${place.problem}.` };
    return;
  }
  if (keys[0]?.name.kind === "langgraph") {
    yield* readThread(place, stored, { before, now, reader });
    return;
  }
  const pieces = new Map<Piece, ReturnType<typeof documentOf>>();
  for (const [index, { name }] of keys.entries()) {
    const { stored: value } = stored[index] as StoredKey;
    pieces.set(name.piece, documentOf(value));
  }
  const failed = keys.flatMap(({ raw, name }) => {
    const piece = pieces.get(name.piece);
    return typeof piece === "string" ? [`The key ${raw.toString()} cannot be read: ${piece}.`] : [];
  });
  if (failed.length > 0) {
    yield { from, position, problem: failed.join(" ") };
    return;
  }
  const name = keys[0]?.name as KeyName;
  const read = (piece: Piece) => {
    const found = pieces.get(piece);
    return found === undefined || typeof found === "string" ? { entries: [], rest: {} } : found;
  };
  const [history, state, meta] = [read("history"), read("state"), read("meta")];
  const own =
    name.kind === "langchain"
      ? // Pushed at its head: the newest is first.
        langchainHistory(history.entries.toReversed())
      : untypedHistory(history.entries);
  // Where a state or a meta has a list of messages, it is no history.
  for (const { entries } of [state, meta])
    own.left.add("messages in state or meta", entries.length);
  const nested = name.kind === "conversation";
  const rest = {
    ...state.rest,
    ...(nested ? under("history", history.rest, state.rest) : history.rest),
    ...under("meta", meta.rest, state.rest),
  };
  const isNamed = name.kind === "customer" || name.kind === "admin";
  const user = isNamed ? takeFirst(rest, USER, idIn) : undefined;
  const created =
    takeFirst(rest, CREATED, momentOf) ??
    takeFirst({ ...history.rest }, CREATED, momentOf) ??
    takeFirst({ ...meta.rest }, CREATED, momentOf);
  const access = lastAccess(
    stored.map(({ expires_at }) => expires_at),
    sourceTtlMs[name.kind],
    now,
  );
  const messages = await joinedHistory(name, own, mysql);
  const [torn] = messages.unread;
  if (torn && messages.messages.length === 0 && Object.keys(rest).length === 0) {
    const problem = `The key ${from} has no message that can be read: ${torn.why}.`;
    yield { from, position, problem };
    return;
  }
  for (const { at, why } of messages.unread) {
    // From the place before: an import that goes on from here still finds the conversation.
    const problem = `Message ${at + 1} of ${from} is left out: ${why}.`;
    yield { from, position: before, problem };
  }
  const draft: Draft = {
    ...whoIs(name),
    id: name.id,
    source: "redis",
    ...messages,
    user: user ?? name.user_id,
    state: name.kind === "travel" ? travelState(rest) : rest,
    metadata: { key: from },
    created,
    accessed: access.at,
    ...(access.isExact && { began: access.at }),
  };
  yield { from, position, conversation: conversationOf(draft, now) };
}

/** Fields that came with a history or a meta, under a name that is free in the state. */
const under = (name: string, more: object, state: object): Record<string, unknown> =>
  Object.keys(more).length === 0
    ? {}
    : { [Object.hasOwn(state, name) ? `${name}_key` : name]: more };

function whoIs({ kind, role }: KeyName): Pick<Draft, "role" | "assistant"> {
  switch (kind) {
    case "customer":
      return { role: "client", assistant: "customer" };
    case "admin":
      return { role: "admin", assistant: "admin" };
    case "travel":
      return { assistant: "travel" };
    default:
      return { role, assistant: role === undefined ? undefined : ASSISTANTS[role] };
  }
}

/** Takes the first of these names with a fitting value out of the fields. */
function takeFirst<T>(
  fields: Record<string, unknown>,
  names: readonly string[],
  as: (value: unknown) => T | null,
): T | undefined {
  for (const name of names) {
    const value = as(fields[name]);
    if (value === null) continue;
    delete fields[name];
    return value;
  }
  return undefined;
}

const idIn = (value: unknown): string | null =>
  isNumber(value) || (typeof value === "string" && value !== "") ? String(value) : null;
