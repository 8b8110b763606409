import { documentsIn, fieldsIn, idIn, listIn, textIn } from "../reading/fields.ts";
import type { Fields } from "../reading/fields.ts";
import { contentOf } from "../reading/content.ts";
import type { Calls } from "../reading/calls.ts";
import { MessageBuilder } from "../reading/message-builder.ts";
import { modelOf } from "../reading/model.ts";
import { momentOf } from "../reading/moment.ts";
import { roleOf } from "../reading/roles.ts";
import type { Tally } from "../reading/tally.ts";
import { Unreadable } from "../reading/unreadable.ts";
import { outputText } from "./content-parts.ts";
import type { AboutMessage } from "./chat-message.ts";

/** The types of parts that only the AI SDK has. */
const OWN_PART =
  /^(?:step-start|tool-[^]+|dynamic-tool|source-(?:url|document)|data-[^]+|file|reasoning|text)$/;
/** Parts that only the AI SDK has, one of which tells its messages from others. */
const TELLING =
  /^(?:step-start|tool-(?!call$|result$)[^]+|dynamic-tool|source-(?:url|document)|data-[^]+)$/;

/**
 * Whether a list is the parts of a UI message. Parts of text alone are not: they are anybody's.
 *
 * @param isKnown - it is said elsewhere that these are parts of the AI SDK
 */
export function isUiParts(value: unknown, isKnown = false): value is Fields[] {
  if (!Array.isArray(value)) return false;
  const types = value.map((part) => textIn(fieldsIn(part)["type"]) ?? "");
  return isKnown
    ? types.every((type) => OWN_PART.test(type))
    : types.some((type) => TELLING.test(type));
}

/**
 * A `UIMessage` of the AI SDK, also as its versions before 5 wrote it. A call and its result are one part there.
 *
 * @throws Unreadable
 */
export function addUiMessage(
  calls: Calls,
  message: Fields,
  { index, model: usual }: AboutMessage,
  left: Tally,
): void {
  const named = textIn(message["role"]);
  const role = named === undefined ? null : roleOf(named);
  if (role === null) throw new Unreadable(`its role "${(named ?? "").slice(0, 40)}" is not known`);
  const metadata = fieldsIn(message["metadata"]);
  const at =
    momentOf(message["createdAt"]) ??
    momentOf(message["created_at"]) ??
    momentOf(metadata["createdAt"]) ??
    momentOf(metadata["timestamp"]) ??
    undefined;
  const id = idIn(message["id"]);
  const by = textIn(message["model"]) ?? textIn(metadata["model"]) ?? textIn(metadata["modelId"]);
  const model = role === "assistant" ? (modelOf(by, "ai-sdk") ?? usual) : undefined;
  const builder = new MessageBuilder(calls, { role, id, at, model }, id ?? `message_${index}`);
  const parts = listIn(message["parts"]);
  for (const [place, part] of parts.entries()) addPart(builder, fieldsIn(part), place, left);
  if (parts.length === 0) builder.text(textIn(message["content"]) ?? "");
  const attached = message["experimental_attachments"] ?? message["attachments"];
  for (const file of documentsIn(attached)) addContent(builder, { ...file, type: "file" }, left);
  builder.flush();
}

function addPart(builder: MessageBuilder, part: Fields, place: number, left: Tally): void {
  const type = textIn(part["type"]) ?? "content of no type";
  if (type === "text") builder.text(textIn(part["text"]) ?? "");
  else if (type === "dynamic-tool") addTool(builder, textIn(part["toolName"]), part, place, left);
  else if (type === "tool-invocation") {
    const tool = fieldsIn(part["toolInvocation"]);
    addTool(builder, textIn(tool["toolName"]), tool, place, left);
  } else if (type.startsWith("tool-") && "state" in part)
    addTool(builder, type.slice("tool-".length), part, place, left);
  else if (type === "source-url" || type === "source") left.add("citations");
  // The beginning of a step says nothing.
  else if (type !== "step-start") addContent(builder, part, left);
}

function addContent(builder: MessageBuilder, part: Fields, left: Tally): void {
  const content = contentOf([part], "assistant", left);
  if (typeof content === "string") builder.text(content);
  else builder.add(...content);
}

function addTool(
  builder: MessageBuilder,
  named: string | undefined,
  tool: Fields,
  place: number,
  left: Tally,
): void {
  const name = named ?? "tool";
  const id = idIn(tool["toolCallId"]) ?? builder.callId(place);
  const state = textIn(tool["state"]) ?? "";
  builder.call(id, name, tool["input"] ?? tool["args"] ?? tool["rawInput"]);
  if (state === "output-error" || state === "output-denied") {
    left.add("error_marks");
    builder.result(name, id, textIn(tool["errorText"]) ?? state);
  } else if (state === "output-available" || state === "result")
    builder.result(name, id, outputText(tool["output"] ?? tool["result"]));
}
