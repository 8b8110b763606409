import { describe, expect, it } from "vitest";

import { EventStream } from "../../src/http/event-stream.ts";

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

describe("a stream of events", () => {
  it("writes what is sent without a pause at once, and the rest in its order", async () => {
    const stream = new EventStream();
    const reader = stream.body.getReader();
    stream.send("one,");
    stream.send("two,");
    const first = await reader.read();
    stream.send("");
    stream.send("three");
    const closed = stream.close();
    const second = await reader.read();
    expect([text(first.value), text(second.value)]).toEqual(["one,two,", "three"]);
    expect((await reader.read()).done).toBe(true);
    await closed;
  });

  it("keeps what a slow reader has not taken, and says when all is taken", async () => {
    const stream = new EventStream();
    const reader = stream.body.getReader();
    for (let at = 0; at < 1_000; at += 1) {
      stream.send(`${at};`);
      if (at % 100 === 0) await scheduler.wait(0);
    }
    let isTaken = false;
    const taken = stream.taken().then(() => (isTaken = true));
    await scheduler.wait(0);
    expect(isTaken).toBe(false);
    let all = "";
    let reads = 0;
    for (; !all.endsWith("999;"); reads += 1) all += text((await reader.read()).value);
    await taken;
    expect(all.split(";")).toHaveLength(1_001);
    // One write was under way; all that came meanwhile was the next.
    expect(reads).toBe(2);
    expect(stream.isGone).toBe(false);
  });

  it("drops what is sent to a client that has left", async () => {
    const stream = new EventStream();
    const reader = stream.body.getReader();
    stream.send("one");
    await reader.read();
    await reader.cancel();
    stream.send("two");
    await stream.taken();
    expect(stream.isGone).toBe(true);
    stream.send("three");
    await stream.close();
  });

  it("is not held by a client that leaves without taking what was sent", async () => {
    const stream = new EventStream();
    const reader = stream.body.getReader();
    stream.send("one");
    const closed = stream.close();
    await reader.cancel();
    await closed;
    expect(stream.isGone).toBe(true);
  });
});
