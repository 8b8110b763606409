import { z } from "zod";

import { TwilioError, findMessage, partsOf, sendMessage, twilioOf } from "../outbound/twilio.ts";
import type { TwilioSettings } from "../outbound/twilio.ts";
import { configOf } from "../config.ts";
import type { Config } from "../config.ts";
import { ApiError } from "../shared/errors.ts";
import { callAccount } from "../account/account-client.ts";
import { log, logError } from "../observe/log.ts";
import { count, observe } from "../observe/metrics.ts";
import { ATTEMPTS } from "../account/store/whatsapp/inbox.ts";
import type { Sent, WaitingMessage, WaitingPart } from "../account/store/whatsapp/inbox.ts";
import { DAY_MS, SECOND_MS } from "../shared/time.ts";
import { ask } from "../turn/ask.ts";
import { isFlagOn } from "../directory/feature-flags.ts";

/** A job on the queue: a user's messages are to be answered, or answers to be sent. It only wakes: the object knows what. */
export const whatsappJob = z.object({
  type: z.literal("whatsapp"),
  account_id: z.string(),
  user_id: z.string(),
});
export type WhatsAppJob = Omit<z.infer<typeof whatsappJob>, "type">;

const ONLY_TEXT =
  'I can only read text so far. Tell me in words where from, where to and when, for example "NYC to London next Friday".';
const FULL = "That is all I can do for today. Please try again tomorrow.";
const BROKEN = "Sorry, that went wrong on our side. Please say it once more.";

const MAX_DELAY_S = 300;

/** Answers what a user wrote, in order, and sends what there is to say. Twice is once. */
export async function answerWhatsApp(env: Env, job: WhatsAppJob): Promise<void> {
  const config = configOf(env);
  const twilio = twilioOf(config);
  const { account_id, user_id } = job;
  for (;;) {
    const message = await callAccount(env, account_id, (account) =>
      account.whatsapp.nextMessage(user_id, Date.now()),
    );
    if (!message) break;
    try {
      const text = await answerTo(env, config, twilio, job, message);
      const parts = partsOf(text);
      await callAccount(env, account_id, (account) =>
        account.whatsapp.putAnswer(message, parts, Date.now()),
      );
    } catch (error) {
      await callAccount(env, account_id, (account) =>
        account.whatsapp.release(message.message_sid, message.attempts),
      );
      throw error;
    }
    await deliver(env, twilio, job);
    observe("whatsapp_answer_ms", Math.max(0, Date.now() - message.received_at));
  }
  await deliver(env, twilio, job);
}

async function answerTo(
  env: Env,
  config: Config,
  twilio: TwilioSettings,
  job: WhatsAppJob,
  message: WaitingMessage,
): Promise<string> {
  const { account_id, user_id } = job;
  const { message_sid, body, media, received_at, attempts } = message;
  if (body.trim() === "") return ONLY_TEXT;
  // Whoever answered it before ended with it.
  if (attempts > ATTEMPTS) return givenUp(message_sid, null);
  const saysSo = await isFlagOn(env, config, "use_async_search", job);
  // Only said by the way: what fails of it fails no answer.
  const onProgress = async (text: string) => {
    try {
      await callAccount(env, account_id, (account) =>
        account.whatsapp.putProgress(message, text, Date.now()),
      );
      await deliver(env, twilio, job);
      observe("whatsapp_progress_ms", Math.max(0, Date.now() - received_at));
    } catch (error) {
      logError("whatsapp.unsaid", "it was not said that a search is on", error, { message_sid });
    }
  };
  const background: Promise<void>[] = [];
  try {
    const { response } = await ask(
      env,
      config,
      {
        account_id,
        principal: null,
        query: body,
        user_id,
        assistant: "travel",
        scopes: ["query"],
        on_busy: "queue",
        idempotency: { key: `whatsapp:${message_sid}`, hash: message_sid },
      },
      {
        now: received_at,
        onProgress: saysSo ? onProgress : undefined,
        background: (work) => background.push(work),
      },
    );
    await Promise.all(background);
    return media > 0
      ? `${response}\n(I can only read text: what you attached I left alone.)`
      : response;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === "quota_turns" || error.code === "quota_sessions") return FULL;
    if (attempts < ATTEMPTS) throw error;
    return givenUp(message_sid, error);
  }
}

function givenUp(message_sid: string, error: unknown): string {
  logError("whatsapp.given_up", "a message could not be answered", error, { message_sid });
  count("whatsapp_failed_total", { what: "answer" });
  return BROKEN;
}

/** Sends what the user is to be sent, in order, until nothing is due. What cannot be sent now wakes the queue later. */
async function deliver(env: Env, twilio: TwilioSettings, job: WhatsAppJob): Promise<void> {
  const { account_id, user_id } = job;
  for (;;) {
    const part = await callAccount(env, account_id, (account) =>
      account.whatsapp.nextPart(user_id, Date.now()),
    );
    if (!part) return;
    const sent = await send(env, twilio, job, part);
    await callAccount(env, account_id, (account) =>
      account.whatsapp.noteSent(part.id, sent, Date.now()),
    );
    if ("message_sid" in sent) count("whatsapp_messages_total", { direction: "out" });
    if (!("retry_at" in sent)) continue;
    const delaySeconds = Math.max(1, Math.ceil((sent.retry_at - Date.now()) / SECOND_MS));
    await env.MESSAGES.send({ type: "whatsapp", ...job }, { delaySeconds });
    return;
  }
}

async function send(
  env: Env,
  twilio: TwilioSettings,
  { account_id, user_id }: WhatsAppJob,
  { id, body, created_at, attempts, isDoubtful }: WaitingPart,
): Promise<Sent> {
  try {
    if (isDoubtful) {
      // Twilio tells by days: the same words may have been another answer of that day.
      const day = created_at - (created_at % DAY_MS);
      const taken = new Set(
        await callAccount(env, account_id, (account) => account.whatsapp.sentSince(user_id, day)),
      );
      const found = await findMessage(twilio, user_id, body, day, (sid) => taken.has(sid));
      if (found) return found;
    }
    return await sendMessage(twilio, user_id, body, id);
  } catch (error) {
    if (!(error instanceof TwilioError)) throw error;
    const { kind, code, message } = error;
    log("whatsapp.unsent", message, { message_id: id, attempts, kind, error_code: code });
    if (kind === "never") {
      count("whatsapp_failed_total", { what: "send" });
      return { error_code: code };
    }
    const delay = Math.min(MAX_DELAY_S, 2 ** (attempts - 1)) * SECOND_MS;
    return { retry_at: Date.now() + delay, isDoubtful: isDoubtful || kind === "maybe" };
  }
}
