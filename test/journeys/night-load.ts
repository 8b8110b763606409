import { setTimeout as sleep } from "node:timers/promises";

import { readTurns, send } from "./client.ts";
import type { Reply } from "./client.ts";
import { expect } from "./expect.ts";

export const ACCOUNT = "night";
const CALLERS = 8;
/** Turns of a session, before its caller begins another. */
const SESSION_TURNS = 10;
/** Between two questions of a caller, in ms. */
const PAUSE_MS = 40;
/** Before a caller asks again that was not answered, in ms. */
const RETRY_MS = 250;

interface Acknowledged {
  query: string;
  call_id: string;
}

/**
 * Callers who ask all night long. A question that is not answered is asked again with its key, until it is answered or
 * refused for good.
 */
export class NightLoad {
  /** Acknowledged turns, by session. */
  readonly told = new Map<string, Acknowledged[]>();
  /** Answers other than 200, by status and code. */
  readonly refused = new Map<string, number>();
  #url: string;
  #running = true;
  #asked = 0;
  readonly #callers: Promise<void>[];

  constructor(url: string) {
    this.#url = url;
    this.#callers = Array.from({ length: CALLERS }, (_, caller) => this.#call(caller));
  }

  get acknowledged(): number {
    return [...this.told.values()].reduce((sum, turns) => sum + turns.length, 0);
  }

  /** The deployment is another one. */
  moveTo(url: string): void {
    this.#url = url;
  }

  async stop(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#callers);
  }

  /**
   * Has one question answered.
   *
   * @param characters - about so many more than usual
   * @returns the status and code of the last answer
   */
  async ask(
    session_id: string,
    headers: Record<string, string> = {},
    characters = 0,
  ): Promise<string> {
    this.#asked += 1;
    const query = `Question ${this.#asked} ${"tea ".repeat(characters / 4)}`;
    const key = `night-${this.#asked}`;
    for (;;) {
      const answer = await this.#send(session_id, query, key, headers);
      if (answer === null) continue;
      if (answer.status === 200) {
        const { call_id } = answer.body as Reply;
        const turns = this.told.get(session_id) ?? [];
        this.told.set(session_id, [...turns, { query, call_id }]);
        return "200";
      }
      const outcome = `${answer.status} ${(answer.body as { code: string }).code}`;
      this.refused.set(outcome, (this.refused.get(outcome) ?? 0) + 1);
      if (answer.status === 507 || !this.#running) return outcome;
      await sleep(RETRY_MS);
    }
  }

  /** Reads every acknowledged turn back. @returns how many are missing or changed */
  async lost(): Promise<number> {
    let lost = 0;
    for (const [session, turns] of this.told) {
      const kept = await readTurns(this.#url, ACCOUNT, session);
      const byId = new Map(kept.map((turn) => [turn.call_id, turn]));
      for (const { call_id, query } of turns) {
        const turn = byId.get(call_id);
        if (turn?.input !== query || turn.status !== "completed") lost += 1;
      }
      expect(
        new Set(kept.filter(({ status }) => status === "completed").map(({ input }) => input))
          .size === kept.filter(({ status }) => status === "completed").length,
        `a question of ${session} was answered twice`,
      );
    }
    return lost;
  }

  async #call(caller: number): Promise<void> {
    for (let session = 0; this.#running; session += 1) {
      for (let turn = 0; this.#running && turn < SESSION_TURNS; turn += 1) {
        const outcome = await this.ask(`caller-${caller}-${session}`);
        await sleep(outcome === "200" ? PAUSE_MS : RETRY_MS);
      }
    }
  }

  /** Null while the deployment is away. */
  async #send(session_id: string, query: string, key: string, headers: Record<string, string>) {
    try {
      return await send(this.#url, { query, accountId: ACCOUNT, session_id }, key, headers);
    } catch {
      await sleep(RETRY_MS);
      return null;
    }
  }
}
