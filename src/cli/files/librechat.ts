import { stat } from "node:fs/promises";

import { z } from "zod";

import { isObject } from "../../shared/json-merge-patch.ts";
import { sessionsOf } from "./branches.ts";
import { Calls } from "./calls.ts";
import { jsonValues } from "./json-values.ts";
import { addMessage, messageSchema } from "./librechat-message.ts";
import { mongoConversations } from "./librechat-mongo.ts";
import { moment } from "../moment.ts";
import type { FileOptions, Outcome, Reader } from "./reader.ts";

const label = z.string().nullish().catch(null);

const conversationSchema = z.object({
  conversationId: z.string().min(1),
  title: label,
  endpoint: label,
  model: label,
  user: label,
  options: z.object({ model: label }).nullish().catch(null),
  createdAt: moment,
  updatedAt: moment,
  messages: z.array(z.unknown()).nullish(),
  messagesTree: z.array(z.unknown()).nullish(),
});

/** LibreChat: the JSON export of one conversation, or what `mongoexport` wrote of all of them into a directory. */
export const librechat: Reader = async function* (path, options) {
  if ((await stat(path)).isDirectory()) {
    for await (const { from, read } of mongoConversations(path)) {
      yield { from, read: () => told(read(), options) };
    }
    return;
  }
  for await (const { from, parse } of jsonValues(path)) {
    yield { from, read: () => told(parse(), options) };
  }
};

function told(value: unknown, options: FileOptions): Outcome[] {
  const found = conversationSchema.parse(value);
  const nodes = flat(found.messagesTree ?? found.messages ?? []);
  const { title, user, endpoint } = found;
  const model = found.options?.model ?? found.model;
  const messages = nodes.map((node) => {
    const message = messageSchema.parse(node);
    return { ...message, endpoint: message.endpoint ?? endpoint, model: message.model ?? model };
  });
  const byId = new Map(messages.map((message) => [message.messageId, message]));
  return sessionsOf(
    {
      parents: new Map(
        messages.map(({ messageId, parentMessageId }) => [messageId, parentMessageId]),
      ),
      // LibreChat keeps no active branch: it shows the latest.
      active: latest(messages),
      said(path, left) {
        const calls = new Calls();
        for (const id of path) {
          const message = byId.get(id);
          if (message) addMessage(calls, message, left);
        }
        return calls.messages;
      },
    },
    {
      id: found.conversationId,
      source: "librechat",
      title,
      created: found.createdAt,
      accessed: found.updatedAt,
      metadata: { user },
    },
    options,
  );
}

/** The messages of either form: one after the other with their parents' ids, or each with its children in it. */
function flat(nodes: readonly unknown[]): unknown[] {
  const all: unknown[] = [];
  // A long conversation is as deep: too deep for calls within calls.
  const open = nodes.toReversed();
  while (open.length > 0) {
    const node = open.pop();
    if (!isObject(node)) {
      all.push(node);
      continue;
    }
    const { children, ...message } = node;
    all.push(message);
    if (!Array.isArray(children)) continue;
    for (const child of children.toReversed()) {
      open.push(isObject(child) ? { ...child, parentMessageId: message.messageId } : child);
    }
  }
  return all;
}

/** Ties are for the one that stands later. */
function latest(
  messages: readonly { messageId: string; createdAt?: number | undefined }[],
): string | undefined {
  let found: { messageId: string; createdAt?: number | undefined } | undefined;
  for (const message of messages)
    if ((message.createdAt ?? 0) >= (found?.createdAt ?? 0)) found = message;
  return found?.messageId;
}
