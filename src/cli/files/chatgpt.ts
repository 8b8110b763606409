import { z } from "zod";

import type { Part } from "../../shared/items.ts";
import type { FoundMessage } from "../turns.ts";
import { sessionsOf } from "./branches.ts";
import { Calls } from "./calls.ts";
import { contentOf, contentSchema, saidIn } from "./chatgpt-content.ts";
import { readable, referencesSchema } from "./citations.ts";
import { modelOf } from "./model.ts";
import { jsonValues } from "./json-values.ts";
import { moment } from "../moment.ts";
import type { FileOptions, Outcome, Reader } from "./reader.ts";
import type { Tally } from "../tally.ts";

const label = z.string().nullish().catch(null);

const messageSchema = z.object({
  id: z.string().nullish(),
  author: z.object({
    role: z.string(),
    name: z.string().nullish(),
  }),
  create_time: moment,
  content: contentSchema,
  recipient: z.string().nullish(),
  metadata: referencesSchema
    .extend({
      model_slug: label,
      is_visually_hidden_from_conversation: z.boolean().nullish().catch(null),
      attachments: z
        .array(z.object({ id: label, name: label }))
        .nullish()
        .catch(null),
      aggregate_result: z
        .object({ messages: z.array(z.object({ image_url: label })) })
        .nullish()
        .catch(null),
    })
    .nullish(),
});
type Message = z.infer<typeof messageSchema>;

const roles = z.enum(["system", "user", "assistant", "tool"]);
type Role = z.infer<typeof roles>;

const conversationSchema = z.object({
  conversation_id: z.string().nullish(),
  id: z.string().nullish(),
  title: label,
  create_time: moment,
  update_time: moment,
  current_node: z.string().nullish(),
  gizmo_id: label,
  is_archived: z.boolean().nullish().catch(null),
  mapping: z.record(
    z.string(),
    z.object({ message: messageSchema.nullish(), parent: z.string().nullish() }),
  ),
});

/** Of an export that is an object around the array. */
const wrapped = z.object({ conversations: z.array(z.unknown()) });

/** ChatGPT's data export: `conversations.json`, or the numbered files of a great one. */
export const chatgpt: Reader = async function* (path, options) {
  for await (const { from, parse } of jsonValues(path)) {
    yield {
      from,
      read() {
        const value = parse();
        const { data } = wrapped.safeParse(value);
        return (data?.conversations ?? [value]).flatMap((each) => told(each, options));
      },
    };
  }
};

function told(value: unknown, options: FileOptions): Outcome[] {
  const found = conversationSchema.parse(value);
  const { mapping, gizmo_id, is_archived } = found;
  const id = found.conversation_id ?? found.id;
  if (!id) return [{ problem: "has no id" }];
  const nodes = Object.entries(mapping);
  return sessionsOf(
    {
      parents: new Map(nodes.map(([node, { parent }]) => [node, parent])),
      active: found.current_node,
      said: (path, left) =>
        messagesOf(
          path.flatMap((node) => mapping[node]?.message ?? []),
          left,
        ),
    },
    {
      id,
      source: "chatgpt",
      title: found.title,
      created: found.create_time,
      accessed: found.update_time,
      metadata: { gizmo_id, is_archived: is_archived ? "true" : null },
    },
    options,
  );
}

function messagesOf(path: readonly Message[], left: Tally): FoundMessage[] {
  const calls = new Calls();
  for (const [index, message] of path.entries()) {
    const { name } = message.author;
    const { data: role } = roles.safeParse(message.author.role);
    if (!role) {
      left.add(message.author.role);
      continue;
    }
    const { recipient, metadata, create_time: at } = message;
    const id = message.id ?? undefined;
    const own = id ?? `call_${index}`;
    const content = shown(message, role, left);
    const model = role === "assistant" ? modelOf(metadata?.model_slug, "openai") : undefined;
    if (isCall(message)) {
      const tool_calls = [{ id: own, name: recipient ?? "", arguments: argumentsOf(content) }];
      // An empty one asks nothing; where its tool answers all the same, a call is made up for that.
      if (content.length > 0) calls.add({ role, content: "", id, at, model, tool_calls });
    } else if (content.length === 0) {
      continue;
    } else if (role === "tool") {
      calls.answer(name ?? "tool", null, own, { role, content, id, at });
    } else if (metadata?.is_visually_hidden_from_conversation) {
      left.add("hidden");
    } else {
      calls.add({ role, content, id, at, model });
    }
  }
  return calls.messages;
}

const isCall = ({ author, recipient }: Message): boolean =>
  author.role === "assistant" && Boolean(recipient) && recipient !== "all";

function shown(message: Message, role: Role, left: Tally): string | Part[] {
  const { content, metadata } = message;
  const isAnswer = role === "assistant" && !isCall(message);
  const said = saidIn(content, left).map((each) =>
    isAnswer && "text" in each ? { text: readable(each.text, metadata ?? {}, left) } : each,
  );
  if (isAnswer && content.content_type === "code" && said.length > 0) {
    const language = content.language === "unknown" ? "" : (content.language ?? "");
    return `\`\`\`${language}\n${said.map((each) => ("text" in each ? each.text : "")).join("\n")}\n\`\`\``;
  }
  const images = new Set(said.flatMap((each) => ("image" in each ? [each.image] : [])));
  const drawn = (metadata?.aggregate_result?.messages ?? []).flatMap(({ image_url: url }): Part[] =>
    url ? [{ type: "input_image", file_id: url.replace(/^[a-z-]+:\/\//, "") }] : [],
  );
  const files = (metadata?.attachments ?? []).flatMap(({ id, name }): Part[] =>
    !(id || name) || (id && images.has(id))
      ? []
      : [{ type: "input_file", ...(id && { file_id: id }), ...(name && { filename: name }) }],
  );
  return contentOf(said, [...drawn, ...files], role);
}

/** A call's arguments are JSON: what the model wrote where it is, else that text as the one input. */
function argumentsOf(content: string | Part[]): string {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return text;
  } catch {
    // Code, or a search: no JSON.
  }
  return JSON.stringify(text === "" ? {} : { input: text });
}
