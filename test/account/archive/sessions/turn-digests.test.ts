import { describe, expect, it } from "vitest";

import { TurnDigests } from "../../../../src/account/archive/sessions/turn-digests.ts";
import { turnId } from "../../../../src/shared/ids.ts";
import type { Turn } from "../../../../src/shared/turn.ts";

const turn = (seq: number, more: Partial<Turn> = {}, key = 1): Turn => ({
  id: turnId(key, seq),
  status: "completed",
  created_at: seq,
  duration_ms: 1,
  model: null,
  input_tokens: null,
  output_tokens: null,
  input: `Question ${seq}`,
  output: "Yes.",
  extra: {},
  ...more,
});

describe("digests of turns", () => {
  it("tell whether a turn is the same, or asks the same, whatever key its session has", () => {
    const digests = new TurnDigests();
    expect([digests.length, digests.lastSeq, digests.hasSeq(0)]).toEqual([0, 0, false]);
    for (const seq of [1, 3]) digests.add(turn(seq));
    expect([digests.length, digests.lastSeq]).toEqual([2, 3]);
    expect([0, 1, 2, -1].map((place) => digests.seqAt(place))).toEqual([
      1,
      3,
      undefined,
      undefined,
    ]);
    const told = (place: number, other: Turn) => [
      digests.isAt(place, other),
      digests.asksAt(place, other),
    ];
    expect(told(1, turn(3, {}, 2 ** 33 - 1))).toEqual([true, true]);
    expect(told(1, turn(3, { output: "No." }))).toEqual([false, true]);
    expect(told(1, turn(4, { created_at: 3, input: "Question 3" }))).toEqual([false, true]);
    expect(told(1, turn(3, { input: "Another" }))).toEqual([false, false]);
    expect(told(0, turn(3))).toEqual([false, false]);
    expect(told(2, turn(3))).toEqual([false, false]);
  });

  it("are of many turns, each of which is found by its number", () => {
    const digests = new TurnDigests();
    // More than two chunks, and every third number.
    const seqs = Array.from({ length: 9_000 }, (_, place) => place * 3 + 1);
    for (const seq of seqs) digests.add(turn(seq));
    expect(digests.length).toBe(9_000);
    expect(seqs.every((seq, place) => digests.seqAt(place) === seq)).toBe(true);
    expect(seqs.every((seq) => digests.hasSeq(seq) && !digests.hasSeq(seq + 1))).toBe(true);
    expect(seqs.every((seq, place) => digests.isAt(place, turn(seq)))).toBe(true);
    expect(digests.isAt(4_096, turn(1))).toBe(false);
  });
});
