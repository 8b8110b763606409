import { stat } from "node:fs/promises";

import { isObject } from "../../shared/json-merge-patch.ts";
import { fieldsIn, idIn, listIn, textIn } from "../reading/fields.ts";
import { sessionsOf } from "../reading/message-tree.ts";
import { momentOf } from "../reading/moment.ts";
import type { RawMessage } from "../reading/raw-message.ts";
import type { Outcome, ReadOptions, Reader } from "../reading/reader.ts";
import { Unreadable } from "../reading/unreadable.ts";
import { jsonValues } from "./json-values.ts";
import { addMessage } from "./librechat-message.ts";
import { mongoConversations } from "./librechat-mongo.ts";

/** LibreChat: the JSON export of one conversation, or what `mongoexport` wrote of all of them into a directory. */
export const librechat: Reader = async function* (path, options) {
  if ((await stat(path)).isDirectory()) {
    for await (const { from, read } of mongoConversations(path, options)) {
      yield { from, read: () => told(read(), options) };
    }
    return;
  }
  for await (const { from, parse } of jsonValues(path, options)) {
    yield { from, read: () => told(parse(), options) };
  }
};

function told(value: unknown, options: ReadOptions): Outcome[] {
  const found = fieldsIn(value);
  const id = idIn(found["conversationId"]);
  if (id === undefined) return [{ problem: "conversationId: the conversation has no id" }];
  const nodes = flat(listIn(found["messagesTree"] ?? found["messages"]));
  const about = {
    endpoint: textIn(found["endpoint"]),
    model: textIn(fieldsIn(found["options"])["model"]) ?? textIn(found["model"]),
  };
  const messages = nodes.map((node, index) => rawOf(node, index, about));
  return sessionsOf(
    {
      messages,
      // LibreChat keeps no active branch: it shows the latest.
      active: latest(messages),
      id,
      source: "librechat",
      title: textIn(found["title"]),
      created: momentOf(found["createdAt"]) ?? undefined,
      accessed: momentOf(found["updatedAt"]) ?? undefined,
      metadata: { user: idIn(found["user"]) },
    },
    options,
  );
}

function rawOf(
  node: unknown,
  index: number,
  about: { endpoint: string | undefined; model: string | undefined },
): RawMessage {
  const fields = fieldsIn(node);
  const id = idIn(fields["messageId"]);
  const parent = fields["parentMessageId"];
  const [endpoint, model] = [fields["endpoint"] ?? about.endpoint, fields["model"] ?? about.model];
  return {
    id,
    parent: parent === undefined ? undefined : (idIn(parent) ?? null),
    at: momentOf(fields["createdAt"]) ?? undefined,
    addTo(calls, left) {
      if (!isObject(node)) throw new Unreadable("it is no object");
      addMessage(calls, { ...node, endpoint, model }, id ?? `message_${index}`, left);
    },
  };
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
      open.push(
        isObject(child) ? { ...child, parentMessageId: idIn(message["messageId"]) } : child,
      );
    }
  }
  return all;
}

/** Takes the last of messages with the same time. */
function latest(messages: readonly RawMessage[]): string | undefined {
  let found: RawMessage | undefined;
  for (const message of messages)
    if (message.id !== undefined && (message.at ?? 0) >= (found?.at ?? 0)) found = message;
  return found?.id;
}
