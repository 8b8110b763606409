import { describe, expect, it } from "vitest";

import { eventsIn, readEvents } from "../../src/models/read-events.ts";

const LIMITS = { maxBytes: 1_000, tooLong: () => new Error("too long") };

/** A body of these chunks, each of which is one read. */
function bodyOf(chunks: readonly (string | Uint8Array)[], isOpen = false) {
  const encoder = new TextEncoder();
  const left = [...chunks];
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = left.shift();
      if (next !== undefined)
        controller.enqueue(typeof next === "string" ? encoder.encode(next) : next);
      else if (!isOpen) controller.close();
    },
  });
}

async function dataOf(...chunks: (string | Uint8Array)[]): Promise<[string, boolean][]> {
  const all: [string, boolean][] = [];
  await readEvents(bodyOf(chunks), LIMITS, (...each) => all.push(each));
  return all;
}

describe("the events of a body", () => {
  it.each([
    ["line feeds", "data: a\n\ndata: b\n\n"],
    ["both", "data: a\r\n\r\ndata: b\r\n\r\n"],
    ["carriage returns", "data: a\r\rdata: b\r\r"],
    ["comments between them", ": hi\n\ndata: a\n\n: hi\n\ndata:b\n\n"],
    ["other fields", "event: x\nid: 1\ndata: a\n\nretry: 5\n\nfoo: bar\ndata: b\n\n"],
    ["a byte order mark", "\u{FEFF}data: a\n\ndata: b\n\n"],
  ])("are the same with %s, however the bytes arrive", async (_, text) => {
    const bytes = new TextEncoder().encode(text);
    const whole = [
      ["a", true],
      ["b", true],
    ];
    expect(await dataOf(text)).toEqual(whole);
    for (let at = 1; at < bytes.length; at += 1)
      expect((await dataOf(bytes.slice(0, at), bytes.slice(at))).map(([data]) => data)).toEqual([
        "a",
        "b",
      ]);
  });

  it("have characters that came in two reads, and data of several lines", async () => {
    const bytes = new TextEncoder().encode("data: 😀é\ndata: x\n\n");
    for (let at = 1; at < bytes.length; at += 1)
      expect(await dataOf(bytes.slice(0, at), bytes.slice(at))).toEqual([["😀é\nx", true]]);
  });

  it("end with one that was cut off, which says so", async () => {
    expect(await dataOf("data: a\n\nda", "ta: b")).toEqual([
      ["a", true],
      ["b", false],
    ]);
    const found: [string, boolean][] = [];
    eventsIn("data: a\n\ndata: b", (...each) => found.push(each));
    expect(found).toEqual([
      ["a", true],
      ["b", false],
    ]);
  });

  it("are passed on before the next read", async () => {
    const order: string[] = [];
    const chunks = ["data: 1\n\ndata: 2\n\n", "data: 3\n\n"];
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          const next = chunks.shift();
          order.push("read");
          if (next === undefined) controller.close();
          else controller.enqueue(new TextEncoder().encode(next));
        },
      },
      { highWaterMark: 0 },
    );
    await readEvents(body, LIMITS, (data) => order.push(data));
    expect(order).toEqual(["read", "1", "2", "read", "3", "read"]);
  });

  it("are bounded, all together", async () => {
    const long = `data: ${"x".repeat(500)}\n\n`;
    await expect(dataOf(long)).resolves.toHaveLength(1);
    await expect(dataOf(long, long)).rejects.toThrow("too long");
  });

  it("are read no further once the signal is aborted, also where the body stays open", async () => {
    const aborted = new AbortController();
    const seen: string[] = [];
    const body = bodyOf(["data: a\n\n"], true);
    await readEvents(body, { ...LIMITS, signal: aborted.signal }, (data) => {
      seen.push(data);
      setTimeout(() => aborted.abort(), 0);
    });
    expect(seen).toEqual(["a"]);
  });

  it("are read no further where one is refused, and the body is let go", async () => {
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode("data: a\n\n"));
      },
      cancel() {
        isCancelled = true;
      },
    });
    const refused = new Error("refused");
    await expect(
      readEvents(body, LIMITS, () => {
        throw refused;
      }),
    ).rejects.toBe(refused);
    expect(isCancelled).toBe(true);
  });
});
