import type { Config } from "../config.ts";
import { itemsOf } from "../openai/responses/item.ts";
import { lengthOf, messagesOf, paired } from "../shared/items.ts";
import type { Item, Message } from "../shared/items.ts";
import type { Usage } from "../models/model.ts";
import { ApiError } from "../shared/errors.ts";
import { followsInstructions } from "../shared/model-providers.ts";
import { applyPolicies } from "../policies/apply.ts";
import { estimateTokens } from "../account/conversation/window.ts";
import { callModel } from "./answer.ts";
import { peekResponse } from "./respond.ts";
import type { RespondRequest } from "./respond.ts";
import { SUMMARY_INSTRUCTIONS, transcript } from "./summarise.ts";

/** Without a model that can sum up, so many of the last messages are quoted, so much of each. */
const QUOTED_MESSAGES = 40;
const QUOTED_LENGTH = 200;

export interface Compacted {
  /** What a new chain begins with. */
  items: Item[];
  usage: Usage;
}

/**
 * A conversation in fewer words: a summary of what was said before the last message of the user's, and that message and
 * all behind it as they are.
 *
 * @throws ModelError when the model gives no summary
 */
export async function compactConversation(
  env: Env,
  config: Config,
  request: RespondRequest,
  now: number,
): Promise<Compacted> {
  const { window, input, models, policed } = await peekResponse(env, config, request, now);
  if (policed && policed.refusal !== null)
    throw new ApiError("invalid_request", policed.refusal, { param: "input" });
  const items = itemsOf(input, "user");
  const last = items.findLastIndex((item) => item.type === "message" && item.role === "user");
  const at = last < 0 ? items.length : last;
  const kept = items.slice(at);
  const before = paired([...window, ...messagesOf(items.slice(0, at), "user")]);
  if (before.length === 0) return { items: kept, usage: { input_tokens: 0, output_tokens: 0 } };
  const { text, usage } = await summaryOf(env, config, request, models, before);
  const tokens = () => ({ input: usage.input_tokens, output: usage.output_tokens });
  const summary = { phase: "response" as const, text, tokens, at: now };
  const allowed = applyPolicies(policed?.policies ?? [], summary);
  const said = allowed.refusal ?? allowed.text;
  return { items: [{ type: "compaction", text: said }, ...kept], usage };
}

async function summaryOf(
  env: Env,
  config: Config,
  { account_id, conversation }: RespondRequest,
  models: string[],
  before: Message[],
): Promise<{ text: string; usage: Usage }> {
  const able = models.filter(followsInstructions);
  const messages: Message[] = [
    { role: "system", content: SUMMARY_INSTRUCTIONS },
    { role: "user", content: transcript(null, before) },
  ];
  if (able.length === 0) {
    const text = quoted(before);
    const output_tokens = estimateTokens([{ role: "assistant", content: text }]);
    return { text, usage: { input_tokens: estimateTokens(before), output_tokens } };
  }
  const call = { account_id, session_id: conversation, models: able, messages };
  const { text, usage } = await callModel(env, config, call, {});
  const counted = usage ?? {
    input_tokens: estimateTokens(messages),
    output_tokens: estimateTokens([{ role: "assistant", content: text }]),
  };
  return { text, usage: counted };
}

/** The beginnings of the last messages: what can be done by rule. */
function quoted(before: readonly Message[]): string {
  const last = before.filter((message) => lengthOf(message) > 0).slice(-QUOTED_MESSAGES);
  return last
    .map(({ role, content }) => {
      const isShort = content.length <= QUOTED_LENGTH;
      return `${role}: ${isShort ? content : `${content.slice(0, QUOTED_LENGTH).toWellFormed()}…`}`;
    })
    .join("\n");
}
