import { Hono } from "hono";
import { z } from "zod";

import { isSigned, twilioOf } from "../../outbound/twilio.ts";
import { withAccount } from "../auth/authorise.ts";
import { requestConfig, requestTime } from "../context.ts";
import type { AppContext, AppEnv } from "../context.ts";
import { listOf } from "../list-response.ts";
import { limitBody } from "../body-limit.ts";
import { accountNames, pageQuery, parse, readQuery, readText } from "../read-request.ts";
import { ApiError } from "../../shared/errors.ts";
import { callAccount } from "../../account/account-client.ts";
import { logError } from "../../observe/log.ts";
import { count, observe } from "../../observe/metrics.ts";
import { isoTime } from "../../shared/time.ts";
import { id } from "../../shared/field-schemas.ts";

/** Twilio's forms have some thirty fields; a message has 1,600 characters at most. */
const FORM_BYTES = 64 * 1024;
const EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>';
const SLOW_DOWN = "You write faster than I can read. Please wait a minute, and then go on.";

const sid = (what: string) =>
  z
    .string({ error: `is needed: ${what}` })
    .regex(/^[A-Za-z0-9]{2,64}$/, "takes one of Twilio's identifiers");
export const inboundForm = z.lazy(() =>
  z.looseObject({
    MessageSid: sid("the message's identifier"),
    From: z
      .string({ error: "is needed: who wrote" })
      .regex(/^whatsapp:\+\d{5,20}$/, "takes whatsapp: and a phone number"),
    Body: z.string().default(""),
    NumMedia: z.coerce.number().int().min(0).catch(0).default(0),
  }),
);
export const statusForm = z.lazy(() =>
  z.looseObject({
    MessageSid: sid("the message's identifier"),
    MessageStatus: z.string({ error: "is needed" }).regex(/^[a-z_]{1,32}$/, "takes a status"),
    ErrorCode: z.coerce.number().int().nullable().catch(null).default(null),
  }),
);

export const statusQuery = z.lazy(() =>
  z.strictObject({
    id: z.coerce.number({ error: "takes the id that the message was sent with" }).int().min(1),
  }),
);

/** What Twilio calls. Nobody has a key here: who calls is told by the signature. */
export const whatsappWebhooks = new Hono<AppEnv>()
  .use(limitBody(FORM_BYTES))
  .post("/webhook", async (c) => {
    const began = Date.now();
    const form = parse(inboundForm, await readForm(c));
    const config = requestConfig(c);
    const account_id = config.WHATSAPP_ACCOUNT;
    const user_id = form.From;
    const message = {
      message_sid: form.MessageSid,
      user_id,
      body: form.Body.toWellFormed(),
      media: form.NumMedia,
    };
    const limit = { a_minute: config.WHATSAPP_MESSAGES_A_MINUTE, slowDown: SLOW_DOWN };
    const receipt = await callAccount(c.env, account_id, (account) =>
      account.whatsapp.receive(message, limit, requestTime(c)),
    );
    count("whatsapp_messages_total", { direction: "in" });
    if (receipt === "known") count("whatsapp_repeated_total");
    if (receipt === "limited") count("whatsapp_limited_total");
    // One that is known may have lost its job; and there is somebody to be told to slow down.
    c.executionCtx.waitUntil(wake(c.env, account_id, user_id));
    observe("whatsapp_acknowledge_ms", Date.now() - began);
    return c.body(EMPTY_TWIML, 200, { "content-type": "text/xml; charset=utf-8" });
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
    count("whatsapp_statuses_total", { result: form.ErrorCode === null ? "told" : "error" });
    return c.body(null, 204);
  });

/** The object has the message: a queue that is away costs half a minute, until the object's alarm tries it. */
async function wake(env: Env, account_id: string, user_id: string): Promise<void> {
  try {
    await env.MESSAGES.send({ type: "whatsapp", account_id, user_id });
  } catch (error) {
    logError("whatsapp.unqueued", "the queue took no job; the alarm will try again", error);
  }
}

/** The form, once it is known to come from Twilio. @throws ApiError `forbidden` */
async function readForm(c: AppContext): Promise<Record<string, string>> {
  const twilio = twilioOf(requestConfig(c));
  const form = new URLSearchParams(await readText(c));
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

/** What was said on WhatsApp, and what became of it, the newest first: for whoever is asked why nothing came. */
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
        created_at: isoTime(created_at),
        updated_at: isoTime(updated_at),
      }),
      ({ id: number }) => String(number),
    ),
  );
});
