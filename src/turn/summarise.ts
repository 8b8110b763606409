import type { Config } from "../config.ts";
import type { Message } from "../shared/items.ts";
import { callAccount } from "../account/account-client.ts";
import { logError } from "../observe/log.ts";
import { followsInstructions } from "../shared/model-providers.ts";
import { callModel } from "./answer.ts";

export const SUMMARY_INSTRUCTIONS =
  "You keep the running summary of a conversation. Rewrite it in at most 300 words: what the user wants, what was settled, names, numbers and dates, what is still open. Later words overrule earlier ones. Write the summary only, in the conversation's language.";

interface SummaryRequest {
  account_id: string;
  session_id: string;
  models: string[];
  /** The last turn that left the window. */
  left: number;
}

/** Has a model write the next version of a session's summary, in the background. A failure is logged; a later turn tries again. */
export async function summarise(
  env: Env,
  config: Config,
  { account_id, session_id, models, left }: SummaryRequest,
): Promise<void> {
  const able = models.filter(followsInstructions);
  if (able.length === 0) return;
  try {
    const work = await callAccount(env, account_id, (account) =>
      account.turns.beginSummary(session_id, left),
    );
    if (!work) return;
    const text = await write(env, config, { account_id, session_id, models: able }, [
      { role: "system", content: SUMMARY_INSTRUCTIONS },
      { role: "user", content: transcript(work.previous, work.messages) },
    ]);
    await callAccount(env, account_id, (account) =>
      account.turns.endSummary(session_id, work.through, text),
    );
  } catch (error) {
    logError("summary.failed", "a summary could not be written", error, { account_id });
  }
}

/** All messages, each after the name of its role. */
export function transcript(previous: string | null, messages: readonly Message[]): string {
  const lines = messages.map(({ role, content }) => `${role}: ${content}`).join("\n");
  return `${previous === null ? "" : `The summary so far:\n${previous}\n\n`}What was said since:\n${lines}`;
}

async function write(
  env: Env,
  config: Config,
  about: Pick<SummaryRequest, "account_id" | "session_id" | "models">,
  messages: Message[],
): Promise<string | null> {
  try {
    const { text } = await callModel(env, config, { ...about, messages }, {});
    return text.trim() === "" ? null : text;
  } catch (error) {
    logError("summary.failed", "no model wrote the summary", error, {
      account_id: about.account_id,
    });
    return null;
  }
}
