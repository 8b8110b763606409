import { Hono } from "hono";
import { z } from "zod";

import type { Receipt, WaitingMessage } from "../../account/store/whatsapp/inbox.ts";
import { isLocalOnly, isSigned, twilioOf, twiml } from "../../outbound/twilio.ts";
import {
  inboundForm,
  madeUpSid,
  receivedMessage,
  statusForm,
  twilioErrorText,
} from "../../outbound/whatsapp-form.ts";
import type { ReceivedMessage } from "../../outbound/whatsapp-form.ts";
import { withAccount } from "../auth/authorise.ts";
import { requestConfig, requestTime } from "../context.ts";
import type { AppContext, AppEnv } from "../context.ts";
import { listOf } from "../list-response.ts";
import { limitBody } from "../body-limit.ts";
import { flushCounts } from "../../directory/flush-metrics.ts";
import { answerWhatsApp, answerWithoutStorage } from "../../jobs/whatsapp.ts";
import type { WhatsAppJob } from "../../jobs/whatsapp.ts";
import { accountNames, pageQuery, parse, readQuery, readText } from "../read-request.ts";
import { ApiError } from "../../shared/errors.ts";
import { callAccount } from "../../account/account-client.ts";
import { log, logError } from "../../observe/log.ts";
import { count, observe } from "../../observe/metrics.ts";
import { id } from "../../shared/field-schemas.ts";
import { isoTime } from "../../shared/time.ts";
import { mayAnswerUnstored } from "../../turn/ask.ts";

/** Twilio's forms have some thirty fields; a message has 1,600 characters at most. */
const FORM_BYTES = 64 * 1024;
const SLOW_DOWN = "You write faster than I can read. Please wait a minute, and then go on.";

export const statusQuery = z.lazy(() =>
  z.strictObject({
    id: z.coerce.number({ error: "takes the id that the message was sent with" }).int().min(1),
  }),
);

/** Twilio's webhooks. They come without a key: the signature tells who calls. */
export const whatsappWebhooks = new Hono<AppEnv>()
  .use(limitBody(FORM_BYTES))
  .post("/webhook", async (c) => {
    const began = Date.now();
    const message = receivedMessage(parse(inboundForm, await readForm(c)));
    const config = requestConfig(c);
    const account_id = config.WHATSAPP_ACCOUNT;
    const limit = { a_minute: config.WHATSAPP_MESSAGES_A_MINUTE, slowDown: SLOW_DOWN };
    count("whatsapp_messages_total", { direction: "in" });
    let receipt: Receipt & { message: WaitingMessage | null };
    try {
      receipt = await callAccount(c.env, account_id, (account) =>
        account.whatsapp.receive(message, limit, requestTime(c)),
      );
    } catch (error) {
      if (!mayAnswerUnstored(config, error)) throw error;
      // Twilio does not call again: what is not answered now never is.
      c.executionCtx.waitUntil(answerUnstored(c.env, account_id, message, requestTime(c)));
      return acknowledged(c, began);
    }
    const { result, user_id } = receipt;
    if (result === "known") count("whatsapp_repeated_total");
    if (result === "limited") count("whatsapp_limited_total");
    if (isLocalOnly(config))
      return c.body(
        twiml(await answerLocally(c.env, { account_id, user_id }, receipt.message)),
        200,
        XML,
      );
    // A known message, too: its first delivery may have been cut off.
    c.executionCtx.waitUntil(answerNow(c.env, { account_id, user_id }, receipt.message));
    return acknowledged(c, began);
  })
  .post("/status", async (c) => {
    const form = parse(statusForm, await readForm(c));
    const { id: part } = readQuery(c, statusQuery);
    const status = {
      id: part,
      message_sid: form.MessageSid,
      status: form.MessageStatus,
      error_code: form.ErrorCode,
    };
    await callAccount(c.env, requestConfig(c).WHATSAPP_ACCOUNT, (account) =>
      account.whatsapp.noteStatus(status, requestTime(c)),
    );
    const reason = twilioErrorText(form.ErrorCode);
    if (form.ErrorCode !== null)
      log("whatsapp.undelivered", reason ?? "Twilio gave an error code that is not known here", {
        message_id: part,
        status: form.MessageStatus,
        error_code: form.ErrorCode,
      });
    count("whatsapp_statuses_total", { result: form.ErrorCode === null ? "told" : "error" });
    return c.body(null, 204);
  });

