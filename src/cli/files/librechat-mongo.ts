import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { isObject } from "../../shared/json-merge-patch.ts";
import type { ReadOptions } from "../reading/reader.ts";
import { jsonValues } from "./json-values.ts";

const FILES = {
  conversations: /^conversations\.(json|ndjson)(\.gz)?$/i,
  messages: /^messages\.(json|ndjson)(\.gz)?$/i,
};

/** Whether a directory has the two collections in which LibreChat keeps conversations. */
export const isMongoExport = (names: readonly string[]): boolean =>
  Object.values(FILES).every((file) => names.some((name) => file.test(name)));

const idSchema = z.object({ conversationId: z.string() });

/**
 * The `conversations` of a directory with their `messages`, in the order of the messages. They have to be sorted by
 * conversation, and so only one conversation is in memory; of `conversations`, which are small, all are.
 *
 * @throws Error before anything is read where the messages are not sorted so
 */
export async function* mongoConversations(
  directory: string,
  options: ReadOptions,
): AsyncGenerator<{ from: string; read: () => unknown }> {
  const names = await readdir(directory);
  const [conversations = "", messages = ""] = Object.values(FILES).map((file) => {
    const name = names.find((each) => file.test(each));
    return name === undefined ? undefined : join(directory, name);
  });
  await refuseUnsorted(messages);
  const heads = new Map<string, object>();
  for await (const { from, parse } of jsonValues(conversations, options)) {
    const id = idOf(parse);
    if (id === null) yield { from, read: () => refused(parse) };
    else heads.set(id, parse() as object);
  }
  let own: unknown[] = [];
  let last: string | null = null;
  const whole = (id: string): { from: string; read: () => unknown } => {
    const all = own;
    const head = heads.get(id) ?? { conversationId: id };
    heads.delete(id);
    return { from: id, read: () => ({ ...head, messages: all }) };
  };
  for await (const { from, parse } of jsonValues(messages, options)) {
    const id = idOf(parse);
    if (id === null) {
      yield { from, read: () => refused(parse) };
      continue;
    }
    if (last !== null && id !== last) yield whole(last);
    if (id !== last) own = [];
    last = id;
    own.push(parse());
  }
  if (last !== null) yield whole(last);
  // Theirs are ids, and `messages` lists them.
  for (const [id, head] of heads) yield { from: id, read: () => ({ ...head, messages: [] }) };
}

async function refuseUnsorted(messages: string): Promise<void> {
  const seen = new Set<string>();
  let last: string | null = null;
  for await (const { from, parse } of jsonValues(messages)) {
    const id = idOf(parse);
    if (id === null || id === last) continue;
    if (seen.has(id))
      throw new Error(
        `${from}: is not sorted: export messages with --sort '{"conversationId":1,"createdAt":1}'`,
      );
    seen.add(id);
    last = id;
  }
}

/** Null where it is no document of a conversation. */
function idOf(parse: () => unknown): string | null {
  try {
    const { data } = idSchema.safeParse(parse());
    return data?.conversationId ?? null;
  } catch {
    return null;
  }
}

/** Its problem. */
function refused(parse: () => unknown): unknown {
  const value = parse();
  idSchema.parse(isObject(value) ? value : {});
  return value;
}
