import { Client } from "./client.ts";
import { atMost, figure } from "./figure.ts";
import type { Figure } from "./figure.ts";
import type { Platform, Target } from "./platform.ts";
import { fillForScale, scaleCalls } from "./scale-calls.ts";
import type { ScaleCall } from "./scale-calls.ts";
import { waitingBeside } from "./waiting.ts";

/** How much smaller the account is that the other is compared with. */
const TIMES_SMALLER = 10;
/** In ms: no call of one caller may keep another waiting for longer. */
const MAX_WAIT_MS = 50;

interface Measured extends ScaleCall {
  ms: number;
  p99: number;
  longest: number;
  work: number | null;
}

/** Calls that read much of an account, in a small and in a large one, and how long turns of the same account wait meanwhile. */
export async function measureScale({ product }: Platform, messages: number): Promise<Figure[]> {
  const small = await measureAccount(product, messages / TIMES_SMALLER);
  const large = await measureAccount(product, messages);
  return large.flatMap((call, index) => {
    const before = small[index] as Measured;
    return figuresOf(call, before, messages);
  });
}

function figuresOf(call: Measured, small: Measured, messages: number): Figure[] {
  const { name, ms, longest, p99, maxMs, done } = call;
  const at = `${name}, at ${messages.toLocaleString("en")} messages`;
  const smallRate = done && ((small.done?.many ?? 0) / small.ms) * 1_000;
  const rate = done && (done.many / ms) * 1_000;
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
    atMost(
      MAX_WAIT_MS,
      figure(
        "a turn beside it, longest",
        longest,
        "ms",
        `p99 ${p99.toFixed(1)}; at a ${TIMES_SMALLER}th ${small.longest.toFixed(1)}`,
      ),
    ),
  ];
}

async function measureAccount(product: Target, messages: number): Promise<Measured[]> {
  const account = `scale_${messages}`;
  await fillForScale(product, account, messages);
  const client = await Client.open(product.url);
  const measured: Measured[] = [];
  for (const call of scaleCalls(product, account, messages, client)) {
    await call.before?.();
    const { ms, p99, longest, work } = await waitingBeside(product.url, account, call.call);
    measured.push({ ...call, ms, p99, longest, work });
    console.error(
      `${messages} messages, ${call.name}: ${ms.toFixed(1)} ms, longest ${longest.toFixed(1)}, work ${work?.toFixed(1)}`,
    );
  }
  client.close();
  return measured;
}
