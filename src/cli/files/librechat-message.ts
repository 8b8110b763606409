import type { Calls } from "../reading/calls.ts";
import { documentsIn, fieldsIn, idIn, textIn } from "../reading/fields.ts";
import type { Fields } from "../reading/fields.ts";
import { MessageBuilder } from "../reading/message-builder.ts";
import { modelOf } from "../reading/model.ts";
import { momentOf } from "../reading/moment.ts";
import type { Tally } from "../reading/tally.ts";
import { Unreadable } from "../reading/unreadable.ts";

/** Kinds that are counted under another name. */
const COUNTED: Partial<Record<string, string>> = { think: "reasoning", thinking: "reasoning" };
/** How reasoning stands in the text of older messages. */
const THINKING = /^\s*:::thinking\n[^]*?\n:::\s*/;
/** By their endpoints' names; others are their own. */
const PROVIDERS: Partial<Record<string, string>> = {
  openAI: "openai",
  azureOpenAI: "azure",
  assistants: "openai",
};

/**
 * One message, with the tools that were called in it.
 *
 * @param name - its id, or its place where it has none
 * @throws Unreadable
 */
export function addMessage(calls: Calls, message: Fields, name: string, left: Tally): void {
  const isCreatedByUser = isOfUser(message);
  const role = isCreatedByUser ? ("user" as const) : ("assistant" as const);
  const endpoint = textIn(message["endpoint"]);
  const provider = endpoint ? (PROVIDERS[endpoint] ?? endpoint.toLowerCase()) : "openai";
  const model = isCreatedByUser ? undefined : modelOf(textIn(message["model"]), provider);
  const at = momentOf(message["createdAt"]) ?? undefined;
  const builder = new MessageBuilder(
    calls,
    { role, id: idIn(message["messageId"]), at, model },
    name,
  );
  if (message["error"] === true) left.add("error_marks");
  for (const [index, part] of partsOf(message, left).entries()) {
    const type = textIn(part["type"]) ?? "content of no type";
    if (type === "tool_call") addCall(builder, fieldsIn(part["tool_call"]), index);
    else if (type === "text" || type === "error") builder.text(wordsIn(part[type]) ?? "");
    // The user's own words, said while the assistant was at work.
    else if (type === "steer") addSteer(builder, part);
    else if (type === "image_file") {
      const file_id = idIn(fieldsIn(part["image_file"])["file_id"]);
      if (file_id) builder.add({ type: "input_image", file_id });
    } else left.add(COUNTED[type] ?? type);
  }
  for (const file of documentsIn(message["files"])) {
    const [file_id, filename] = [idIn(file["file_id"]), textIn(file["filename"])];
    const isImage = textIn(file["type"])?.startsWith("image/");
    if (isImage && file_id) builder.add({ type: "input_image", file_id });
    else if (file_id || filename)
      builder.add({
        type: "input_file",
        ...(file_id && { file_id }),
        ...(filename && { filename }),
      });
  }
  builder.flush();
}

function isOfUser({ isCreatedByUser, sender, role }: Fields): boolean {
  if (typeof isCreatedByUser === "boolean") return isCreatedByUser;
  const by = textIn(sender) ?? textIn(role);
  if (by === undefined) throw new Unreadable("it does not say who wrote it");
  return by.toLowerCase() === "user";
}

function addCall(builder: MessageBuilder, call: Fields, index: number): void {
  const called = fieldsIn(call["function"]);
  const id = idIn(call["id"]) ?? builder.callId(index);
  const name = textIn(call["name"]) ?? textIn(called["name"]) ?? "tool";
  builder.call(id, name, called["arguments"] ?? call["args"]);
  const output = call["output"] ?? called["output"];
  if (output !== null && output !== undefined)
    builder.result(name, id, typeof output === "string" ? output : JSON.stringify(output));
}

function addSteer(builder: MessageBuilder, part: Fields): void {
  const said = wordsIn(part["steer"]) ?? wordsIn(part["text"]) ?? wordsIn(part["content"]);
  if (said !== undefined) builder.other("user", said, momentOf(part["createdAt"]) ?? undefined);
}

/** A text, or `{"value": "…"}` around one. */
const wordsIn = (value: unknown): string | undefined =>
  textIn(value) ?? textIn(fieldsIn(value)["value"]) ?? textIn(fieldsIn(value)["text"]);

/** Parts where there are any; the text of a message that has parts is empty, or says the same. */
function partsOf({ text, content }: Fields, left: Tally): Fields[] {
  if (Array.isArray(content) && content.length > 0)
    return content.map((part) =>
      typeof part === "string" ? { type: "text", text: part } : fieldsIn(part),
    );
  const whole = textIn(text) ?? textIn(content) ?? "";
  const said = whole.replace(THINKING, "");
  if (said !== whole) left.add("reasoning");
  return [{ type: "text", text: said }];
}
