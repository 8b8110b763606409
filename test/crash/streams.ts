import { setTimeout as sleep } from "node:timers/promises";

import { answerTo, pieceOf } from "../journeys/stand-in.ts";
import { RETRY_MS, oneOf, putOff, workOn } from "./crew.ts";
import type { Crew, Entry, Task } from "./crew.ts";
import { request } from "./wire.ts";
import type { Answer } from "./wire.ts";
import { keyed } from "./writers.ts";

export const STREAMED_PIECES = 12;
const STREAMED = Array.from({ length: STREAMED_PIECES }, (_, index) => pieceOf(index)).join("");
/** The one of the two models that takes its time. */
const MODEL = "openai/stand-in";
const PAUSE_MS = 50;
/** Of a question that does not fit into one row. */
const LONG_TEXT = 2_000_000;
/** How often one is streamed an answer to such a question. */
const LONG_SHARE = 0.03;
const POLL_MS = 100;
/** How often the server begins to answer one in the background. */
const TRIES = 3;
const STREAM_MS = 60_000;

interface Event {
  type: string;
  sequence_number: number;
  delta?: string;
  response?: { id: string };
}

interface Told {
  status: string;
}

const isOnItsWay = ({ body }: Answer): boolean =>
  ["queued", "in_progress"].includes((body as Told).status);

/** Responses of `/v1`, streamed and in the background, asked with a key until they are there. */
export class Streams {
  readonly #crew: Crew;
  /** The events of every stream that came to its end. */
  readonly #told: { account: string; id: string; events: string }[] = [];

  constructor(crew: Crew) {
    this.#crew = crew;
  }

  stream(name: string, random: () => number): Promise<void> {
    const attemptOf = (entry: Entry, question: object, key: string) => async () => {
      const asked = keyed({ ...question, stream: true }, key);
      const told = await this.#crew.wire.during("stream", (url) => readStream(url, asked));
      if (told === null) return RETRY_MS;
      if (told.answer) return putOff(this.#crew, key, told.answer);
      const [id, events] = this.#check(entry, told.events);
      if (id === null) return RETRY_MS;
      entry.callId = id.replace("resp_", "call_");
      this.#told.push({ account: entry.account, id, events });
      return null;
    };
    return workOn(this.#crew, random, this.#next(name, random, STREAMED, attemptOf), PAUSE_MS);
  }

  answerLater(name: string, random: () => number): Promise<void> {
    const attemptOf = (entry: Entry, question: object) => {
      const begunAfter = this.#crew.kills;
      let id: string | null = null;
      const ask = async (url: string): Promise<Answer> => {
        const asked = keyed({ ...question, background: true }, entry.text);
        const answer = await request(url, "POST", "/v1/responses", asked);
        if (answer.status === 200) {
          ({ id } = answer.body as { id: string });
          entry.callId = id.replace("resp_", "call_");
          entry.isQueued = true;
        }
        return answer;
      };
      const look = (url: string) =>
        request(url, "GET", `/v1/responses/${id}?accountId=${entry.account}`);
      // Under way from the question to the end of the answer.
      const askAndWait = async (url: string): Promise<Answer> => {
        let answer = await ask(url);
        while (answer.status === 200 && isOnItsWay(answer)) {
          await sleep(POLL_MS);
          answer = await look(url);
        }
        return answer;
      };
      return async () => {
        const { wire, kills, faults } = this.#crew;
        const answer = await (id === null
          ? wire.during("background", askAndWait)
          : wire.during(null, look));
        if (answer?.status !== 200) return putOff(this.#crew, entry.text, answer);
        if (isOnItsWay(answer)) return RETRY_MS;
        entry.isQueued = false;
        const { status } = answer.body as Told;
        if (status === "completed") return null;
        // Nobody takes it up once more.
        if (kills - begunAfter >= TRIES) entry.callId = null;
        else faults.lost.push(`${entry.text}: acknowledged as ${id}, and ${status}`);
        return null;
      };
    };
    const next = this.#next(name, random, null, attemptOf);
    return workOn(this.#crew, random, next, PAUSE_MS);
  }

  #next(
    name: string,
    random: () => number,
    answer: string | null,
    attemptOf: (entry: Entry, question: object, key: string) => Task["attempt"],
  ): () => Task {
    let asked = 0;
    return () => {
      asked += 1;
      const key = `${name}-${asked}`;
      const isLong = answer !== null && random() < LONG_SHARE;
      const text = isLong ? `${key} ${"x".repeat(LONG_TEXT)}` : key;
      const account = oneOf(this.#crew.accounts, random);
      const expected = answer ?? answerTo(text);
      const entry: Entry = { account, session: null, text, answer: expected, callId: null };
      this.#crew.log.push(entry);
      const question = { accountId: account, model: MODEL, input: text };
      return { name: key, attempt: attemptOf(entry, question, key) };
    };
  }

  /** @returns the response's id, and its events to compare; null for one that did not come to its end */
  #check(entry: Entry, events: Event[]): [string | null, string] {
    const { torn, doubled } = this.#crew.faults;
    const last = events.at(-1);
    if (last?.type !== "response.completed") {
      if (last?.type !== "error")
        torn.push(`${entry.text}: the stream ends with ${JSON.stringify(last)}`);
      return [null, ""];
    }
    if (events.some(({ sequence_number }, index) => sequence_number !== index))
      torn.push(`${entry.text}: events are missing, or come twice`);
    const text = events.map(({ delta }) => delta ?? "").join("");
    const done = events.filter(({ type }) => type === "response.output_item.done").length;
    if (text !== entry.answer || done !== 1)
      (text.length > entry.answer.length || done > 1 ? doubled : torn).push(
        `${entry.text}: streamed as ${done} items, ${text}`,
      );
    return [last.response?.id ?? null, JSON.stringify(events)];
  }

  /** Told again, a stream is the same. */
  async replay(url: string, times: number, random: () => number): Promise<void> {
    for (let time = 0; time < times && this.#told.length > 0; time += 1) {
      const { account, id, events } = oneOf(this.#told, random);
      const path = `/v1/responses/${id}?stream=true&accountId=${account}`;
      const again = await readEvents(await fetch(`${url}${path}`));
      if (JSON.stringify(again) !== events)
        this.#crew.faults.torn.push(`${id} is told again as another stream`);
    }
  }
}

async function readStream(
  url: string,
  { body, headers }: ReturnType<typeof keyed>,
): Promise<{ events: Event[]; answer: Answer | null }> {
  const response = await fetch(`${url}/v1/responses`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(STREAM_MS),
  });
  if (response.status === 200) return { events: await readEvents(response), answer: null };
  const { status, headers: answered } = response;
  return { events: [], answer: { status, headers: answered, body: await response.json() } };
}

async function readEvents(response: Response): Promise<Event[]> {
  const text = await response.text();
  return text
    .split("\n")
    .filter((line) => line.startsWith("data: {"))
    .map((line) => JSON.parse(line.slice("data: ".length)) as Event);
}
