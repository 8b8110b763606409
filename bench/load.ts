import { Client, post } from "./client.ts";
import { median } from "./samples.ts";

export const LOAD_ACCOUNT = "load";
/** Each client talks in so many sessions in turn, so that their histories grow evenly and none waits for another. */
const SESSIONS_PER_CLIENT = 4;

export interface Round {
  latenciesMs: number[];
  perSecond: number;
  /** Processor time a request of what answers; 0 where nothing counts it. */
  cpuMs: number;
}

const askIn = (session_id: string): Buffer =>
  post("/query", { query: "What is 12 * 7?", accountId: LOAD_ACCOUNT, session_id });

/** What a client sends next. */
export type Next = () => Buffer;

/** Something that answers `POST /query`, or another request in a session, under so many clients. */
export class Load {
  readonly #url: URL;
  /** Of each client. */
  readonly #next: Next[];
  readonly #cpuMs: () => number;
  readonly rounds: Round[] = [];

  /** @param request - made of a session's id; the sessions are made by `/query` */
  static async on(
    url: URL,
    clients: number,
    request?: (sessionId: string) => Buffer,
  ): Promise<Load> {
    const ids = Array.from({ length: clients }, (_, client) => sessionsOf(clients, client));
    if (request) {
      const first = await Client.open(url);
      for (const id of ids.flat()) await first.send(askIn(id));
      first.close();
    }
    return new Load(
      url,
      ids.map((of) => inTurn(of.map(request ?? askIn))),
    );
  }

  /**
   * @param next - what each client sends, one after the other
   * @param cpuMs - the processor time so far of what answers
   */
  constructor(url: URL, next: Next[], cpuMs: () => number = () => 0) {
    this.#url = url;
    this.#next = next;
    this.#cpuMs = cpuMs;
  }

  /**
   * All clients at once, each as fast as it is answered. Their connections are new, since servers close those that rest
   * while others have their rounds; they are opened outside of the clock.
   */
  async run(ms: number): Promise<Round> {
    const opened = await Promise.all(
      this.#next.map(async (next) => ({ next, client: await Client.open(this.#url) })),
    );
    const cpuMs = this.#cpuMs();
    const began = performance.now();
    const until = began + ms;
    const latencies = await Promise.all(
      opened.map(({ client, next }) => loop(client, next, until)),
    );
    const seconds = (performance.now() - began) / 1_000;
    for (const { client } of opened) client.close();
    const latenciesMs = latencies.flat();
    const { length } = latenciesMs;
    return {
      latenciesMs,
      perSecond: length / seconds,
      cpuMs: (this.#cpuMs() - cpuMs) / length,
    };
  }

  get latenciesMs(): number[] {
    return this.rounds.flatMap((round) => round.latenciesMs);
  }
}

const sessionsOf = (clients: number, client: number): string[] =>
  Array.from(
    { length: SESSIONS_PER_CLIENT },
    (_, session) => `load_${clients}_${client}_${session}`,
  );

function inTurn(requests: Buffer[]): Next {
  let sent = 0;
  return () => requests[sent++ % requests.length] ?? Buffer.alloc(0);
}

async function loop(client: Client, next: Next, until: number): Promise<number[]> {
  const latencies: number[] = [];
  while (performance.now() < until) {
    const request = next();
    const began = performance.now();
    await client.send(request);
    latencies.push(performance.now() - began);
  }
  return latencies;
}

/** Rounds of all loads, side by side in time; every other one in reverse, so that no load always comes first. */
export async function interleave(loads: Load[], rounds: number, ms: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    for (const load of round % 2 === 0 ? loads : loads.toReversed()) {
      load.rounds.push(await load.run(ms));
    }
  }
}

/** The median, over the rounds, of what a pair of rounds that ran side by side says. */
export function paired(a: Load, b: Load, compare: (a: Round, b: Round) => number): number {
  return median(
    a.rounds.flatMap((round, index) => {
      const beside = b.rounds[index];
      return beside ? [compare(round, beside)] : [];
    }),
  );
}
