import { describe, expect, it } from "vitest";

import { StreamSlots, inStreamSlot } from "../../src/http/stream-slots.ts";

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;
const REFUSAL = { code: "too_many_streams", retry_after_ms: 2_000 };

describe("the slots of an isolate's streams", () => {
  it("are refused when all are taken, and free again when a stream ends", () => {
    const slots = new StreamSlots(2);
    const first = slots.take(NOW);
    slots.take(NOW);
    expect(() => slots.take(NOW)).toThrow(expect.objectContaining(REFUSAL));
    first.end();
    first.end();
    const third = slots.take(NOW);
    expect(() => slots.take(NOW)).toThrow(expect.objectContaining(REFUSAL));
    third.end();
  });

  it("are given back by the time where the runtime ended the request of a stream", () => {
    const slots = new StreamSlots(2);
    const open = slots.take(NOW);
    slots.take(NOW);
    open.keep(NOW + MINUTE);
    expect(() => slots.take(NOW + 2 * MINUTE)).toThrow(expect.objectContaining(REFUSAL));
    const next = slots.take(NOW + 2 * MINUTE + 1);
    // The open one is still counted.
    expect(() => slots.take(NOW + 2 * MINUTE + 1)).toThrow(expect.objectContaining(REFUSAL));
    next.end();
    open.end();
    // A stream that is over is not counted again.
    open.keep(NOW + 3 * MINUTE);
    slots.take(NOW + 3 * MINUTE);
    slots.take(NOW + 3 * MINUTE);
  });

  it("are given back where the request fails before its stream begins", async () => {
    const failed = new Error("no turn");
    for (let at = 0; at < 1_000; at += 1)
      await expect(inStreamSlot(() => Promise.reject(failed))).rejects.toBe(failed);
    const slot = await inStreamSlot(async (taken) => taken);
    slot.end();
  });
});
