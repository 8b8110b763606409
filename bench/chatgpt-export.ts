import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { Prose } from "./prose.ts";

const MESSAGES_PER_CONVERSATION = 40;
const MESSAGE_BYTES = 400;

/**
 * Writes a data export of ChatGPT with so many messages: conversations of 40, with the roots, the branches and the
 * metadata that such exports have. The same each time.
 *
 * @returns the number of messages that a reader has to find
 */
export async function writeChatgptExport(path: string, messages: number): Promise<number> {
  const conversations = Math.ceil(messages / MESSAGES_PER_CONVERSATION);
  await pipeline(Readable.from(pieces(conversations)), createWriteStream(path));
  return conversations * MESSAGES_PER_CONVERSATION;
}

function* pieces(conversations: number): Generator<string> {
  const prose = new Prose(23);
  for (let index = 0; index < conversations; index += 1)
    yield `${index === 0 ? "[" : ",\n"}${JSON.stringify(conversation(index, prose))}`;
  yield "]";
}

function conversation(index: number, prose: Prose) {
  const id = `66f0a1b2-0000-8000-9000-${String(index).padStart(12, "0")}`;
  const began = 1_717_000_000 + index * 3_600;
  const root = `${id}-root`;
  const nodes = Array.from({ length: MESSAGES_PER_CONVERSATION }, (_, n) => {
    const isAnswer = n % 2 === 1;
    return {
      id: `${id}-${n}`,
      parent: n === 0 ? root : `${id}-${n - 1}`,
      children: n + 1 < MESSAGES_PER_CONVERSATION ? [`${id}-${n + 1}`] : [],
      message: {
        id: `${id}-${n}`,
        author: { role: isAnswer ? "assistant" : "user", name: null, metadata: {} },
        create_time: began + n * 20.123,
        update_time: null,
        content: { content_type: "text", parts: [prose.write(MESSAGE_BYTES)] },
        status: "finished_successfully",
        end_turn: isAnswer ? true : null,
        weight: 1,
        metadata: {
          ...(isAnswer && {
            model_slug: "gpt-4o",
            default_model_slug: "gpt-4o",
            finish_details: { type: "stop", stop_tokens: [200_002] },
            citations: [],
            content_references: [],
            is_complete: true,
            parent_id: `${id}-${n - 1}`,
          }),
          request_id: `${index}-${n}`,
          timestamp_: "absolute",
          message_type: "next",
        },
        recipient: "all",
        channel: null,
      },
    };
  });
  return {
    title: prose.write(30),
    create_time: began,
    update_time: began + 3_000,
    mapping: Object.fromEntries([
      [root, { id: root, message: null, parent: null, children: [`${id}-0`] }],
      ...nodes.map((node) => [node.id, node] as const),
    ]),
    moderation_results: [],
    current_node: nodes.at(-1)?.id,
    plugin_ids: null,
    conversation_id: id,
    conversation_template_id: null,
    gizmo_id: null,
    is_archived: false,
    safe_urls: [],
    default_model_slug: "gpt-4o",
    id,
  };
}
