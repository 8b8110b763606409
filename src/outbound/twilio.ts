import { nodeCrypto } from "../shared/node-modules.ts";
import { z } from "zod";

import type { Config } from "../config.ts";
import { madeUpSid } from "./whatsapp-form.ts";
import { ApiError } from "../shared/errors.ts";
import { fetchBounded } from "./bounded-fetch.ts";
import type { OutsideReply } from "./bounded-fetch.ts";
import { parseJson } from "../shared/json.ts";
import { wholeCharactersEnd } from "../shared/whole-characters.ts";

/** Twilio's limit for a message on WhatsApp, in UTF-16 units. */
const MAX_MESSAGE_LENGTH = 1_600;
const TIMEOUT_MS = 10_000;
const MAX_REPLY_BYTES = 4 * 1024 * 1024;

/** The settings of WhatsApp, all present. */
export interface TwilioSettings {
  baseUrl: string;
  accountSid: string;
  authToken: string;
  /** `whatsapp:+14155238886`. */
  from: string;
  publicUrl: string;
  /** In development without Twilio: receives the messages in place of Twilio. */
  collected?: string[] | undefined;
}

/** Whether messages come unsigned and no Twilio account is set: in development. */
export const isLocalOnly = (config: Config): boolean =>
  config.TWILIO_SIGNATURE === "off" && config.TWILIO_ACCOUNT_SID === undefined;

/** Settings that collect messages in place of sending them. */
export const localTwilio = (collected: string[]): TwilioSettings => ({
  baseUrl: "",
  accountSid: "",
  authToken: "",
  from: "",
  publicUrl: "",
  collected,
});

