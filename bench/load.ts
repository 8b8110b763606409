import { Client, post } from "./client.ts";
import { median } from "./samples.ts";

export const LOAD_ACCOUNT = "load";
/** Each client talks in so many sessions in turn, so that their histories grow evenly and none waits for another. */
const SESSIONS_PER_CLIENT = 4;

export interface Round {
  latenciesMs: number[];
  perSecond: number;
}

const askIn = (session_id: string): Buffer =>
  post("/query", { query: "What is 12 * 7?", accountId: LOAD_ACCOUNT, session_id });

/** Something that answers `POST /query`, or another request in a session, under so many clients. */
export class Load {
  readonly #clients: Client[];
  readonly #requests: Buffer[][];
  readonly rounds: Round[] = [];

  /** @param request - made of a session's id; the sessions are made by `/query` */
  static async on(
    url: URL,
    clients: number,
    request?: (sessionId: string) => Buffer,
  ): Promise<Load> {
    const opened = await Promise.all(Array.from({ length: clients }, () => Client.open(url)));
    if (!request) return new Load(opened, askIn);
    const [first] = opened;
    for (const id of opened.flatMap((_, client) => sessionsOf(clients, client)))
      await first?.send(askIn(id));
    return new Load(opened, request);
  }

  private constructor(clients: Client[], request: (sessionId: string) => Buffer) {
    this.#clients = clients;
    this.#requests = clients.map((_, client) => sessionsOf(clients.length, client).map(request));
  }

  /** All clients at once, each as fast as it is answered. */
  async run(ms: number): Promise<Round> {
    const began = performance.now();
    const until = began + ms;
    const latencies = await Promise.all(
      this.#clients.map((client, index) => loop(client, this.#requests[index] ?? [], until)),
    );
    const latenciesMs = latencies.flat();
    const perSecond = (latenciesMs.length / (performance.now() - began)) * 1_000;
    return { latenciesMs, perSecond };
  }

  close(): void {
    for (const client of this.#clients) client.close();
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

async function loop(client: Client, requests: Buffer[], until: number): Promise<number[]> {
  const latencies: number[] = [];
  for (let sent = 0; ; sent += 1) {
    const began = performance.now();
    if (began >= until) return latencies;
    await client.send(requests[sent % requests.length] ?? Buffer.alloc(0));
    latencies.push(performance.now() - began);
  }
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
