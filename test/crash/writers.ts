import type { Reply } from "../journeys/client.ts";
import { answerTo } from "../journeys/stand-in.ts";
import { oneOf, putOff, workOn } from "./crew.ts";
import type { Crew, Entry } from "./crew.ts";
import { request } from "./wire.ts";

const SESSIONS_PER_ACCOUNT = 80;
const LONG_TEXT = 20_000;
/** How often one writes a long text. */
const LONG_SHARE = 0.05;

/** A question that was acknowledged, and the very reply. */
interface Told {
  key: string;
  question: object;
  reply: Reply;
}

/**
 * Clients of `/query` that never give up: each question is sent with its own key until it is acknowledged. Several may
 * write in one session at once, but where a crash cut one off, nothing new is begun until it is through.
 */
export class Writers {
  readonly #crew: Crew;
  readonly #told: Told[] = [];
  /** How many questions of each session wait to be sent again. */
  readonly #cutOff = new Map<string, number>();

  constructor(crew: Crew) {
    this.#crew = crew;
  }

  write(name: string, random: () => number): Promise<void> {
    let written = 0;
    return workOn(this.#crew, random, () => {
      written += 1;
      return this.#task(`${name}-${written}`, random);
    });
  }

  #task(key: string, random: () => number) {
    const { accounts, log, wire } = this.#crew;
    let account: string;
    let session: string;
    do {
      account = oneOf(accounts, random);
      session = `session-${Math.floor(random() * SESSIONS_PER_ACCOUNT)}`;
    } while ((this.#cutOff.get(`${account}/${session}`) ?? 0) > 0);
    const padding =
      random() < LONG_SHARE ? "ünï😀 ".repeat(Math.floor((random() * LONG_TEXT) / 8)) : "";
    const text = `${key} ${padding}end`;
    const entry: Entry = { account, session, text, answer: answerTo(text), callId: null };
    log.push(entry);
    const question = { query: text, accountId: account, session_id: session };
    let isCutOff = false;
    const count = (by: 1 | -1) => {
      const place = `${account}/${session}`;
      this.#cutOff.set(place, (this.#cutOff.get(place) ?? 0) + by);
      isCutOff = by === 1;
    };
    const attempt = async () => {
      const answer = await wire.send("query", "POST", "/query", keyed(question, key));
      if (answer?.status === 200) {
        const reply = answer.body as Reply;
        entry.callId = reply.call_id;
        this.#told.push({ key, question, reply });
        if (isCutOff) count(-1);
        return null;
      }
      if (!isCutOff) count(1);
      return putOff(this.#crew, key, answer);
    };
    return { name: key, attempt };
  }

  /** A repeat is answered as the question was, byte for byte. */
  async replay(url: string, times: number, random: () => number): Promise<void> {
    for (let time = 0; time < times && this.#told.length > 0; time += 1) {
      const { key, question, reply } = oneOf(this.#told, random);
      const { body } = await request(url, "POST", "/query", keyed(question, key));
      if (JSON.stringify(body) !== JSON.stringify(reply))
        this.#crew.faults.doubled.push(`${key} is replayed as another reply`);
    }
  }
}

export const keyed = (body: object, key: string) => ({
  body,
  headers: { "idempotency-key": key },
});
