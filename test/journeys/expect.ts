import { setTimeout as sleep } from "node:timers/promises";

/** A journey that did not end where it should have. */
export class Astray extends Error {}

export function expect(right: boolean, what: string): asserts right {
  if (!right) throw new Astray(what);
}

/** Asks again until it is so. @throws Astray after `withinMs` */
export async function eventually<T>(
  what: string,
  withinMs: number,
  look: () => Promise<T | null>,
): Promise<T> {
  const until = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== null) return seen;
    expect(Date.now() < until, `${what}: not within ${withinMs / 1_000} s`);
    await sleep(200);
  }
}
