import { randomBytes } from "node:crypto";

import { Client, get, post } from "./client.ts";
import type { Collections } from "./collections.ts";
import { CoreWaits } from "./core-waits.ts";
import { atMost, figure } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { send } from "./persistence.ts";
import type { Platform, Target } from "./platform.ts";
import { fillOld } from "./purge.ts";
import { processorClock } from "./memory.ts";
import { median, quantile } from "./samples.ts";
import type { Piece } from "./search-pieces.ts";

const ACCOUNT = "searching";
/** Each the largest message that a turn takes. */
const LONG_TEXTS = 40;
const TEXT_BYTES = 256 * 1024;
/** Turns of words that are all different, of the most that an import may bring: the dearest to index. */
const DIFFERENT_TEXTS = 8;
const DIFFERENT_BYTES = 1_890_000;
const LARGEST_TEXT_BYTES = 4_000_000;
/** In base64 they are 12 MB. */
const PICTURE_BYTES = 9_000_000;
const SEARCHERS = 4;
/** In ms: no search may keep other calls waiting for longer. */
const MAX_PIECE_MS = 50;

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

/**
 * How long a search works without giving up the thread, asked by callers who mean harm, the account's first search among
 * them. And how long turns of the same account wait meanwhile, and wait alone.
 */
export async function measureSearching(
  { product, floor, collections }: Platform,
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
  await addLargest(product);
  const alone = await probe(product.url, lasting(forMs / 4));
  const state = { over: false, first: 0 };
  const coreWaits = await CoreWaits.start();
  const searchers = Array.from({ length: SEARCHERS }, (_none, n) =>
    searchOver(product.url, n, state),
  );
  // The first searches index the account.
  await probe(product.url, () => state.first === SEARCHERS);
  const beside = await probe(product.url, lasting(forMs));
  state.over = true;
  const searches = (await Promise.all(searchers)).reduce((sum, count) => sum + count, 0);
  await coreWaits.stop();
  const pieces = await product.door("search_pieces", ACCOUNT, {});
  await collections.tellAll(floor);
  return [
    ...pieceFigures(
      pieces,
      { coreWaits, collections },
      `${searches} searches by ${SEARCHERS} callers`,
    ),
    ...waitFigures("a turn of the same account, alone", alone, collections),
    ...waitFigures("a turn beside hostile searches", beside, collections),
  ];
}

function pieceFigures(
  pieces: readonly Piece[],
  { coreWaits, collections }: { coreWaits: CoreWaits; collections: Collections },
  note: string,
): Figure[] {
  const clock = pieces.map(({ began, ended }) => ended - began);
  const worked = pieces.flatMap(({ began, ended }) => coreWaits.workedWithin(began, ended) ?? []);
  // Where there is no /proc, by the clock.
  const without = pieces.map(
    ({ began, ended }) =>
      (coreWaits.workedWithin(began, ended) ?? ended - began) - collections.within(began, ended),
  );
  const name = "a piece of a search";
  return [
    figure("pieces of searches", pieces.length, "pieces", note),
    figure(`${name}, p50`, median(clock), "ms"),
    figure(`${name}, p99`, quantile(clock, 0.99), "ms"),
    figure(`${name}, longest`, Math.max(...clock), "ms"),
    ...(worked.length === 0
      ? []
      : [figure(`${name}, processor time, longest`, Math.max(...worked), "ms")]),
    atMost(
      MAX_PIECE_MS,
      figure("the same, without V8's collections of the whole heap", Math.max(...without), "ms"),
    ),
  ];
}

function waitFigures(name: string, turns: readonly Probed[], collections: Collections): Figure[] {
  const waits = turns.map(({ ms }) => ms);
  return [
    figure(`${name}, p50`, median(waits), "ms"),
    figure(`${name}, p99`, quantile(waits, 0.99), "ms"),
    figure(`${name}, longest`, Math.max(...waits), "ms"),
    ...processorFigures(name, turns, collections),
  ];
}

/** What workerd itself did while a turn waited, and how long other programs kept it from the cores. Needs /proc. */
function processorFigures(
  name: string,
  turns: readonly Probed[],
  collections: Collections,
): Figure[] {
  const worked = turns.flatMap(({ worked: each }) => each ?? []);
  const inLine = turns.flatMap(({ inLine: each }) => each ?? []);
  if (worked.length === 0) return [];
  return [
    figure(`${name}, processor time, p99`, quantile(worked, 0.99), "ms"),
    figure(`${name}, processor time, longest`, Math.max(...worked), "ms"),
    figure(
      "the same, without V8's collections of the whole heap",
      Math.max(
        ...turns.map(
          ({ began, ms, worked: own }) => (own ?? ms) - collections.within(began, began + ms),
        ),
      ),
      "ms",
    ),
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

/** The largest turn that a request may write: its text is indexed in parts, and a hit in it reads all of it. */
async function addLargest(product: Target): Promise<void> {
  const words = Array.from({ length: LARGEST_TEXT_BYTES / 10 }, (_, n) =>
    (n * 4_099).toString(36).padStart(9, "x"),
  );
  const picture = randomBytes(PICTURE_BYTES).toString("base64");
  const content = [
    { type: "input_text", text: `la ${words.join(" ")}` },
    { type: "input_image", image_url: `data:image/png;base64,${picture}` },
  ];
  await send(product, ACCOUNT, "POST", "/v1/conversations/long-0/items", {
    items: [{ type: "message", role: "user", content }],
  });
}

interface Probed {
  /** In ms since the epoch. */
  began: number;
  /** How long the turn took. */
  ms: number;
  worked: number | null;
  inLine: number | null;
}

function lasting(ms: number): () => boolean {
  const until = performance.now() + ms;
  return () => performance.now() >= until;
}

/** Turns one after the other. */
async function probe(url: URL, isOver: () => boolean): Promise<Probed[]> {
  const client = await Client.open(url);
  const turn = post("/query", {
    query: "What is 12 * 7?",
    accountId: ACCOUNT,
    session_id: "probe",
  });
  await client.send(turn);
  const clocks = [processorClock(), processorClock("inLine")] as const;
  const turns: Probed[] = [];
  while (!isOver()) {
    const before = clocks.map((clock) => clock());
    const began = performance.now();
    await client.send(turn);
    const ms = performance.now() - began;
    const [worked = null, inLine = null] = clocks.map((clock, n) => {
      const [from, to] = [before[n] ?? null, clock()];
      return from === null || to === null ? null : to - from;
    });
    turns.push({ began: performance.timeOrigin + began, ms, worked, inLine });
  }
  client.close();
  return turns;
}

async function searchOver(
  url: URL,
  from: number,
  state: { over: boolean; first: number },
): Promise<number> {
  const client = await Client.open(url);
  const queries = HOSTILE.map((q) =>
    get(`/search?accountId=${ACCOUNT}&limit=100&q=${encodeURIComponent(q)}`),
  );
  let count = 0;
  while (!state.over) {
    await client.send(queries[(from + count) % queries.length] as Buffer);
    if (count === 0) state.first += 1;
    count += 1;
  }
  client.close();
  return count;
}
