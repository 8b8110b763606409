import { setTimeout as sleep } from "node:timers/promises";

import { send } from "./client.ts";
import type { Reply } from "./client.ts";

/** One request as its writer remembers it. */
export interface Entry {
  key: string;
  account: string;
  session: string;
  text: string;
  /** Null until the server has acknowledged it. */
  reply: Reply | null;
  /** When it may be sent again, in ms since the epoch; 0 before its first failure. */
  notBefore: number;
}

export interface WritersOptions {
  accounts: readonly string[];
  sessionsPerAccount: number;
  /** The server's URL, once it is up. */
  url: () => Promise<string>;
}

/** How often a writer sends again what it already has pending, instead of something new. */
const RETRY_SHARE = 0.5;
const RETRY_MS = 250;
const IDLE_MS = 20;
const LONG_TEXT = 20_000;

/**
 * Clients that never give up: each request is sent with its own key until it is acknowledged. Several may write in one
 * session at once, but where a crash cut one off, nothing new is begun until it is through.
 */
export class Writers {
  readonly log: Entry[] = [];
  /** Answers that nobody foresaw. */
  readonly surprises: string[] = [];
  readonly #options: WritersOptions;
  /** How many requests of each session wait to be sent again. */
  readonly #cutOff = new Map<string, number>();
  #open = true;

  constructor(options: WritersOptions) {
    this.#options = options;
  }

  /** Writes until {@link finish}, and then until everything is acknowledged. */
  async write(name: string, random: () => number): Promise<void> {
    let pending: Entry[] = [];
    let written = 0;
    while (this.#open || pending.length > 0) {
      pending = pending.filter(({ reply }) => reply === null);
      const due = pending.find(({ notBefore }) => notBefore <= Date.now());
      if (due && (!this.#open || random() < RETRY_SHARE)) {
        await this.#send(due);
      } else if (this.#open) {
        written += 1;
        const entry = this.#next(`${name}-${written}`, random);
        this.log.push(entry);
        pending.push(entry);
        await this.#send(entry);
      } else {
        await sleep(IDLE_MS);
      }
    }
  }

  /** Nothing new from here on. */
  finish(): void {
    this.#open = false;
  }

  get acknowledged(): number {
    return this.log.filter(({ reply }) => reply !== null).length;
  }

  #next(key: string, random: () => number): Entry {
    const { accounts, sessionsPerAccount } = this.#options;
    let entry: Entry;
    do {
      const account = accounts[Math.floor(random() * accounts.length)] as string;
      const session = `session-${Math.floor(random() * sessionsPerAccount)}`;
      const padding =
        random() < 0.05 ? "ünï😀 ".repeat(Math.floor((random() * LONG_TEXT) / 8)) : "";
      entry = { key, account, session, text: `${key} ${padding}end`, reply: null, notBefore: 0 };
    } while ((this.#cutOff.get(placeOf(entry)) ?? 0) > 0);
    return entry;
  }

  async #send(entry: Entry): Promise<void> {
    const { account: accountId, session: session_id, text: query, key } = entry;
    const url = await this.#options.url();
    let answer;
    try {
      answer = await send(url, { query, accountId, session_id }, key);
    } catch {
      // The server died under it: whether it was kept, only a retry can tell.
      this.#later(entry, RETRY_MS);
      return;
    }
    const { status, headers, body } = answer;
    if (status === 200) {
      entry.reply = body as Reply;
      if (entry.notBefore > 0) this.#count(entry, -1);
      return;
    }
    this.#later(entry, Number(headers.get("retry-after-ms") ?? RETRY_MS));
    if (status !== 409 && status !== 503)
      this.surprises.push(`${key}: ${status} ${JSON.stringify(body)}`);
  }

  #later(entry: Entry, delayMs: number): void {
    if (entry.notBefore === 0) this.#count(entry, 1);
    entry.notBefore = Date.now() + delayMs;
  }

  #count(entry: Entry, by: 1 | -1): void {
    const place = placeOf(entry);
    this.#cutOff.set(place, (this.#cutOff.get(place) ?? 0) + by);
  }
}

const placeOf = ({ account, session }: Entry): string => `${account}/${session}`;
