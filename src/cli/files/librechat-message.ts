import { z } from "zod";

import type { Part } from "../../shared/items.ts";
import { plainest, textPart } from "../content.ts";
import type { Calls } from "./calls.ts";
import { modelOf } from "./model.ts";
import { moment } from "../moment.ts";
import type { Tally } from "../tally.ts";

const label = z.string().nullish().catch(null);
const words = z.union([
  z.string(),
  z.object({ value: z.string() }).transform(({ value }) => value),
]);

const partSchema = z.union([
  z.object({ type: z.literal("text"), text: words }),
  z.object({
    type: z.literal("tool_call"),
    tool_call: z.object({
      id: label,
      name: label,
      args: z.unknown().optional(),
      function: z
        .object({ name: z.string(), arguments: z.string(), output: z.string().nullish() })
        .nullish()
        .catch(null),
      output: z.string().nullish().catch(null),
    }),
  }),
  z.object({ type: z.literal("image_file"), image_file: z.object({ file_id: label }) }),
  z.object({ type: z.literal("error"), error: words }),
  z.object({ type: z.string() }).transform(({ type }) => ({ type: "other" as const, left: type })),
]);

export const messageSchema = z.object({
  messageId: z.string(),
  parentMessageId: z.string().nullish(),
  conversationId: label,
  isCreatedByUser: z.boolean().nullish(),
  text: z.string().nullish(),
  content: z.array(partSchema).nullish(),
  createdAt: moment,
  updatedAt: moment,
  model: label,
  endpoint: label,
  sender: label,
  error: z.boolean().nullish().catch(null),
  files: z
    .array(z.object({ file_id: label, filename: label, type: label }))
    .nullish()
    .catch(null),
});
export type LibreChatMessage = z.infer<typeof messageSchema>;

/** What it is counted as, where it is not its own name. */
const COUNTED: Partial<Record<string, string>> = { think: "reasoning" };
/** How reasoning stands in the text of older messages. */
const THINKING = /^\s*:::thinking\n[^]*?\n:::\s*/;
/** By their endpoints' names; others are their own. */
const PROVIDERS: Partial<Record<string, string>> = {
  openAI: "openai",
  azureOpenAI: "azure",
  assistants: "openai",
};

/** One message, with the tools that were called in it. */
export function addMessage(calls: Calls, message: LibreChatMessage, left: Tally): void {
  const { messageId, createdAt: at } = message;
  const isCreatedByUser = message.isCreatedByUser ?? message.sender?.toLowerCase() === "user";
  const role = isCreatedByUser ? ("user" as const) : ("assistant" as const);
  const { endpoint } = message;
  const provider = endpoint ? (PROVIDERS[endpoint] ?? endpoint.toLowerCase()) : "openai";
  const model = isCreatedByUser ? undefined : modelOf(message.model, provider);
  let id: string | undefined = messageId;
  let parts: Part[] = [];
  const say = (): void => {
    const content = plainest(parts);
    parts = [];
    if (content === "") return;
    calls.add({ role, content, id, at, model });
    id = undefined;
  };
  if (message.error) left.add("error_marks");
  for (const [index, part] of partsOf(message, left).entries()) {
    if (part.type === "tool_call") {
      say();
      const { tool_call: call } = part;
      const own = call.id || `${messageId}.${index}`;
      const name = call.name ?? call.function?.name ?? "tool";
      const args = call.function?.arguments ?? call.args ?? {};
      const tool_calls = [
        {
          id: own,
          name,
          arguments: typeof args === "string" && args !== "" ? args : JSON.stringify(args || {}),
        },
      ];
      calls.add({ role: "assistant", content: "", id, at, model, tool_calls });
      id = undefined;
      const output = call.output ?? call.function?.output;
      if (output !== null && output !== undefined)
        calls.answer(name, own, own, { role: "tool", content: output, at });
    } else if (part.type === "text" || part.type === "error") {
      const text = part.type === "text" ? part.text : part.error;
      if (text.trim() !== "") parts.push(textPart(text, role));
    } else if (part.type === "image_file") {
      if (part.image_file.file_id)
        parts.push({ type: "input_image", file_id: part.image_file.file_id });
    } else left.add(COUNTED[part.left] ?? part.left);
  }
  for (const { file_id, filename, type: kind } of message.files ?? []) {
    const file = { ...(file_id && { file_id }) };
    if (kind?.startsWith("image/") && file_id) parts.push({ type: "input_image", file_id });
    else if (file_id || filename)
      parts.push({ type: "input_file", ...file, ...(filename && { filename }) });
  }
  say();
}

/** Parts where there are any; the text of a message that has parts is empty, or says the same. */
function partsOf({ text, content }: LibreChatMessage, left: Tally): z.infer<typeof partSchema>[] {
  if (content && content.length > 0) return content;
  const said = (text ?? "").replace(THINKING, "");
  if (said !== (text ?? "")) left.add("reasoning");
  return [{ type: "text", text: said }];
}