/** A reply in TwiML with these messages: https://www.twilio.com/docs/messaging/twiml/message */
export const twiml = (texts: readonly string[]): string => {
  const messages = texts.map((text) => `<Message>${escaped(text)}</Message>`);
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${messages.join("")}</Response>`;
};

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** @throws ApiError `whatsapp_not_configured` */
export function twilioOf(config: Config): TwilioSettings {
  const { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_WHATSAPP_NUMBER, PUBLIC_URL } = config;
  if (TWILIO_ACCOUNT_SID && TWILIO_AUTH_TOKEN && TWILIO_WHATSAPP_NUMBER && PUBLIC_URL) {
    return {
      baseUrl: config.TWILIO_BASE_URL,
      accountSid: TWILIO_ACCOUNT_SID,
      authToken: TWILIO_AUTH_TOKEN,
      from: TWILIO_WHATSAPP_NUMBER,
      publicUrl: PUBLIC_URL,
    };
  }
  throw new ApiError(
    "whatsapp_not_configured",
    "WhatsApp is not configured. Set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_WHATSAPP_NUMBER and PUBLIC_URL.",
  );
}

/**
 * Whether a form came from Twilio: it is signed with the HMAC-SHA1, under the account's token, of its URL and of its
 * parameters by name. Twilio may sign the URL with or without its port; its own library takes both.
 * https://www.twilio.com/docs/usage/security
 */
export function isSigned(
  { authToken }: Pick<TwilioSettings, "authToken">,
  url: string,
  form: URLSearchParams,
  signature: string | undefined,
): boolean {
  if (signature === undefined) return false;
  const sent = Buffer.from(signature);
  return withAndWithoutPort(url).some((each) => {
    const expected = Buffer.from(signatureOf(authToken, each, form));
    return expected.length === sent.length && nodeCrypto().timingSafeEqual(expected, sent);
  });
}

/** The URL as Twilio's library tries it: without a port, and with its own or its scheme's. The rest stays unchanged. */
function withAndWithoutPort(url: string): string[] {
  const [, scheme = "", host = "", port, rest = ""] =
    /^(https?:\/\/)((?:[^/?#]*@)?(?:\[[^\]]*\]|[^/?#:]*))(:\d*)?(.*)$/i.exec(url) ?? [];
  if (scheme === "") return [url];
  const usual = scheme.toLowerCase() === "https://" ? ":443" : ":80";
  return [`${scheme}${host}${rest}`, `${scheme}${host}${port ?? usual}${rest}`];
}

export function signatureOf(authToken: string, url: string, form: URLSearchParams): string {
  const names = [...new Set(form.keys())].toSorted();
  const pairs = names.flatMap((name) =>
    [...new Set(form.getAll(name))].toSorted().map((value) => name + value),
  );
  return nodeCrypto()
    .createHmac("sha1", authToken)
    .update(url + pairs.join(""))
    .digest("base64");
}

/** Twilio did not take a message. */
export class TwilioError extends Error {
  /** Twilio's code, if it gave one. */
  readonly code: number | null;
  /** `no`: not sent, try again. `maybe`: it may have been sent. `never`: Twilio refuses this message. */
  readonly kind: "no" | "maybe" | "never";

  constructor(message: string, kind: TwilioError["kind"], code: number | null = null) {
    super(message);
    this.name = "TwilioError";
    this.kind = kind;
    this.code = code;
  }
}

const messageReply = z.looseObject({ sid: z.string().min(1), status: z.string().min(1) });
const messageList = z.looseObject({
  messages: z.array(messageReply.extend({ body: z.string().nullish() })),
});
const errorReply = z.looseObject({ code: z.number().nullish(), message: z.string().nullish() });

interface TwilioMessage {
  message_sid: string;
  status: string;
}

/**
 * Sends one message.
 *
 * @param id - named by Twilio's status callbacks; null for no callbacks
 * @throws TwilioError
 */
export async function sendMessage(
  settings: TwilioSettings,
  to: string,
  body: string,
  id: number | null,
): Promise<TwilioMessage> {
  if (settings.collected) {
    settings.collected.push(body);
    return { message_sid: madeUpSid(), status: "sent" };
  }
  const form = new URLSearchParams({
    From: settings.from,
    To: to,
    Body: body,
    ...(id !== null && { StatusCallback: `${settings.publicUrl}/whatsapp/status?id=${id}` }),
  });
  const reply = await request(settings, "", { method: "POST", body: form.toString() });
  const parsed = messageReply.safeParse(reply);
  if (!parsed.success) throw new TwilioError("Twilio's reply has an unknown shape", "maybe");
  return { message_sid: parsed.data.sid, status: parsed.data.status };
}

/** Finds a sent message by its text, to learn whether a try that broke off sent it. @throws TwilioError */
export async function findMessage(
  settings: TwilioSettings,
  to: string,
  body: string,
  since: number,
  known: (messageSid: string) => boolean,
): Promise<TwilioMessage | null> {
  const query = new URLSearchParams({
    From: settings.from,
    To: to,
    "DateSent>": new Date(since).toISOString().slice(0, 10),
    PageSize: "100",
  });
  const reply = await request(settings, `?${query.toString()}`, { method: "GET" });
  const parsed = messageList.safeParse(reply);
  if (!parsed.success) throw new TwilioError("Twilio's reply has an unknown shape", "no");
  const found = parsed.data.messages.find((each) => each.body === body && !known(each.sid));
  return found ? { message_sid: found.sid, status: found.status } : null;
}

async function request(
  { baseUrl, accountSid, authToken }: TwilioSettings,
  query: string,
  init: { method: string; body?: string },
): Promise<unknown> {
  const url = `${baseUrl}/2010-04-01/Accounts/${accountSid}/Messages.json${query}`;
  let reply: OutsideReply;
  try {
    reply = await fetchBounded(
      url,
      {
        ...init,
        headers: {
          authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}`,
          "content-type": "application/x-www-form-urlencoded",
        },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      },
      MAX_REPLY_BYTES,
    );
  } catch {
    throw new TwilioError("Twilio cannot be reached", "maybe");
  }
  const { status, ok } = reply;
  const body = jsonIn(reply.text);
  if (ok) return body;
  const error = errorReply.safeParse(body);
  const code = error.success ? (error.data.code ?? null) : null;
  throw new TwilioError(`Twilio answered with ${status}`, kindOf(init.method, status), code);
}

/** Only 400 is about the message itself. An operator can correct a wrong token or URL. */
function kindOf(method: string, status: number): TwilioError["kind"] {
  if (method === "GET") return "no";
  // A proxy that gave up does not know whether the message was sent.
  if (status === 408 || status === 502 || status === 504) return "maybe";
  return status === 400 ? "never" : "no";
}

function jsonIn(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return null;
  }
}

/** Splits a text into messages, at the ends of lines or words. */
export function partsOf(text: string, length = MAX_MESSAGE_LENGTH): string[] {
  const parts: string[] = [];
  let rest = text.trim();
  while (rest.length > length) {
    const head = rest.slice(0, length + 1);
    const line = head.lastIndexOf("\n");
    const word = head.lastIndexOf(" ");
    const least = length / 2;
    const cut = line > least ? line : word > least ? word : wholeCharactersEnd(rest, length);
    parts.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  return rest === "" ? parts : [...parts, rest];
}
