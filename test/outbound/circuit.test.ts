import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";

import {
  CircuitOpenError,
  circuitStates,
  readCircuits,
  resetCircuit,
  throughCircuit,
} from "../../src/outbound/circuit-breaker.ts";
import { MAX_FAILURES, OPEN_MS, admit, closedCircuit, record } from "../../src/outbound/circuit.ts";
import type { CallResult, Circuit } from "../../src/outbound/circuit.ts";
import { setClockOffset, clockOffset } from "../support/clock.ts";

const TRIAL_MS = 10_000;

/** A circuit after a row of calls, each ended before the next began. */
function after(results: readonly CallResult[], start = closedCircuit(), now = 0): Circuit {
  let circuit = start;
  for (const result of results) {
    const [, admitted] = admit(circuit, now, TRIAL_MS);
    circuit = record(admitted, result, now, admitted.changes);
  }
  return circuit;
}

const FAILED = Array.from({ length: MAX_FAILURES }, () => "failure" as const);

describe("a circuit's state", () => {
  it("opens after five failures in a row, and calls in between that say nothing count for none", () => {
    expect(after(FAILED.slice(1)).until).toBeNull();
    expect(after([...FAILED.slice(1), "success", ...FAILED.slice(1)]).until).toBeNull();
    expect(after([...FAILED.slice(1), "undecided", "failure"])).toMatchObject({
      failures: 5,
      until: OPEN_MS,
    });
  });

  it("refuses while it is open, then admits one call, however many ask", () => {
    const open = after(FAILED);
    expect(admit(open, OPEN_MS - 1, TRIAL_MS)[0]).toBe("refused");
    const [first, halfOpen] = admit(open, OPEN_MS, TRIAL_MS);
    expect(first).toBe("trial");
    for (let n = 0; n < 20; n += 1) expect(admit(halfOpen, OPEN_MS, TRIAL_MS)[0]).toBe("refused");
  });

  it("closes after a trial that works, and opens again after one that fails", () => {
    const [, trial] = admit(after(FAILED), OPEN_MS, TRIAL_MS);
    expect(record(trial, "success", OPEN_MS, trial.changes)).toMatchObject({
      failures: 0,
      until: null,
    });
    expect(record(trial, "failure", OPEN_MS + 5, trial.changes)).toMatchObject({
      failures: 6,
      until: 2 * OPEN_MS + 5,
    });
  });

  it("lets another call try after a trial that decided nothing, or never ended", () => {
    const [, trial] = admit(after(FAILED), OPEN_MS, TRIAL_MS);
    const left = record(trial, "undecided", OPEN_MS + 1, trial.changes);
    expect(left.until).not.toBeNull();
    expect(admit(left, OPEN_MS + 1, TRIAL_MS)[0]).toBe("trial");
    expect(admit(trial, OPEN_MS + TRIAL_MS - 1, TRIAL_MS)[0]).toBe("refused");
    const [again, second] = admit(trial, OPEN_MS + TRIAL_MS, TRIAL_MS);
    expect(again).toBe("trial");
    // The first trial ends at last, and decides nothing any more.
    expect(record(second, "success", OPEN_MS + TRIAL_MS, trial.changes)).toBe(second);
  });

  it("is not changed by a call that began before it opened", () => {
    const open = after(FAILED);
    expect(record(open, "success", 5, 0)).toBe(open);
    expect(record(open, "failure", 5, 0)).toBe(open);
  });
});

const lines: Record<string, unknown>[] = [];
afterEach(() => {
  lines.length = 0;
  vi.restoreAllMocks();
});

const guarded = (name: string, call: () => Promise<string>, result: "failure" | "undecided") =>
  throughCircuit(env, name, { resultOf: () => result, timeoutMs: 1_000, call });

const fail = () => Promise.reject(new Error("down"));

describe("calls through a circuit", () => {
  it("are exactly one of twenty after 30 s, and the log follows the circuit", async () => {
    vi.spyOn(console, "log").mockImplementation(
      (line: unknown) => void lines.push(JSON.parse(String(line))),
    );
    const name = `openai/${crypto.randomUUID()}`;
    for (let n = 0; n < MAX_FAILURES; n += 1)
      await guarded(name, fail, "failure").catch(() => undefined);
    setClockOffset(clockOffset() + OPEN_MS);
    let calls = 0;
    const { promise: gate, resolve } = Promise.withResolvers<string>();
    const slow = () => {
      calls += 1;
      return gate;
    };
    const all = Array.from({ length: 20 }, () => guarded(name, slow, "failure"));
    const refused = await Promise.allSettled(all.slice(1));
    expect(refused.map((each) => each.status === "rejected" && each.reason)).toEqual(
      Array.from({ length: 19 }, () => expect.any(CircuitOpenError)),
    );
    resolve("works");
    expect([await all[0], calls]).toEqual(["works", 1]);
    const events = lines.filter(({ circuit }) => circuit === name).map(({ event }) => event);
    expect(events).toEqual(["circuit.opened", "circuit.half_open", "circuit.closed"]);
    expect(await guarded(name, async () => "again", "failure")).toBe("again");
  });

  it("of one model leave the others of its provider alone, and are all reset by its name", async () => {
    const provider = `p${crypto.randomUUID().slice(0, 8)}`;
    for (const name of [`${provider}/a`, `${provider}/b`]) {
      for (let n = 0; n < MAX_FAILURES; n += 1)
        await guarded(name, fail, "failure").catch(() => undefined);
    }
    expect(await guarded(`${provider}/c`, async () => "works", "failure")).toBe("works");
    await expect(guarded(`${provider}/a`, fail, "failure")).rejects.toBeInstanceOf(
      CircuitOpenError,
    );
    await expect
      .poll(async () => (await readCircuits(env)).filter((each) => each.name.startsWith(provider)))
      .toHaveLength(2);
    expect(await resetCircuit(env, provider)).toBe(true);
    for (const model of ["a", "b"])
      expect(await guarded(`${provider}/${model}`, async () => "works", "failure")).toBe("works");
  });

  it("are listed as open, as half open once they may be tried, or as closed", () => {
    const open = { name: "b", opened_at: 0, until: 10, failures: 5 };
    expect(circuitStates(["a", "b"], [open], 9)).toEqual([
      { name: "a", state: "closed", failures: 0, opened_at: null, until: null },
      { ...open, state: "open" },
    ]);
    expect(circuitStates(["b"], [open], 10)).toEqual([{ ...open, state: "half_open" }]);
  });
});
