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
import { requestConfig } from "../context.ts";
import type { AppContext } from "../context.ts";
import { listOf } from "../list-response.ts";
import type { ErrorCode } from "../../shared/errors.ts";
import * as s from "../openapi/schema.ts";
import { flushCounts, isFlushDue } from "../../directory/flush-metrics.ts";
import { answerWhatsApp, answerWithoutStorage } from "../../jobs/whatsapp.ts";
import type { WhatsAppJob } from "../../jobs/whatsapp.ts";
import { accountNames, pageQuery, parse, readQuery, readText } from "../read-request.ts";
import { openRoute, route } from "../route.ts";
import { schemaOf } from "../serve-route.ts";
import { ApiError } from "../../shared/errors.ts";
import { callAccount } from "../../account/account-client.ts";
import { log, logError } from "../../observe/log.ts";
import { noteInContext, requestIdField } from "../../observe/request-context.ts";
import { count, observe } from "../../observe/metrics.ts";
import { id } from "../../shared/field-schemas.ts";
import { SECOND_MS, isoTime } from "../../shared/time.ts";
import { mayAnswerUnstored } from "../../turn/ask.ts";

/** In ms. After an answer an isolate reports its counts at most so often: one object counts for the whole deployment. */
const FLUSH_MS = SECOND_MS;

const SLOW_DOWN = "You write faster than I can read. Please wait a minute, and then go on.";

const signed = {
  bodyType: "application/x-www-form-urlencoded",
  headers: { "X-Twilio-Signature": "Who calls, as Twilio signs it." },
} as const;
const SIGNED_ERRORS = [
  "forbidden",
  "whatsapp_not_configured",
  "invalid_json",
  "invalid_request",
  "body_too_large",
  "storage_unavailable",
] as const satisfies ErrorCode[];
const statusQuery = () =>
  z.strictObject({
    id: z.coerce.number({ error: "takes the id that the message was sent with" }).int().min(1),
  });
const messageReply = s.named("WhatsAppMessage", () =>
  s.object({
    object: s.only("whatsapp.message"),
    id: s.text,
    reply_to: s.text,
    part: s.whole,
    user_id: s.text,
    status: s.text,
    attempts: s.whole,
    message_sid: s.maybe(s.text),
    error_code: s.maybe(s.whole),
    error: s.maybe(s.text),
    created_at: s.time,
    updated_at: s.time,
  }),
);

export const whatsapp = [
  route("GET /whatsapp/messages", {
    id: "listWhatsAppMessages",
    summary: "Lists sent WhatsApp messages with their status",
    scope: "read",
    query: () =>
      z.strictObject({
        ...accountNames,
        user_id: id.optional(),
        limit: pageQuery({ order: "desc" }).limit,
        after: z
          .string()
          .regex(/^\d{1,15}$/, "takes the id of a message of the list")
          .optional(),
      }),
    reply: () => s.listOf(messageReply),
    handle: async ({ query: { user_id = null, limit, after }, call }) => {
      const before = after === undefined ? null : Number(after);
      const page = await call((account, caller) =>
        account.whatsapp.listOutbound(caller, { user_id, before, limit }),
      );
      return listOf(
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
      );
    },
  }),
  // Twilio's webhooks. They come without a key: the signature tells who calls.
  openRoute("POST /whatsapp/webhook", {
    ...signed,
    id: "receiveWhatsApp",
    summary: "Receives a message from Twilio",
    repeat: "safe",
    body: () => inboundForm,
    replies: () => ({ 200: { content: { "text/xml": s.text } } }),
    errors: [...SIGNED_ERRORS, "quota_turns", "quota_bytes"],
    handle: async ({ c, config, now }) => {
      const began = Date.now();
      const message = receivedMessage(parse(inboundForm, await readForm(c)));
      const account_id = config.WHATSAPP_ACCOUNT;
      noteInContext({ account_id });
      const limit = { a_minute: config.WHATSAPP_MESSAGES_A_MINUTE, slowDown: SLOW_DOWN };
      count("whatsapp_messages_total", { direction: "in" });
      let receipt: Receipt & { message: WaitingMessage | null };
      try {
        receipt = await callAccount(c.env, account_id, (account) =>
          account.whatsapp.receive(message, limit, now),
        );
      } catch (error) {
        if (!mayAnswerUnstored(config, error)) throw error;
        // Twilio does not call again: what is not answered now never is.
        c.executionCtx.waitUntil(answerUnstored(c.env, account_id, message, now));
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
    },
  }),
  openRoute("POST /whatsapp/status", {
    ...signed,
    id: "noteWhatsAppStatus",
    summary: "Receives a message's status from Twilio",
    repeat: "safe",
    query: statusQuery,
    // The signature is checked before the query string is read.
    ignoredQuery: "all",
    body: () => statusForm,
    replies: () => ({ 204: { content: {} } }),
    errors: SIGNED_ERRORS,
    handle: async ({ c, config, now }) => {
      const form = parse(statusForm, await readForm(c));
      const query = readQuery(c, schemaOf(statusQuery));
      const status = {
        id: query.id,
        message_sid: form.MessageSid,
        status: form.MessageStatus,
        error_code: form.ErrorCode,
      };
      noteInContext({ account_id: config.WHATSAPP_ACCOUNT });
      await callAccount(c.env, config.WHATSAPP_ACCOUNT, (account) =>
        account.whatsapp.noteStatus(status, now),
      );
      const reason = twilioErrorText(form.ErrorCode);
      if (form.ErrorCode !== null)
        log("whatsapp.undelivered", reason ?? "Twilio gave an error code that is not known here", {
          message_id: query.id,
          status: form.MessageStatus,
          error_code: form.ErrorCode,
        });
      count("whatsapp_statuses_total", { result: form.ErrorCode === null ? "told" : "error" });
      return c.body(null, 204);
    },
  }),
];

const XML = { "content-type": "text/xml; charset=utf-8" };

function acknowledged(c: AppContext, began: number): Response {
  observe("whatsapp_acknowledge_ms", Date.now() - began);
  return c.body(twiml([]), 200, XML);
}

/** Answers right after the acknowledgement. A job or the object's alarm resumes an interrupted answer. */
async function answerNow(
  env: Env,
  job: WhatsAppJob,
  message: WaitingMessage | null,
): Promise<void> {
  try {
    await answerWhatsApp(env, job, { message });
  } catch (error) {
    logError("whatsapp.unanswered", "a message waits for its next try", error);
    await env.MESSAGES.send({ type: "whatsapp", ...job, ...requestIdField() });
  } finally {
    if (isFlushDue(FLUSH_MS)) await flushCounts(env);
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

/** The form, after its signature is checked. @throws ApiError `forbidden` */
async function readForm(c: AppContext): Promise<Record<string, string>> {
  const config = requestConfig(c);
  const form = new URLSearchParams(await readText(c));
  if (config.TWILIO_SIGNATURE === "off") {
    // In what curl -d sends, the + of a number is not encoded, and a form has it as a space.
    const from = form.get("From");
    if (from) form.set("From", from.replace(/^whatsapp: (?=\d)/, "whatsapp:+"));
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
      "X-Twilio-Signature does not match. Twilio signs PUBLIC_URL with TWILIO_AUTH_TOKEN: check that both are what Twilio has.",
    );
  }
  return Object.fromEntries(form);
}
