/** How a message on WhatsApp names its sender: see {@link senderOf}. */
export interface Sender {
  external: string | null;
  numbers: string[];
  reply_to: string;
}

/**
 * An id in place of a number: the country, perhaps `ENT` for a group of businesses, and up to 128 letters and digits.
 * Twilio, changelog of 20 July 2026: `whatsapp:US.ABC123XYZ`. Meta, "Business-scoped user IDs": `US.ENT.11815799212886844830`.
 */
const EXTERNAL = /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$/;
/** Twilio's address of a user on WhatsApp. */
export const WHATSAPP_ADDRESS = /^whatsapp:(?:\+\d{5,20}|[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128})$/;

/** One spelling of a number that is written in two: in Mexico with a 1 after the country, in Brazil with a 9 after the area. */
export function canonicalNumber(digits: string): string {
  const mexican = /^521(\d{10})$/.exec(digits);
  if (mexican) return `52${mexican[1]}`;
  const brazilian = /^55(\d{2})9(\d{8})$/.exec(digits);
  return brazilian ? `55${brazilian[1]}${brazilian[2]}` : digits;
}

/** The sender of one of Twilio's forms: by an id (`ExternalUserId`), by WhatsApp's number (`WaId`), by the number (`From`). */
export function senderOf(form: {
  From: string;
  WaId?: string | undefined;
  ExternalUserId?: string | undefined;
}): Sender {
  const from = form.From.replace(/^whatsapp:/, "");
  const given = form.ExternalUserId?.replace(/^whatsapp:/, "") ?? from;
  const external = EXTERNAL.test(given) ? given : EXTERNAL.test(from) ? from : null;
  const digits = [form.WaId?.replace(/^(?:whatsapp:)?\+?/, "") ?? "", from.replace(/^\+/, "")];
  const numbers = digits
    .filter((each) => /^\d{5,20}$/.test(each))
    .map((each) => `whatsapp:+${canonicalNumber(each)}`);
  return {
    external: external === null ? null : `whatsapp:${external}`,
    numbers: [...new Set(numbers)],
    reply_to: form.From,
  };
}
