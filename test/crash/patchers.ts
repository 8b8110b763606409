import type { Reply } from "../journeys/client.ts";
import { answerTo } from "../journeys/stand-in.ts";
import { oneOf, putOff, workOn } from "./crew.ts";
import type { Crew, Entry, Task } from "./crew.ts";
import { request } from "./wire.ts";
import { keyed } from "./writers.ts";

const SESSIONS = 60;
/** How often the change comes with a question. */
const ASKED_SHARE = 0.4;
const PAUSE_MS = 20;

/** A session whose state counts its changes; one changes it at a time. */
interface Counted {
  account: string;
  session: string;
  /** How many changes were acknowledged. */
  count: number;
  isBusy: boolean;
}

/** Change states, by themselves and with a question: after each, the state has to say how often it was changed. */
export class Patchers {
  readonly #crew: Crew;
  readonly #sessions: Counted[];

  constructor(crew: Crew) {
    this.#crew = crew;
    this.#sessions = Array.from({ length: SESSIONS }, (_, index) => ({
      account: crew.accounts[index % crew.accounts.length] as string,
      session: `state-${index}`,
      count: 0,
      isBusy: false,
    }));
  }

  patch(name: string, random: () => number): Promise<void> {
    let patches = 0;
    const next = (): Task | null => {
      const free = this.#sessions.filter(({ isBusy }) => !isBusy);
      if (free.length === 0) return null;
      const counted = oneOf(free, random);
      counted.isBusy = true;
      patches += 1;
      const key = `${name}-${patches}`;
      const change =
        counted.count === 0 || random() < ASKED_SHARE
          ? this.#asked(counted, key)
          : () => this.#patched(counted, key);
      const attempt = async () => {
        const again = await change();
        if (again === null) counted.isBusy = false;
        return again;
      };
      return { name: key, attempt };
    };
    return workOn(this.#crew, random, next, PAUSE_MS);
  }

  #asked(counted: Counted, key: string): Task["attempt"] {
    const { account, session } = counted;
    const entry: Entry = { account, session, text: key, answer: answerTo(key), callId: null };
    this.#crew.log.push(entry);
    const question = {
      query: key,
      accountId: account,
      session_id: session,
      state_patch: { count: counted.count + 1 },
    };
    return async () => {
      const answer = await this.#crew.wire.send("state", "POST", "/query", keyed(question, key));
      if (answer?.status !== 200) return putOff(this.#crew, key, answer);
      entry.callId = (answer.body as Reply).call_id;
      counted.count += 1;
      return this.#look(counted);
    };
  }

  /** There is no key for it: whether a change that was cut off was made, the version tells. */
  async #patched(counted: Counted, key: string): Promise<number | null> {
    const answer = await this.#crew.wire.send("state", "PATCH", pathOf(counted), {
      body: { count: counted.count + 1 },
      headers: { "if-match": `"${counted.count}"` },
    });
    if (answer?.status !== 200 && answer?.status !== 412)
      return putOff(this.#crew, key, answer, [409, 503]);
    counted.count += 1;
    this.#crew.changes += 1;
    return this.#look(counted);
  }

  async #look(counted: Counted): Promise<null> {
    const seen = await this.#crew.wire.look(pathOf(counted));
    // Looked at again in the end.
    if (seen) this.#compare(counted, seen.headers.get("etag"), seen.body);
    return null;
  }

  /** Every state, in the end. */
  async judge(url: string): Promise<void> {
    for (const counted of this.#sessions.filter(({ count }) => count > 0)) {
      const { headers, body } = await request(url, "GET", pathOf(counted));
      this.#compare(counted, headers.get("etag"), body);
    }
  }

  #compare(counted: Counted, etag: string | null, body: unknown): void {
    const { account, session, count } = counted;
    const version = Number(etag?.slice(1, -1));
    const what = `the state of ${account}/${session} is ${JSON.stringify(body)}, version ${version}, after ${count} changes`;
    const { lost, doubled, torn } = this.#crew.faults;
    if (version > count) doubled.push(what);
    else if (version < count) lost.push(what);
    else if (JSON.stringify(body) !== JSON.stringify({ count })) torn.push(what);
  }
}

const pathOf = ({ account, session }: Counted): string =>
  `/sessions/${session}/state?accountId=${account}`;
