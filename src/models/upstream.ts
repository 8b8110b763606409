import { z } from "zod";
import type { Model, ModelReply, ModelRequest } from "./model.ts";
import { ModelError } from "./model-error.ts";
import type { Message } from "../shared/items.ts";
import type { ProviderConfig } from "../shared/model-providers.ts";
import { modelErrorIn, stoppedError } from "./provider-errors.ts";
import { requestText } from "./provider-fetch.ts";
import type { ProviderFetchOptions } from "./provider-fetch.ts";
import { parseJson } from "../shared/json.ts";

const NAME = "upstream";
const MAX_REPLY_BYTES = 1_048_576;

const replySchema = z.object({
  response: z.string(),
  /** Older services report a failure here, with status 200. */
  success: z.boolean().optional().catch(undefined),
});

/**
 * `MODEL=upstream`: an existing stateless `/query` service. It receives `{query, accountId, session_id, messages}`, where
 * `query` is the newest message and `messages` all of them, and answers `{response}`. With the history `transcript` the earlier
 * ones are text before the query. Tools, formats and files are refused: the service would ignore them.
 */
export function upstreamModel(
  url: string,
  send: typeof fetch = (input, init) => fetch(input, init),
  history: ProviderConfig["UPSTREAM_HISTORY"] = "messages",
): Model {
  const service = { maxBytes: MAX_REPLY_BYTES, send };
  return { name: NAME, respond: (request) => query(url, service, history, request) };
}

async function query(
  url: string,
  service: ProviderFetchOptions,
  history: ProviderConfig["UPSTREAM_HISTORY"],
  request: ModelRequest,
): Promise<ModelReply> {
  const { account_id, session_id, messages, settings = {}, signal, onDelta } = request;
  const newest = messages.findLast((message) => message.role === "user") ?? messages.at(-1);
  const { tools = [], tool_choice, format } = settings;
  if (tools.length > 0 && tool_choice !== "none") throw refused("no tools");
  if (format) throw refused("no tools, and no format to answer in");
  if (newest?.role === "user" && newest.parts) throw refused("no pictures and files");
  let body: unknown;
  try {
    const text = await requestText(NAME, service, url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({
        ...questionOf(messages, newest, history),
        accountId: account_id,
        session_id,
      }),
      ...(signal && { signal }),
    });
    body = parseJson(text);
  } catch (error) {
    if (signal?.aborted) throw stoppedError(NAME);
    throw (
      modelErrorIn(error) ??
      unreadable(error instanceof SyntaxError ? "no JSON" : "an answer that broke off", true)
    );
  }
  const reply = replySchema.safeParse(body);
  if (!reply.success) throw unreadable("JSON without a `response`", false);
  if (reply.data.success === false) throw unreadable("`success: false`", false);
  const text = reply.data.response;
  if (text.trim() === "") throw unreadable("an empty answer", true);
  onDelta?.(text);
  return { text, model: NAME };
}

/** The newest message, with those before it. Results of tools and calls are left out: the service has no tools. */
function questionOf(
  messages: readonly Message[],
  newest: Message | undefined,
  history: ProviderConfig["UPSTREAM_HISTORY"],
): { query: string; messages?: { role: string; content: string }[] } {
  const said = messages
    .filter(({ role, content }) => role !== "tool" && content !== "")
    .map(({ role, content }) => ({ role, content }));
  const text = newest?.content ?? "";
  if (history === "messages") return { query: text, messages: said };
  const before = messages
    .slice(0, newest ? messages.lastIndexOf(newest) : 0)
    .filter(({ role, content }) => (role === "user" || role === "assistant") && content !== "")
    .map(({ role, content }) => `${role}: ${content}`);
  return { query: before.length === 0 ? text : `${before.join("\n")}\nuser: ${text}` };
}

const refused = (what: string): ModelError =>
  new ModelError("model_unable", `${NAME} takes ${what}`, { retryable: false });

function unreadable(what: string, retryable: boolean): ModelError {
  // No outage: the service answered.
  return new ModelError("model_failed", `${NAME} gave ${what}`, { retryable, isOutage: false });
}
