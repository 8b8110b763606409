import { isSigned, partsOf, signatureOf } from "../../../../src/outbound/twilio.ts";
import { parse } from "../../../../src/http/read-request.ts";
import { inboundForm, statusForm } from "../../../../src/outbound/whatsapp-form.ts";
import { expect, refusable } from "../expect.ts";

const URL = "https://bot.example/whatsapp/webhook";
const TOKEN = { authToken: "12345" };
const SHORT = 5;

/** A form is signed as a whole, read as Unicode, and answered in parts that fit. */
export function fuzz(data: Buffer): void {
  const text = data.toString("utf8");
  const form = new URLSearchParams(text);
  const signature = signatureOf(TOKEN.authToken, URL, form);
  expect(isSigned(TOKEN, URL, form, signature), "its own signature does not fit");
  for (const sent of [undefined, "", text, signature.slice(1), `${signature}=`])
    expect(sent === signature || !isSigned(TOKEN, URL, form, sent), "is forged");

  const fields = Object.fromEntries(form);
  const message = refusable(() => parse(inboundForm, fields));
  if (message) {
    expect(/^whatsapp:\+\d{5,20}$/.test(message.From), "is from nobody");
    expect(message.Body.isWellFormed(), "holds half a character");
    expect(Number.isSafeInteger(message.NumMedia) && message.NumMedia >= 0, "counts no media");
  }
  const status = refusable(() => parse(statusForm, fields));
  expect(
    status === null || status.ErrorCode === null || Number.isSafeInteger(status.ErrorCode),
    "has no code",
  );

  const parts = partsOf(text, SHORT);
  expect(
    parts.every((part) => part.length > 0 && part.length <= SHORT && part.isWellFormed()),
    "a part does not fit",
  );
  expect(bare(parts.join("")) === bare(text), "what is said in parts is something else");
}

const bare = (text: string): string => text.replaceAll(/\s/g, "");
