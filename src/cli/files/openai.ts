import { basename } from "node:path";

import { z } from "zod";

import { isObject } from "../../shared/json-merge-patch.ts";
import { contentOf, plainest, textPart } from "../content.ts";
import { toolCallOf } from "../tool-calls.ts";
import type { FoundMessage, FoundRole } from "../turns.ts";
import { modelOf } from "./model.ts";
import { outcomeOf } from "./outcomes.ts";
import { jsonValues } from "./json-values.ts";
import type { JsonValue } from "./json-values.ts";
import { moment } from "../moment.ts";
import { labelsOf } from "./labels.ts";
import type { FileOptions, Outcome, Reader } from "./reader.ts";
import { Tally } from "../tally.ts";

const functionCall = z.object({ name: z.string(), arguments: z.string() });

const messageSchema = z.object({
  role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
  content: z.union([z.string(), z.array(z.unknown())]).nullish(),
  id: z.string().nullish(),
  name: z.string().nullish(),
  model: z.string().nullish(),
  refusal: z.string().nullish(),
  tool_calls: z.array(z.looseObject({ id: z.string() })).nullish(),
  /** What came before `tool_calls`. */
  function_call: functionCall.nullish(),
  tool_call_id: z.string().nullish(),
  audio: z.object({ transcript: z.string().nullish() }).nullish(),
  reasoning_content: z.string().nullish().catch(null),
  created: moment,
  created_at: moment,
  timestamp: moment,
});
type Message = z.infer<typeof messageSchema>;

const id = z.union([z.string().min(1), z.number().transform(String)]).nullish();
const conversationSchema = z.object({
  messages: z.array(messageSchema),
  session_id: id,
  id,
  conversation_id: id,
  created: moment,
  created_at: moment,
  updated_at: moment,
  title: z.string().nullish().catch(null),
  user: z.string().min(1).nullish(),
  model: z.string().nullish().catch(null),
  metadata: z.unknown().optional(),
  tools: z.array(z.unknown()).nullish().catch(null),
});

/** What chat completions are asked with: one array of messages, or many conversations with `messages` each. */
export const openai: Reader = async function* (path, options) {
  const name = basename(path);
  /** Of a file that is one conversation: its messages one by one. */
  const messages: JsonValue[] = [];
  let isFirst = true;
  for await (const value of jsonValues(path)) {
    if (messages.length > 0 || (isFirst && isMessage(value))) messages.push(value);
    else
      yield {
        from: value.from,
        read: () => [told(value.parse(), `${name}:${value.number}`, options)],
      };
    isFirst = false;
  }
  const all = (): unknown[] => messages.map(({ parse }) => parse());
  if (messages.length > 0) yield { from: name, read: () => [told(all(), name, options)] };
};

function isMessage({ parse }: JsonValue): boolean {
  try {
    return z.object({ role: z.string() }).safeParse(parse()).success;
  } catch {
    return false;
  }
}

/** @param place - its id, where it has none of its own */
function told(value: unknown, place: string, options: FileOptions): Outcome {
  if (isObject(value) && value.messages === undefined) return { problem: "has no messages" };
  const found = conversationSchema.parse(Array.isArray(value) ? { messages: value } : value);
  const left = new Tally();
  left.add("tools", found.tools?.length ?? 0);
  const model = modelOf(found.model, "openai");
  return outcomeOf(
    {
      id: found.session_id ?? found.conversation_id ?? found.id ?? place,
      source: "openai",
      title: found.title,
      created: found.created ?? found.created_at,
      accessed: found.updated_at,
      user: found.user ?? undefined,
      metadata: labelsOf(found.metadata),
      messages: found.messages.flatMap((message, index) =>
        messageOf(message, index, found.messages, model, left),
      ),
      left,
    },
    options,
  );
}

function messageOf(
  message: Message,
  index: number,
  all: readonly Message[],
  model: string | undefined,
  left: Tally,
): FoundMessage[] {
  const { name, function_call: old } = message;
  const role = message.role === "function" ? "tool" : message.role;
  const asked = message.tool_calls ?? [];
  const calls = asked.flatMap((call) => toolCallOf(call) ?? []);
  left.add("tool_calls", asked.length - calls.length);
  if (old) calls.push({ id: `call_${index}`, ...old });
  const content = saidIn(message, role, left);
  left.add("reasoning", message.reasoning_content ? 1 : 0);
  if (name && role !== "tool") left.add("names");
  if (role !== "tool" && content.length === 0 && calls.length === 0) return [];
  return [
    {
      role,
      content,
      id: message.id ?? undefined,
      at: message.created_at ?? message.created ?? message.timestamp,
      ...(role === "assistant" && {
        model: modelOf(message.model, "openai") ?? model,
        tool_calls: calls,
      }),
      ...(role === "tool" && { tool_call_id: message.tool_call_id ?? askedBefore(all, index) }),
    },
  ];
}

/** A `function` message answers the call before it, which had no id. */
function askedBefore(all: readonly Message[], index: number): string {
  const asked = all.slice(0, index).findLastIndex(({ function_call: call }) => call);
  return `call_${asked === -1 ? index : asked}`;
}

function saidIn(
  { content, refusal, audio }: Message,
  role: FoundRole,
  left: Tally,
): FoundMessage["content"] {
  if (audio) left.add("audio");
  const said = contentOf(content ?? audio?.transcript, role, left);
  if (!refusal) return said;
  const before = typeof said === "string" ? [textPart(said, role)] : said;
  return plainest([...before, { type: "refusal", refusal }]);
}
