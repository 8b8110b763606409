import type { Calls } from "../reading/calls.ts";
import { idIn, textIn } from "../reading/fields.ts";
import type { Fields } from "../reading/fields.ts";
import { argumentsOf } from "../reading/message-builder.ts";
import { momentOf } from "../reading/moment.ts";
import type { Tally } from "../reading/tally.ts";
import { outputText } from "./content-parts.ts";
import { addChatMessage } from "./chat-message.ts";
import type { AboutMessage } from "./chat-message.ts";

/** Items that are no message: calls, their results, and what a model thought. */
const CALL =
  /^(?:function|custom_tool|hosted_tool|mcp|tool_search|computer|shell|local_shell|apply_patch|code_interpreter|file_search|web_search|image_generation)_call$/;
const RESULT = /^[a-z_]+_call_(?:result|output)$/;

/** Whether a document is an item of the Responses API, of Agents sessions or of our own export. */
export function isResponseItem({ type, role, content }: Fields): boolean {
  const named = textIn(type) ?? "";
  if (CALL.test(named) || RESULT.test(named) || named === "reasoning") return true;
  return named === "message" && role !== undefined && content !== undefined;
}

/**
 * An item of OpenAI's Responses, as the API, the Agents SDKs and our own export write it: the id of a call is `call_id`
 * or `callId`, and an output is a text, a document or a list.
 *
 * @throws Unreadable
 */
export function addResponseItem(
  calls: Calls,
  item: Fields,
  about: AboutMessage,
  left: Tally,
): void {
  const type = textIn(item["type"]) ?? "";
  const at = momentOf(item["created_at"]) ?? undefined;
  const own = `call_${about.index}`;
  const callId = idIn(item["call_id"]) ?? idIn(item["callId"]) ?? null;
  if (type === "message" || type === "") addChatMessage(calls, item, about, left);
  else if (type === "reasoning") left.add("reasoning");
  else if (RESULT.test(type)) {
    const name = textIn(item["name"]) ?? type.replace(/_call_(?:result|output)$/, "");
    const content = outputText(item["output"]);
    calls.answer(name, callId, own, { role: "tool", content, id: idIn(item["id"]), at });
  } else {
    const name = textIn(item["name"]) ?? type.replace(/_call$/, "");
    const id = callId ?? idIn(item["id"]) ?? own;
    const tool_calls = [{ id, name, arguments: argumentsOf(askedIn(item)) }];
    calls.add({
      role: "assistant",
      content: "",
      id: idIn(item["id"]),
      at,
      model: about.model,
      tool_calls,
    });
    // A tool that the provider runs has its result in the call.
    const result = item["output"] ?? item["outputs"] ?? item["results"];
    if (result !== undefined && result !== null)
      calls.answer(name, id, own, { role: "tool", content: outputText(result), at });
  }
}

/** The arguments of a tool, or what stands for them. */
function askedIn({ arguments: args, input, action, code, queries, operation }: Fields): unknown {
  if (args !== undefined && args !== null) return args;
  if (typeof input === "string") return { input };
  if (code !== undefined) return { code };
  if (queries !== undefined) return { queries };
  return action ?? operation ?? {};
}
