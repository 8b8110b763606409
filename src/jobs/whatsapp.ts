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
import type { ErrorCode } from "../shared/errors.ts";
import { callAccount } from "../account/account-client.ts";
import { log, logError } from "../observe/log.ts";
import { requestIdField } from "../observe/request-context.ts";
import { count, observe } from "../observe/metrics.ts";
import { ATTEMPTS } from "../account/store/whatsapp/inbox.ts";
import type { WaitingMessage } from "../account/store/whatsapp/inbox.ts";
import type { Sent, WaitingPart } from "../account/store/whatsapp/outbox.ts";
import { DAY_MS, SECOND_MS } from "../shared/time.ts";
import { ask } from "../turn/ask.ts";
import { isFlagOn } from "../directory/feature-flags.ts";

/** A queued job: a user's messages or the answers to them. It only wakes a consumer: the account's object has both. */
export const whatsappJob = z.object({
  type: z.literal("whatsapp"),
  account_id: z.string(),
  user_id: z.string(),
});
export type WhatsAppJob = Omit<z.infer<typeof whatsappJob>, "type">;

const TEXT_ONLY_REPLY =
  'I can only read text so far. Tell me in words where from, where to and when, for example "NYC to London next Friday".';
const QUOTA_CODES: ReadonlySet<ErrorCode> = new Set([
  "quota_turns",
  "quota_sessions",
  "storage_full",
]);
const QUOTA_REPLY = "That is all I can do for today. Please try again tomorrow.";
const FAILURE_REPLY = "Sorry, that went wrong on our side. Please say it once more.";

/** In seconds. Retries of an unsent message back off up to this. */
const MAX_DELAY_S = 300;

/** Optional parameters of {@link answerWhatsApp}. */
export interface AnswerOptions {
  /** The user's next message, leased to the caller. Absent: the function asks for it. */
  message?: WaitingMessage | null;
  /** Takes what would be sent, in development without Twilio. */
  collected?: string[];
}

/** Answers a user's messages in order, and sends the answers. Idempotent. */
export async function answerWhatsApp(
  env: Env,
  job: WhatsAppJob,
  { message: first, collected }: AnswerOptions = {},
): Promise<void> {
  const config = configOf(env);
  const twilio = collected ? localTwilio(collected) : twilioOf(config);
  const { account_id, user_id } = job;
  let message = first === undefined ? await nextMessage(env, job) : first;
  // Sends what an earlier worker left unsent.
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
  if (body.trim() === "") return TEXT_ONLY_REPLY;
  // The earlier attempts crashed with their Worker.
  if (attempts > ATTEMPTS) return giveUp(message_sid, null);
  const announcesSearch = await isFlagOn(env, config, "use_async_search", job);
  // A failed announcement does not fail the answer.
  const onProgress = async (text: string) => {
    try {
      const part = await callAccount(env, account_id, (account) =>
        account.whatsapp.putProgress(message, text, Date.now()),
      );
      await deliver(env, twilio, job, part);
      observe("whatsapp_progress_ms", Math.max(0, Date.now() - received_at));
    } catch (error) {
      logError("whatsapp.unsaid", "the search could not be announced", error, { message_sid });
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
        onProgress: announcesSearch ? onProgress : undefined,
        background: (work) => background.push(work),
      },
    );
    await Promise.all(background);
    return media > 0
      ? `${response}\n(I can only read text: what you attached I left alone.)`
      : response;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (QUOTA_CODES.has(error.code)) return QUOTA_REPLY;
    if (attempts < ATTEMPTS) throw error;
    return giveUp(message_sid, error);
  }
}

/** A message in words. A place on the map becomes the nearest city with flights. */
async function wordsOf(body: string): Promise<string> {
  const location = locationIn(body);
  if (location === null) return body;
  const { nearestCity } = await import("../travel/gazetteer.ts");
  return `I am in ${nearestCity(location).name}`;
}

/** Answers one message while the account cannot be reached. Stores nothing, and sends the answer once. */
export async function answerWithoutStorage(
  env: Env,
  account_id: string,
  { sender, body, message_sid }: ReceivedMessage,
  now: number,
): Promise<void> {
  const config = configOf(env);
  const twilio = twilioOf(config);
  let text = TEXT_ONLY_REPLY;
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

function giveUp(message_sid: string, error: unknown): string {
  logError("whatsapp.given_up", "a message could not be answered", error, { message_sid });
  count("whatsapp_failed_total", { what: "answer" });
  return FAILURE_REPLY;
}

/**
 * Sends a part and the user's parts after it, until none is due. A part that cannot be sent now is queued again.
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
      await env.MESSAGES.send({ type: "whatsapp", ...job, ...requestIdField() }, { delaySeconds });
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
      // Twilio filters by day: the same text may belong to another answer of that day.
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