const XML = { "content-type": "text/xml; charset=utf-8" };

function acknowledged(c: AppContext, began: number): Response {
  observe("whatsapp_acknowledge_ms", Date.now() - began);
  return c.body(twiml([]), 200, XML);
}

/** Answers right after the acknowledgement. What breaks off is taken up by a job, or by the object's alarm. */
async function answerNow(
  env: Env,
  job: WhatsAppJob,
  message: WaitingMessage | null,
): Promise<void> {
  try {
    await answerWhatsApp(env, job, { message });
  } catch (error) {
    logError("whatsapp.unanswered", "a message waits for its next try", error);
    await env.MESSAGES.send({ type: "whatsapp", ...job });
  } finally {
    await flushCounts(env);
  }
}

/** Development without Twilio: the webhook's own reply carries the answer. */
async function answerLocally(
  env: Env,
  job: WhatsAppJob,
  message: WaitingMessage | null,
): Promise<string[]> {
  const collected: string[] = [];
  await answerWhatsApp(env, job, { message, collected });
  return collected;
}

async function answerUnstored(
  env: Env,
  account_id: string,
  message: ReceivedMessage,
  now: number,
): Promise<void> {
  try {
    await answerWithoutStorage(env, account_id, message, now);
  } catch (error) {
    logError("whatsapp.lost", "a message was not answered: storage fails, and so did this", error);
    count("whatsapp_failed_total", { what: "answer" });
  }
}

/** The form, once it is known to come from Twilio. @throws ApiError `forbidden` */
async function readForm(c: AppContext): Promise<Record<string, string>> {
  const config = requestConfig(c);
  const form = new URLSearchParams(await readText(c));
  if (config.TWILIO_SIGNATURE === "off") {
    if (!form.has("MessageSid")) form.set("MessageSid", madeUpSid());
    return Object.fromEntries(form);
  }
  const twilio = twilioOf(config);
  const { pathname, search } = new URL(c.req.url);
  const url = twilio.publicUrl + pathname + search;
  if (!isSigned(twilio, url, form, c.req.header("x-twilio-signature"))) {
    count("whatsapp_forged_total");
    throw new ApiError(
      "forbidden",
      "X-Twilio-Signature does not fit. It is made over PUBLIC_URL and with TWILIO_AUTH_TOKEN: are they what Twilio has?",
    );
  }
  return Object.fromEntries(form);
}

export const listQuery = z.lazy(() =>
  z.strictObject({
    ...accountNames,
    user_id: id.optional(),
    limit: pageQuery({ order: "desc" }).limit,
    after: z
      .string()
      .regex(/^\d{1,15}$/, "takes the id of a message of the list")
      .optional(),
  }),
);

/** What was said on WhatsApp, and what became of it, the newest first: tells why nothing came. */
export const whatsappMessages = new Hono<AppEnv>().get("/", async (c) => {
  const { user_id, limit, after } = readQuery(c, listQuery);
  const page = await withAccount(c, "read", {}, (account, caller) =>
    account.whatsapp.listOutbound(caller, {
      user_id: user_id ?? null,
      before: after === undefined ? null : Number(after),
      limit,
    }),
  );
  return c.json(
    listOf(
      page,
      ({ created_at, updated_at, id: number, ...message }) => ({
        object: "whatsapp.message",
        id: String(number),
        ...message,
        error: twilioErrorText(message.error_code),
        created_at: isoTime(created_at),
        updated_at: isoTime(updated_at),
      }),
      ({ id: number }) => String(number),
    ),
  );
});
