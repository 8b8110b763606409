import { describe, expect, it } from "vitest";

import { bodyText, replyText } from "../../src/outbound/bounded-fetch.ts";

const tooLarge = () => new Error("too large");

function bodyOf(chunks: readonly Uint8Array[], onCancel = () => {}) {
  const left = [...chunks];
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = left.shift();
      if (next) controller.enqueue(next);
      else controller.close();
    },
    cancel: onCancel,
  });
}

const replyOf = (text: string, headers: Record<string, string>) =>
  new Response(bodyOf([new TextEncoder().encode(text)]), { headers });

describe("the text of a bounded body", () => {
  it("is whole, also where a character comes in two reads", async () => {
    const bytes = new TextEncoder().encode("é😀");
    for (let at = 0; at <= bytes.length; at += 1) {
      const body = bodyOf([bytes.slice(0, at), bytes.slice(at)]);
      expect(await bodyText(body, bytes.length, tooLarge)).toBe("é😀");
    }
    expect(await bodyText(null, 0, tooLarge)).toBe("");
  });

  it("is refused with one byte too many, and the body is let go", async () => {
    let isCancelled = false;
    const body = bodyOf([new Uint8Array(5), new Uint8Array(5), new Uint8Array(5)], () => {
      isCancelled = true;
    });
    await expect(bodyText(body, 9, tooLarge)).rejects.toThrow("too large");
    expect(isCancelled).toBe(true);
  });

  it("fails where the body breaks off", async () => {
    const broken = new Error("reset");
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(broken),
    });
    await expect(bodyText(body, 9, tooLarge)).rejects.toBe(broken);
  });
});

describe("the text of a reply that tells its length", () => {
  it("is read as a whole", async () => {
    const reply = replyOf("é😀", { "content-length": "6" });
    expect(await replyText(reply, 6, tooLarge)).toBe("é😀");
  });

  it("is refused where it is too long, or inflates to too much, or tells no length", async () => {
    const [long, packed, chunked] = [
      replyOf("seven b", { "content-length": "7" }),
      replyOf("seven b", { "content-length": "2", "content-encoding": "gzip" }),
      replyOf("seven b", {}),
    ];
    for (const reply of [long, packed, chunked])
      await expect(replyText(reply, 6, tooLarge)).rejects.toThrow("too large");
  });
});
