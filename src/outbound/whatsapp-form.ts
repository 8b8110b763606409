import { z } from "zod";

import { WHATSAPP_ADDRESS, senderOf } from "./whatsapp-sender.ts";
import type { Sender } from "./whatsapp-sender.ts";

/**
 * A message's identifier. Its length is fixed for a reason: Twilio signs names and values without separators, so a
 * replayed form could move letters from the next field into the identifier, and pass for a new message.
 */
const messageSid = z
  .string({ error: "is needed: the message's identifier" })
  .regex(/^(SM|MM)[0-9a-f]{32}$/, "takes SM or MM and 32 hex digits");
const degrees = (most: number) =>
  z.coerce.number().min(-most).max(most).optional().catch(undefined);

/**
 * A message from WhatsApp as Twilio posts it: https://www.twilio.com/docs/messaging/guides/webhook-request. Other
 * fields (a profile's name, an advertisement, a replied-to message) are ignored.
 */
export const inboundForm = z.lazy(() =>
  z.looseObject({
    MessageSid: messageSid,
    From: z
      .string({ error: "is needed: who wrote" })
      .regex(WHATSAPP_ADDRESS, "takes whatsapp: and a phone number, or an id such as US.1349"),
    /** The number's digits, as WhatsApp knows it. */
    WaId: z.string().optional(),
    /** The sender's id for this business, where Twilio tells it beside a number. */
    ExternalUserId: z.string().optional(),
    ExternalUserIdentifier: z.string().optional(),
    Body: z.string().default(""),
    NumMedia: z.coerce.number().int().min(0).catch(0).default(0),
    /** The words of a button that was tapped. */
    ButtonText: z.string().optional(),
    /** The words of a list's entry that was chosen. */
    ListTitle: z.string().optional(),
    Latitude: degrees(90),
    Longitude: degrees(180),
    Address: z.string().optional(),
    Label: z.string().optional(),
  }),
);

/** Twilio's report on a sent message: https://www.twilio.com/docs/messaging/guides/track-outbound-message-status */
export const statusForm = z.lazy(() =>
  z.looseObject({
    MessageSid: messageSid,
    MessageStatus: z.string({ error: "is needed" }).regex(/^[a-z_]{1,32}$/, "takes a status"),
    ErrorCode: z.coerce.number().int().nullable().catch(null).default(null),
  }),
);

/** A message as the account keeps it. */
export interface ReceivedMessage {
  message_sid: string;
  sender: Sender;
  body: string;
  media: number;
}

/** A message in words: the words of a tapped button or a chosen entry, or the position of a place. */
export function receivedMessage(form: z.infer<typeof inboundForm>): ReceivedMessage {
  const { Body, ButtonText, ListTitle, Latitude, Longitude } = form;
  const words = [Body, ButtonText ?? "", ListTitle ?? ""].find((each) => each.trim() !== "") ?? "";
  const place =
    Latitude === undefined || Longitude === undefined ? "" : locationText(Latitude, Longitude);
  return {
    message_sid: form.MessageSid,
    sender: senderOf({
      ...form,
      ExternalUserId: form.ExternalUserId ?? form.ExternalUserIdentifier,
    }),
    body: (place === "" ? words : place).toWellFormed(),
    media: form.NumMedia,
  };
}

const locationText = (latitude: number, longitude: number): string =>
  `geo:${latitude},${longitude}`;

/** The place that a message's text stands for. Null where it is words. */
export function locationIn(text: string): { lat: number; lon: number } | null {
  const match = /^geo:(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)$/.exec(text);
  return match ? { lat: Number(match[1]), lon: Number(match[2]) } : null;
}

/** A `MessageSid` in Twilio's form, for a message that came without one in development. */
export const madeUpSid = (): string => `SM${crypto.randomUUID().replaceAll("-", "")}`;

/** Codes of Twilio's by which messages fail: https://www.twilio.com/docs/api/errors */
const ERRORS: Record<number, string> = {
  21211: "The number does not exist.",
  63003: "WhatsApp does not know the recipient.",
  63013: "The message breaks a rule of WhatsApp's.",
  63016: "The recipient wrote more than 24 hours ago: only a template may be sent now.",
  63017: "The account sends more than 2000 messages a second.",
  63018: "The sender has reached WhatsApp's rate limit.",
  63024: "The recipient has no WhatsApp, or has not accepted its terms.",
  63038:
    "The account has reached its daily limit: it opens again within 24 hours, or Twilio raises it.",
};

/** The meaning of one of Twilio's error codes; null for an unknown one. */
export const twilioErrorText = (code: number | null): string | null =>
  code === null ? null : (ERRORS[code] ?? null);
