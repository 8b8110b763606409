import { z } from "zod";

import type { Part } from "../../shared/items.ts";
import { plainest, textPart } from "../content.ts";
import { sessionsOf } from "./branches.ts";
import { Calls } from "./calls.ts";
import { modelOf } from "./model.ts";
import { jsonValues } from "./json-values.ts";
import { moment } from "../moment.ts";
import type { FileOptions, Outcome, Reader } from "./reader.ts";
import type { Tally } from "../tally.ts";

const label = z.string().nullish().catch(null);

const blockSchema = z.union([
  z.object({
    type: z.literal("text"),
    text: z.string(),
    citations: z.array(z.unknown()).nullish().catch(null),
  }),
  z.object({
    type: z.literal("tool_use"),
    id: label,
    name: z.string(),
    input: z.unknown().optional(),
  }),
  z.object({
    type: z.literal("tool_result"),
    tool_use_id: label,
    name: label,
    content: z.unknown().optional(),
    is_error: z.boolean().nullish().catch(null),
  }),
  z.object({ type: z.string() }).transform(({ type }) => ({ type: "other" as const, left: type })),
]);
type Block = z.infer<typeof blockSchema>;

const messageSchema = z.object({
  uuid: z.string(),
  text: z.string().nullish(),
  content: z.array(blockSchema).nullish(),
  sender: z.enum(["human", "assistant"]),
  created_at: moment,
  attachments: z
    .array(z.object({ file_name: label, extracted_content: z.string().nullish() }))
    .nullish(),
  files: z.array(z.object({ file_name: label, file_uuid: label })).nullish(),
  parent_message_uuid: z.string().nullish(),
});
type Message = z.infer<typeof messageSchema>;

const conversationSchema = z.object({
  uuid: z.string().min(1),
  name: label,
  summary: label,
  model: label,
  created_at: moment,
  updated_at: moment,
  current_leaf_message_uuid: label,
  chat_messages: z.array(messageSchema),
});

/** What it is counted as, where it is not its own name. */
const COUNTED: Partial<Record<string, string>> = {
  thinking: "reasoning",
  redacted_thinking: "reasoning",
};

/** Claude's data export: `conversations.json`. */
export const claude: Reader = async function* (path, options) {
  for await (const { from, parse } of jsonValues(path)) {
    yield { from, read: () => told(parse(), options) };
  }
};

function told(value: unknown, options: FileOptions): Outcome[] {
  const found = conversationSchema.parse(value);
  const { name, summary, model, chat_messages: all } = found;
  const messages = new Map(all.map((message) => [message.uuid, message]));
  // Older exports know no parents: each message follows the one before.
  const isTree = all.some(({ parent_message_uuid: parent }) => parent && messages.has(parent));
  const parents = all.map(
    ({ uuid, parent_message_uuid: parent }, index) =>
      [uuid, isTree ? parent : all[index - 1]?.uuid] as const,
  );
  const by = modelOf(model, "anthropic");
  return sessionsOf(
    {
      parents: new Map(parents),
      active: found.current_leaf_message_uuid,
      said(path, left) {
        const calls = new Calls();
        for (const uuid of path) {
          const message = messages.get(uuid);
          if (message) add(calls, message, by, left);
        }
        return calls.messages;
      },
    },
    {
      id: found.uuid,
      source: "claude",
      title: name,
      created: found.created_at,
      accessed: found.updated_at,
      metadata: { summary },
    },
    options,
  );
}

/** One message, tools included: what it says before a call, the call, its result, and what it says then. */
function add(calls: Calls, message: Message, model: string | undefined, left: Tally): void {
  const { uuid, sender, created_at: at } = message;
  const role = sender === "human" ? ("user" as const) : ("assistant" as const);
  const by = role === "assistant" ? model : undefined;
  let id: string | undefined = uuid;
  let texts: Part[] = [];
  const say = (files: Part[] = []): void => {
    const content = plainest([...texts, ...files]);
    texts = [];
    if (content === "") return;
    calls.add({ role, content, id, at, model: by });
    id = undefined;
  };
  for (const [index, block] of blocksOf(message).entries()) {
    const own = `${uuid}.${index}`;
    if (block.type === "text") {
      if (block.text.trim() !== "") texts.push(textPart(block.text, role));
      left.add("citations", block.citations?.length ?? 0);
    } else if (block.type === "tool_use") {
      say();
      const tool_calls = [
        { id: block.id ?? own, name: block.name, arguments: JSON.stringify(block.input ?? {}) },
      ];
      calls.add({ role: "assistant", content: "", id, at, model: by, tool_calls });
      id = undefined;
    } else if (block.type === "tool_result") {
      say();
      if (block.is_error) left.add("error_marks");
      const content = resultOf(block.content);
      calls.answer(block.name ?? "tool", block.tool_use_id, own, { role: "tool", content, at });
    } else left.add(COUNTED[block.left] ?? block.left);
  }
  say(filesOf(message));
}

/** What older exports have as one text is blocks in newer ones, and then the text stands for them once more. */
function blocksOf({ content, text }: Message): Block[] {
  if (content && content.length > 0) return content;
  return text ? [{ type: "text", text }] : [];
}

/** A file by its name; what Claude read in it stands behind it, as it was shown to the model. */
function filesOf({ attachments, files }: Message): Part[] {
  const read = (attachments ?? []).flatMap(({ file_name, extracted_content: text }): Part[] => [
    ...(file_name ? [{ type: "input_file" as const, filename: file_name }] : []),
    ...(text ? [{ type: "input_text" as const, text }] : []),
  ]);
  const named = (files ?? []).flatMap(({ file_name, file_uuid }): Part[] =>
    file_name || file_uuid
      ? [
          {
            type: "input_file",
            ...(file_uuid && { file_id: file_uuid }),
            ...(file_name && { filename: file_name }),
          },
        ]
      : [],
  );
  return [...read, ...named];
}

const resultText = z.array(z.object({ type: z.literal("text"), text: z.string() }));

/** A tool's result as text; where it is something else than text, as its JSON. */
function resultOf(content: unknown): string {
  if (content === null || content === undefined) return "";
  if (typeof content === "string") return content;
  const { data } = resultText.safeParse(content);
  return data ? data.map(({ text }) => text).join("\n") : JSON.stringify(content);
}
