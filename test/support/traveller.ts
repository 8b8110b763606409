import {
  createExecutionContext,
  runInDurableObject,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { inject } from "vitest";

import { callAccount } from "../../src/account/account-client.ts";
import { answerWhatsApp } from "../../src/jobs/whatsapp.ts";
import { signatureOf } from "../../src/outbound/twilio.ts";
import { app } from "./app.ts";
import { Client, freshAccount, objectOf } from "./client.ts";
import type { Sent } from "./travel-server.ts";

export const TOKEN = "twilio-token";
export const PUBLIC_URL = "https://bot.example.com";

let numbers = 0;
const travellers: Traveller[] = [];

/** Answers all that waits: else the objects would go on trying after the tests. */
export async function settleTravellers(): Promise<void> {
  const reachable = travellers.filter((each) => each.env.CONVERSATIONS === env.CONVERSATIONS);
  for (const traveller of reachable) {
    await traveller.hurry();
    await traveller.work();
  }
}

/** A user on WhatsApp who writes to a deployment by way of Twilio. */
export class Traveller {
  readonly account = freshAccount();
  readonly phone: string;
  readonly queued: { body: unknown; delay: number | undefined }[] = [];
  readonly twilio: string;
  readonly env: Env;
  #sids = 0;

  constructor(vars: object = {}, twilio = "ok") {
    numbers += 1;
    travellers.push(this);
    this.phone = `whatsapp:+1555${String(numbers).padStart(7, "0")}`;
    this.twilio = `${inject("travelServer")}/twilio/${twilio}-${this.account}`;
    const MESSAGES = {
      send: (body: unknown, options?: { delaySeconds?: number }) => {
        this.queued.push({ body, delay: options?.delaySeconds });
        return Promise.resolve();
      },
    };
    this.env = {
      ...env,
      TWILIO_ACCOUNT_SID: "AC1",
      TWILIO_AUTH_TOKEN: TOKEN,
      TWILIO_WHATSAPP_NUMBER: "+14155238886",
      TWILIO_BASE_URL: this.twilio,
      PUBLIC_URL,
      WHATSAPP_ACCOUNT: this.account,
      ...vars,
      MESSAGES: MESSAGES as unknown as Queue,
    } as unknown as Env;
  }

  get client(): Client {
    return new Client({}, this.account);
  }

  /** What Twilio would send. */
  async deliver(
    fields: Record<string, string>,
    {
      path = "/whatsapp/webhook",
      token = TOKEN,
      signedFor = PUBLIC_URL,
      at,
      env: own = this.env,
    }: { path?: string; token?: string; signedFor?: string; at?: number; env?: Env } = {},
  ): Promise<Response> {
    const form = new URLSearchParams(fields);
    const context = createExecutionContext();
    const response = await app.fetch(
      new Request(`http://colloquy.test${path}`, {
        method: "POST",
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          "x-twilio-signature": signatureOf(token, signedFor + path, form),
          ...(at !== undefined && { "x-dev-now": String(at) }),
        },
        body: form.toString(),
      }),
      own,
      context,
    );
    await waitOnExecutionContext(context);
    return response;
  }

  /** Leaves a message as a crash right after its acknowledgement does: received, and not answered. */
  async leave(body: string): Promise<void> {
    const sender = { external: null, numbers: [], reply_to: this.phone };
    const message = { message_sid: this.sid(), sender, body, media: 0 };
    const limit = { a_minute: 20, slowDown: "Slowly" };
    await callAccount(this.env, this.account, (account) =>
      account.whatsapp.receive(message, limit, Date.now()),
    );
    // The crashed worker's lease runs out.
    await this.hurry();
  }

  sid(): string {
    this.#sids += 1;
    return `SM${Buffer.from(`${this.phone}${this.#sids}`).toString("hex").slice(-32)}`;
  }

  write(body: string, more: Record<string, string> = {}, at?: number): Promise<Response> {
    const form = {
      MessageSid: this.sid(),
      From: this.phone,
      To: "whatsapp:+14155238886",
      Body: body,
      NumMedia: "0",
      ...more,
    };
    return this.deliver(form, at === undefined ? {} : { at });
  }

  work = () => answerWhatsApp(this.env, { account_id: this.account, user_id: this.phone });

  /** What it got, in order. */
  async got(): Promise<Sent[]> {
    const { sent } = await (await fetch(`${this.twilio}/log`)).json<{ sent: Sent[] }>();
    return sent;
  }

  async says(body: string, at?: number): Promise<string[]> {
    const before = (await this.got()).length;
    await this.write(body, {}, at);
    await this.work();
    return (await this.got()).slice(before).map((each) => each.body);
  }

  /** Makes what waits due, as if time had passed. */
  hurry = () =>
    runInDurableObject(objectOf(this.account), (_, { storage }) => {
      storage.sql.exec("update outbound_messages set due_at = 0 where body is not null");
      storage.sql.exec("update inbound_messages set lease_until = 0 where status = 'waiting'");
    });

  statuses = async () =>
    (await this.client.get("/whatsapp/messages")).body.data.map(
      ({ status }: { status: string }) => status,
    );
}
