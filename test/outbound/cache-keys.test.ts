import { describe, expect, it } from "vitest";

import {
  cachePrefixes,
  embeddingKey,
  flightsKey,
  isCacheKey,
  queryKey,
} from "../../src/outbound/cache-keys.ts";

describe("a name in the cache", () => {
  const asked = {
    assistant: "a",
    models: ["m", "n"],
    instructions: null,
    question: "Who are you?",
  };

  it("is one for a question, however it is written, and by all that its answer hangs on", () => {
    const name = queryKey("u", asked);
    for (const question of ["who ARE  you?", " Who\n are you? ", "Who are\u00a0you?"])
      expect(queryKey("u", { ...asked, question })).toBe(name);
    const others = [
      queryKey("v", asked),
      queryKey("u", { ...asked, assistant: "b" }),
      queryKey("u", { ...asked, models: ["n", "m"] }),
      queryKey("u", { ...asked, instructions: "Be kind." }),
      queryKey("u", { ...asked, question: "Who are we?" }),
      queryKey("u", { ...asked, question: "Whoareyou?" }),
    ];
    expect(new Set([name, ...others]).size).toBe(7);
  });

  it("says whose it is, and of what kind", () => {
    const [query, embedding, flights] = [
      queryKey("u", asked),
      embeddingKey("u", "m", 3, "text"),
      flightsKey("p", { from: "NYC" }),
    ];
    expect([isCacheKey(query), isCacheKey(embedding), isCacheKey(flights)]).toEqual([
      true,
      true,
      false,
    ]);
    const [ofQuery, ofEmbedding] = cachePrefixes("u");
    expect([query.startsWith(ofQuery!), embedding.startsWith(ofEmbedding!)]).toEqual([true, true]);
    expect(cachePrefixes("u")).toHaveLength(2);
    expect(queryKey("v", asked).startsWith(ofQuery!)).toBe(false);
    const all = cachePrefixes();
    for (const [index, name] of [query, embedding, flights].entries())
      expect(name.startsWith(all[index]!)).toBe(true);
    expect(
      new Set([
        embedding,
        embeddingKey("u", "m", 4, "text"),
        embeddingKey("u", "n", 3, "text"),
        embeddingKey("u", "m", 3, "Text"),
      ]).size,
    ).toBe(4);
    expect(flightsKey("q", { from: "NYC" })).not.toBe(flights);
  });
});
