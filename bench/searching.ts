import { Client, get, post } from "./client.ts";
import { atMost, figure } from "./figure.ts";
import type { Figure } from "./figure.ts";
import type { Platform } from "./platform.ts";
import { fillOld } from "./purge.ts";
import { processorClock } from "./memory.ts";
import { median, quantile } from "./samples.ts";

const ACCOUNT = "searching";
/** Each the largest message that a turn takes. */
const LONG_TEXTS = 40;
const TEXT_BYTES = 256 * 1024;
/** Turns of words that are all different, of the most that an import may bring: the dearest to index. */
const DIFFERENT_TEXTS = 8;
const DIFFERENT_BYTES = 1_890_000;
const SEARCHERS = 4;
/** In ms: no call of one caller may keep another waiting for longer. */
const MAX_WAIT_MS = 50;

export interface SearchingPlan {
  sessions: number;
  forMs: number;
}

/** What took tens of seconds once: words that are everywhere, never together, and in texts of nothing else. */
const HOSTILE = [
  "a a a a a a a a",
  "la",
  "a b c d e f g h i j k l m n o p",
  "the of and to in",
  "la zebra",
  "wwww1 wwww2",
  "a".repeat(500),
];

/** How long turns of an account wait while the same account is searched by callers who mean harm, its first search too. */
export async function measureSearching(
  { product }: Platform,
  { sessions, forMs }: SearchingPlan,
): Promise<Figure[]> {
  await fillOld(product, ACCOUNT, sessions);
  const filling = await Client.open(product.url);
  for (let n = 0; n < LONG_TEXTS; n += 1) {
    const word = n % 2 === 0 ? "la " : `a${n} b c d e f g `;
    const query = word.repeat(Math.floor(TEXT_BYTES / word.length));
    await filling.send(post("/query", { query, accountId: ACCOUNT, session_id: `long-${n % 8}` }));
  }
  filling.close();
  await importDifferent(product.url);
  const alone = await probe(product.url, forMs / 4);
  const state = { over: false };
  const searchers = Array.from({ length: SEARCHERS }, (_none, n) =>
    searchOver(product.url, n, state),
  );
  const beside = await probe(product.url, forMs);
  state.over = true;
  const searches = (await Promise.all(searchers)).reduce((sum, count) => sum + count, 0);
  const name = "a turn beside hostile searches";
  const note = `${searches} searches by ${SEARCHERS} callers, the account's first among them`;
  return [
    figure("a turn of the same account, alone, longest", Math.max(...waitsOf(alone)), "ms"),
    ...processorFigures("a turn of the same account, alone", alone),
    figure(`${name}, p50`, median(waitsOf(beside)), "ms", note),
    figure(`${name}, p99`, quantile(waitsOf(beside), 0.99), "ms"),
    atMost(MAX_WAIT_MS, figure(`${name}, longest`, Math.max(...waitsOf(beside)), "ms")),
    ...processorFigures(name, beside),
  ];
}

const waitsOf = (turns: readonly Probed[]): number[] => turns.map(({ ms }) => ms);

/** What workerd itself did while a turn waited, and how long other programs kept it from the cores. Needs /proc. */
function processorFigures(name: string, turns: readonly Probed[]): Figure[] {
  const worked = turns.flatMap(({ worked: each }) => each ?? []);
  const inLine = turns.flatMap(({ inLine: each }) => each ?? []);
  if (worked.length === 0) return [];
  return [
    figure(`${name}, processor time, p99`, quantile(worked, 0.99), "ms"),
    figure(`${name}, processor time, longest`, Math.max(...worked), "ms"),
    figure(`${name}, in line for a core, longest`, Math.max(...inLine), "ms"),
  ];
}

async function importDifferent(url: URL): Promise<void> {
  const lines = Array.from({ length: DIFFERENT_TEXTS }, (_none, n) => {
    const words = Array.from({ length: DIFFERENT_BYTES / 10 }, (_word, at) =>
      (n * 1_000_000_000 + at * 4_099).toString(36).padStart(9, "w"),
    );
    return [
      { type: "session", format: 5, session_id: `different-${n}`, turns: 1 },
      { type: "turn", input: words.join(" "), output: "Yes." },
    ];
  });
  const body = lines.flat().map((line) => `${JSON.stringify(line)}\n`);
  const reply = await fetch(new URL(`/import?accountId=${ACCOUNT}&mode=skip_bad`, url), {
    method: "POST",
    body: body.join(""),
  });
  const { created } = await reply.json<{ created?: number }>();
  if (created !== DIFFERENT_TEXTS) throw new Error(`${created} long sessions were imported`);
}

interface Probed {
  /** How long the turn took. */
  ms: number;
  worked: number | null;
  inLine: number | null;
}

/** Turns one after the other, for so long. */
async function probe(url: URL, forMs: number): Promise<Probed[]> {
  const client = await Client.open(url);
  const turn = post("/query", {
    query: "What is 12 * 7?",
    accountId: ACCOUNT,
    session_id: "probe",
  });
  await client.send(turn);
  const clocks = [processorClock(), processorClock("inLine")] as const;
  const turns: Probed[] = [];
  const until = performance.now() + forMs;
  while (performance.now() < until) {
    const before = clocks.map((clock) => clock());
    const began = performance.now();
    await client.send(turn);
    const ms = performance.now() - began;
    const [worked = null, inLine = null] = clocks.map((clock, n) => {
      const [from, to] = [before[n] ?? null, clock()];
      return from === null || to === null ? null : to - from;
    });
    turns.push({ ms, worked, inLine });
  }
  client.close();
  return turns;
}

async function searchOver(url: URL, from: number, state: { over: boolean }): Promise<number> {
  const client = await Client.open(url);
  const queries = HOSTILE.map((q) =>
    get(`/search?accountId=${ACCOUNT}&limit=100&q=${encodeURIComponent(q)}`),
  );
  let count = 0;
  while (!state.over) {
    await client.send(queries[(from + count) % queries.length] as Buffer);
    count += 1;
  }
  client.close();
  return count;
}
