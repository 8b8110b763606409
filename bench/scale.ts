import { Client, post } from "./client.ts";
import { epochMs } from "./collections.ts";
import { atMost, figure } from "./figure.ts";
import type { Figure } from "./figure.ts";
import type { Platform } from "./platform.ts";
import { median } from "./samples.ts";
import { fillForScale, scaleCalls } from "./scale-calls.ts";
import type { ScaleCall } from "./scale-calls.ts";
import { mostOf, waitingBeside } from "./waiting.ts";
import type { Waited } from "./waiting.ts";

/** How much smaller the account is that the other is compared with. */
const TIMES_SMALLER = 10;
/** In ms: no call of one caller may keep another waiting for longer. */
const MAX_WAIT_MS = 50;
/** Enough for V8 to collect the whole heap. */
const BARE_REQUESTS = 40_000;

interface Measured extends ScaleCall, Omit<Waited<unknown>, "result"> {
  messages: number;
}

/** Calls that read much of an account, in a small and in a large one, and how long turns of the same account wait meanwhile. */
export async function measureScale(platform: Platform, messages: number): Promise<Figure[]> {
  const small = await measureAccount(platform, messages / TIMES_SMALLER);
  const large = await measureAccount(platform, messages);
  const bare = await bareFigure(platform);
  await platform.collections.tellAll(platform.floor);
  for (const { name, messages: of, without } of [...small, ...large]) {
    const { longest, work } = without();
    console.error(
      `${of} messages, ${name}, without collections: longest ${longest.toFixed(1)} ms, work ${work?.toFixed(1)}`,
    );
  }
  const calls = large.flatMap((call, index) => figuresOf(call, small[index] as Measured));
  return [...calls, bare()];
}

/** A bare Hono POST that inserts a row, one after the other: what V8's collections make of the simplest Worker. */
async function bareFigure({ floor, collections }: Platform): Promise<() => Figure> {
  const client = await Client.open(floor);
  const request = post("/query", { query: "What is 12 * 7?", session_id: "bare" });
  const start = epochMs();
  let longest = 0;
  for (let n = 0; n < BARE_REQUESTS; n += 1) {
    const began = performance.now();
    await client.send(request);
    longest = Math.max(longest, performance.now() - began);
  }
  const end = epochMs();
  client.close();
  return () => {
    const took = collections.between(start, end).map((ms) => ms.toFixed(0));
    return figure(
      `a bare Worker's request, longest of ${BARE_REQUESTS.toLocaleString("en")}`,
      longest,
      "ms",
      took.length === 0 ? "" : `V8 collected the whole heap in ${took.join(", ")} ms`,
    );
  };
}

function figuresOf(call: Measured, small: Measured): Figure[] {
  const { name, messages, ms, longest, p99, maxMs, done } = call;
  const at = `${name}, at ${messages.toLocaleString("en")} messages`;
  const smallRate = done && ((small.done?.many ?? 0) / small.ms) * 1_000;
  const rate = done && (done.many / ms) * 1_000;
  const { longest: longestWithout, work } = call.without();
  const took = figure(
    at,
    ms,
    "ms",
    rate !== undefined && smallRate !== undefined
      ? `${rate.toFixed(0)} ${done?.of} a second, ${(rate / smallRate).toFixed(2)} × of a ${TIMES_SMALLER}th`
      : `${(ms / small.ms).toFixed(2)} × of a ${TIMES_SMALLER}th`,
  );
  return [
    maxMs === undefined ? took : atMost(maxMs, took),
    figure(
      "a turn beside it, longest",
      longest,
      "ms",
      `p99 ${p99.toFixed(1)}; at a ${TIMES_SMALLER}th ${small.longest.toFixed(1)}`,
    ),
    atMost(
      MAX_WAIT_MS,
      figure(
        "the same, without V8's collections of the whole heap",
        longestWithout,
        "ms",
        [
          ...(work === null ? [] : [`processor time ${work.toFixed(1)} at most`]),
          `at a ${TIMES_SMALLER}th ${small.without().longest.toFixed(1)}`,
        ].join("; "),
      ),
    ),
  ];
}

async function measureAccount(platform: Platform, messages: number): Promise<Measured[]> {
  const { product } = platform;
  const account = `scale_${messages}`;
  await fillForScale(product, account, messages);
  const client = await Client.open(product.url);
  const measured: Measured[] = [];
  for (const call of scaleCalls(product, account, messages, client)) {
    const all: Waited<unknown>[] = [];
    for (let n = 0; n < (call.times ?? 1); n += 1) {
      await call.before?.();
      all.push(await waitingBeside(platform, account, call.call));
    }
    const waited = together(all);
    measured.push({ ...call, ...waited, messages });
    const { ms, longest, work } = waited;
    console.error(
      `${messages} messages, ${call.name}: ${ms.toFixed(1)} ms, longest ${longest.toFixed(1)}, work ${work?.toFixed(1)}`,
    );
  }
  client.close();
  return measured;
}

/** How long it took at the median, and what was waited for at most. */
function together(all: readonly Waited<unknown>[]): Omit<Waited<unknown>, "result"> {
  return {
    ms: median(all.map(({ ms }) => ms)),
    p99: Math.max(...all.map(({ p99 }) => p99)),
    longest: Math.max(...all.map(({ longest }) => longest)),
    work: mostOf(all.map(({ work }) => work)),
    without: () => {
      const without = all.map((each) => each.without());
      return {
        longest: Math.max(...without.map(({ longest }) => longest)),
        work: mostOf(without.map(({ work }) => work)),
      };
    },
  };
}
