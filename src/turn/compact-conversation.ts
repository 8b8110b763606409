import type { Config } from "../config.ts";
import { itemsOf } from "../openai/responses/item.ts";
import { messagesOf } from "../shared/items.ts";
import { lengthOf } from "../shared/message-length.ts";
import { factsIn } from "../shared/user-facts.ts";
import type { Item, Message } from "../shared/items.ts";
import type { Usage } from "../models/model.ts";
import { ApiError } from "../shared/errors.ts";
import { followsInstructions } from "../shared/model-providers.ts";
import { applyPolicies } from "../policies/apply.ts";
import { loadPatterns } from "../policies/patterns.ts";
import { estimateTokens } from "../account/conversation/message-tokens.ts";
import { ModelError } from "../models/model-error.ts";
import { callModel, promptOf } from "./answer.ts";
import { failureOf, notAnswered } from "./model-failure.ts";
import { previewResponse } from "./respond-request.ts";
import type { RespondRequest } from "./respond-request.ts";
import { SUMMARY_INSTRUCTIONS, transcript } from "./summarise.ts";

/** How many messages, and how many UTF-16 units of each, are quoted when no model can write a summary. */
const QUOTED_MESSAGES = 40;
const QUOTED_LENGTH = 200;

interface CompactedConversation {
  /** The first items of the new chain. */
  items: Item[];
  usage: Usage;
}

/**
 * A conversation in fewer words: a summary of all before the user's last message, then that message and all after it.
 *
 * @throws ApiError when the model gives no summary
 */
export async function compactConversation(
  env: Env,
  config: Config,
  request: RespondRequest,
  now: number,
): Promise<CompactedConversation> {
  const preview = await previewResponse(env, config, request, true, now);
  const { window, input, models, policed } = preview;
  if (policed && policed.refusal !== null)
    throw new ApiError("invalid_request", policed.refusal, { param: "input" });
  const items = itemsOf(input, "user");
  const last = items.findLastIndex((item) => item.type === "message" && item.role === "user");
  const at = last < 0 ? items.length : last;
  const kept = items.slice(at);
  // The user's facts are no part of what was said: the compaction is stored elsewhere, and would outlive them.
  const said = window.filter((message) => factsIn(message) === null);
  const before = promptOf({ window: said, input: items.slice(0, at) });
  if (before.length === 0) return nothingBefore(kept);
  const { text, usage } = await summaryOf(env, config, request, models, before);
  const tokens = () => ({ input: usage.input_tokens, output: usage.output_tokens });
  const summary = { phase: "response" as const, text, tokens, at: now };
  await loadPatterns(policed?.policies ?? []);
  const allowed = applyPolicies(policed?.policies ?? [], summary);
  const shown = allowed.refusal ?? allowed.text;
  return { items: [{ type: "compaction", text: shown }, ...kept], usage };
}

/** Clients look for a compaction in each answer, also where there is nothing to sum up. */
function nothingBefore(kept: Item[]): CompactedConversation {
  const text = "Nothing was said before.";
  const usage = {
    input_tokens: estimateTokens(messagesOf(kept, "user")),
    output_tokens: estimateTokens([{ role: "assistant", content: text }]),
  };
  return { items: [{ type: "compaction", text }, ...kept], usage };
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
  const { text: written, usage } = await callModel(env, config, call, {}).catch(
    (error: unknown) => {
      if (!(error instanceof ModelError)) throw error;
      throw notAnswered(failureOf(error), "Nothing was summed up");
    },
  );
  const text = written.trim() === "" ? quoted(before) : written;
  const counted = usage ?? {
    input_tokens: estimateTokens(messages),
    output_tokens: estimateTokens([{ role: "assistant", content: text }]),
  };
  return { text, usage: counted };
}

/** The beginnings of the last messages: a summary by rule. */
function quoted(before: readonly Message[]): string {
  const last = before.filter((message) => lengthOf(message) > 0).slice(-QUOTED_MESSAGES);
  return last
    .map(({ role, content }) => {
      const isShort = content.length <= QUOTED_LENGTH;
      return `${role}: ${isShort ? content : `${content.slice(0, QUOTED_LENGTH).toWellFormed()}…`}`;
    })
    .join("\n");
}
