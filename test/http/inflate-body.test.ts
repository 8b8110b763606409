import { describe, expect, it } from "vitest";

import { Client } from "../support/client.ts";

async function gzip(text: string): Promise<Uint8Array> {
  const compressed = new Response(text).body?.pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(compressed ?? null).arrayBuffer());
}

const send = (body: Uint8Array | string, encoding: string) =>
  new Client().post("/v1/responses", { body, headers: { "content-encoding": encoding } });

describe("a compressed body", () => {
  const asked = JSON.stringify({ model: "local", input: "What is 6 * 7?" });

  it("is inflated", async () => {
    expect(await send(await gzip(asked), "gzip")).toMatchObject({
      status: 200,
      body: { status: "completed" },
    });
  });

  it("is refused where it is too large, damaged, or compressed otherwise", async () => {
    const long = await gzip(" ".repeat(17 * 1024 * 1024));
    expect(long.byteLength).toBeLessThan(32 * 1024);
    const refused = [
      await send(long, "gzip"),
      await send(asked, "gzip"),
      await send(asked, "br"),
    ].map(({ status, body }) => [status, body.error.code]);
    expect(refused).toEqual([
      [413, "body_too_large"],
      [400, "invalid_gzip"],
      [415, "unsupported_encoding"],
    ]);
  });
});
