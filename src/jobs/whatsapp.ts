import { z } from "zod";

import {
  TwilioError,
  findMessage,
  localTwilio,
  partsOf,
  sendMessage,
  twilioOf,
} from "../outbound/twilio.ts";
import { locationIn } from "../outbound/whatsapp-form.ts";
import type { ReceivedMessage } from "../outbound/whatsapp-form.ts";
import type { TwilioSettings } from "../outbound/twilio.ts";
import { configOf } from "../config.ts";
import type { Config } from "../config.ts";
import { ApiError } from "../shared/errors.ts";
import { callAccount } from "../account/account-client.ts";
import { log, logError } from "../observe/log.ts";
import { count, observe } from "../observe/metrics.ts";
import { ATTEMPTS } from "../account/store/whatsapp/inbox.ts";
import type { WaitingMessage } from "../account/store/whatsapp/inbox.ts";
import type { Sent, WaitingPart } from "../account/store/whatsapp/outbox.ts";
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

/** What a caller that received a message has at hand. */
export interface AnswerOptions {
  /** The user's next message, leased to the caller. Asked for where it is left out. */
  message?: WaitingMessage | null;
  /** Takes what would be sent, in development without Twilio. */
  collected?: string[];
}

/** Answers what a user wrote, in order, and sends what there is to say. Twice is once. */
export async function answerWhatsApp(
  env: Env,
  job: WhatsAppJob,
  { message: first, collected }: AnswerOptions = {},
): Promise<void> {
  const config = configOf(env);
  const twilio = collected ? localTwilio(collected) : twilioOf(config);
  const { account_id, user_id } = job;
  let message = first === undefined ? await nextMessage(env, job) : first;
  // What an earlier worker left unsent.
  if (message === null) message = await deliver(env, twilio, job, await nextPart(env, job));
  while (message !== null) {
    const answered: WaitingMessage = message;
    let part: WaitingPart | null;
    try {
      const parts = partsOf(await answerTo(env, config, twilio, job, answered));
      part = await callAccount(env, account_id, (account) =>
        account.whatsapp.putAnswer(answered, parts, Date.now()),
      );
    } catch (error) {
      await callAccount(env, account_id, (account) =>
        account.whatsapp.release(answered.message_sid, answered.attempts),
      );
      throw error;
    }
    message =
      part === null
        ? await nextMessage(env, job)
        : await deliver(env, twilio, { account_id, user_id }, part);
    observe("whatsapp_answer_ms", Math.max(0, Date.now() - answered.received_at));
  }
}

const nextMessage = (env: Env, { account_id, user_id }: WhatsAppJob) =>
  callAccount(env, account_id, (account) => account.whatsapp.nextMessage(user_id, Date.now()));
const nextPart = (env: Env, { account_id, user_id }: WhatsAppJob) =>
  callAccount(env, account_id, (account) => account.whatsapp.nextPart(user_id, Date.now()));

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
      const part = await callAccount(env, account_id, (account) =>
        account.whatsapp.putProgress(message, text, Date.now()),
      );
      await deliver(env, twilio, job, part);
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
        query: await wordsOf(body),
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

/** What a message says. A place on the map says where its sender is: the nearest city with flights. */
async function wordsOf(body: string): Promise<string> {
  const location = locationIn(body);
  if (location === null) return body;
  const { nearestCity } = await import("../travel/gazetteer.ts");
  return `I am in ${nearestCity(location).name}`;
}

/** Answers one message by itself while the account cannot be reached: nothing is kept, and it is said once. */
export async function answerWithoutStorage(
  env: Env,
  account_id: string,
  { sender, body, message_sid }: ReceivedMessage,
  now: number,
): Promise<void> {
  const config = configOf(env);
  const twilio = twilioOf(config);
  let text = ONLY_TEXT;
  if (body.trim() !== "") {
    const request = {
      account_id,
      principal: null,
      query: await wordsOf(body),
      assistant: "travel",
      scopes: ["query" as const],
      on_busy: "queue" as const,
      idempotency: { key: `whatsapp:${message_sid}`, hash: message_sid },
    };
    const background: Promise<void>[] = [];
    const { response } = await ask(env, config, request, {
      now,
      background: (work) => background.push(work),
    });
    await Promise.all(background);
    text = response;
  }
  for (const part of partsOf(text)) {
    await sendMessage(twilio, sender.reply_to, part, null);
    count("whatsapp_messages_total", { direction: "out" });
  }
}

function givenUp(message_sid: string, error: unknown): string {
  logError("whatsapp.given_up", "a message could not be answered", error, { message_sid });
  count("whatsapp_failed_total", { what: "answer" });
  return BROKEN;
}

/**
 * Sends a part, and the user's parts after it, until nothing is due. What cannot be sent now wakes the queue later.
 *
 * @returns the user's next message, leased to the caller
 */
async function deliver(
  env: Env,
  twilio: TwilioSettings,
  job: WhatsAppJob,
  first: WaitingPart | null,
): Promise<WaitingMessage | null> {
  const { account_id, user_id } = job;
  let part = first;
  let message: WaitingMessage | null = null;
  while (part !== null) {
    const { id } = part;
    const sent = await send(env, twilio, job, part);
    const next = await callAccount(env, account_id, (account) =>
      account.whatsapp.noteSent(user_id, id, sent, Date.now()),
    );
    if ("message_sid" in sent) count("whatsapp_messages_total", { direction: "out" });
    if ("retry_at" in sent) {
      const delaySeconds = Math.max(1, Math.ceil((sent.retry_at - Date.now()) / SECOND_MS));
      await env.MESSAGES.send({ type: "whatsapp", ...job }, { delaySeconds });
    }
    ({ part, message } = next);
  }
  return message;
}

async function send(
  env: Env,
  twilio: TwilioSettings,
  { account_id, user_id }: WhatsAppJob,
  { id, address, body, created_at, attempts, isDoubtful }: WaitingPart,
): Promise<Sent> {
  try {
    if (isDoubtful) {
      // Twilio tells by days: the same words may have been another answer of that day.
      const day = created_at - (created_at % DAY_MS);
      const taken = new Set(
        await callAccount(env, account_id, (account) => account.whatsapp.sentSince(user_id, day)),
      );
      const found = await findMessage(twilio, address, body, day, (sid) => taken.has(sid));
      if (found) return found;
    }
    return await sendMessage(twilio, address, body, id);
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
