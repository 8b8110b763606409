import { contentOf, plainest, textPart } from "../reading/content.ts";
import { fieldsIn, idIn, listIn, textIn } from "../reading/fields.ts";
import type { Fields } from "../reading/fields.ts";
import type { Calls } from "../reading/calls.ts";
import { MessageBuilder } from "../reading/message-builder.ts";
import { modelOf } from "../reading/model.ts";
import { momentOf } from "../reading/moment.ts";
import { roleOf } from "../reading/roles.ts";
import type { Tally } from "../reading/tally.ts";
import { toolCallOf } from "../reading/tool-calls.ts";
import type { FoundMessage } from "../reading/turns.ts";
import { Unreadable } from "../reading/unreadable.ts";
import { addParts, hasCalls, outputText } from "./content-parts.ts";

export interface AboutMessage {
  /** The place of the message among the others, from 0. */
  index: number;
  /** The model that answers where a message does not say. */
  model: string | undefined;
}

/**
 * A message as models take it: of chat completions, of Anthropic's messages, of the AI SDK's `ModelMessage`.
 *
 * @throws Unreadable
 */
export function addChatMessage(
  calls: Calls,
  message: Fields,
  { index, model: usual }: AboutMessage,
  left: Tally,
): void {
  const named = textIn(message["role"]);
  if (named === undefined) throw new Unreadable("it has no role");
  const role = roleOf(named);
  if (role === null) throw new Unreadable(`its role "${named.slice(0, 40)}" is not known`);
  const said = message["content"];
  const at =
    momentOf(message["created_at"]) ??
    momentOf(message["createdAt"]) ??
    momentOf(message["created"]) ??
    momentOf(message["timestamp"]) ??
    undefined;
  const id = idIn(message["id"]);
  const by =
    role === "assistant" ? (modelOf(textIn(message["model"]), "openai") ?? usual) : undefined;
  const name = textIn(message["name"]);
  if (name !== undefined && role !== "tool") left.add("names");
  if (Array.isArray(said) && hasCalls(said)) {
    const builder = new MessageBuilder(
      calls,
      { role, id, at, model: by },
      id ?? `message_${index}`,
    );
    addParts(builder, said, role, left);
    builder.flush();
    return;
  }
  if (role === "tool") {
    const output =
      typeof said === "object" && !Array.isArray(said)
        ? outputText(said)
        : contentOf(said, role, left);
    const answers = idIn(message["tool_call_id"]) ?? null;
    const content = typeof output === "string" ? output : outputText(output);
    calls.answer(name, answers, `call_${index}`, { role, content, id, at });
    return;
  }
  const content = contentIn(message, role, left);
  const tool_calls = callsIn(message, index, left);
  left.add("reasoning", textIn(message["reasoning_content"]) === undefined ? 0 : 1);
  if (content.length === 0 && tool_calls.length === 0) {
    left.add("messages without content");
    return;
  }
  calls.add({ role, content, id, at, ...(role === "assistant" && { model: by, tool_calls }) });
}

function callsIn(
  message: Fields,
  index: number,
  left: Tally,
): NonNullable<FoundMessage["tool_calls"]> {
  const asked = listIn(message["tool_calls"]);
  const found = asked.flatMap((call) => toolCallOf(call) ?? []);
  left.add("tool_calls", asked.length - found.length);
  // The field before there was `tool_calls`: one call, without an id.
  const old = toolCallOf(message["function_call"]);
  return old ? [...found, { ...old, id: `call_${index}` }] : found;
}

function contentIn(
  { content, refusal, audio }: Fields,
  role: FoundMessage["role"],
  left: Tally,
): FoundMessage["content"] {
  const spoken = fieldsIn(audio)["transcript"];
  if (audio) left.add("audio");
  const said = contentOf(content ?? spoken, role, left);
  const refused = textIn(refusal);
  if (refused === undefined) return said;
  const before = typeof said === "string" ? [textPart(said, role)] : said;
  return plainest([...before, { type: "refusal", refusal: refused }]);
}
