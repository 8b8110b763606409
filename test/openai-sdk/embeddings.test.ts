import { describe, expect, it } from "vitest";

import { openai } from "./client.ts";

const length = (vector: readonly number[]) =>
  Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
const product = (one: readonly number[], other: readonly number[]) =>
  one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);

const dot = (a: number[] = [], b: number[] = []) =>
  a.reduce((sum, each, index) => sum + each * (b[index] ?? 0), 0);

describe("embeddings", () => {
  it("are the same as numbers and as the base64 that the client asks for", async () => {
    const client = openai();
    const asked = { model: "local", input: "A cat sat on the mat." };
    const numbers = await client.embeddings.create({ ...asked, encoding_format: "float" });
    const [vector] = numbers.data.map(({ embedding }) => embedding);
    expect(numbers).toMatchObject({ object: "list", model: "local", data: [{ index: 0 }] });
    expect(numbers.usage.total_tokens).toBe(numbers.usage.prompt_tokens);
    expect(numbers.usage.prompt_tokens).toBeGreaterThan(0);
    expect(length(vector ?? [])).toBeCloseTo(1);
    const decoded = await client.embeddings.create(asked);
    expect(decoded.data[0]?.embedding).toEqual([...new Float32Array(vector ?? [])]);
    const raw = await client.embeddings.create({ ...asked, encoding_format: "base64" });
    expect(typeof raw.data[0]?.embedding).toBe("string");
  });

  it("are made of a list, one for each text in its order", async () => {
    const client = openai();
    const input = ["cats and dogs", "stocks and bonds", "dogs and cats", "cats and dogs"];
    const { data } = await client.embeddings.create({ model: "local", input });
    expect(data.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    const [cats = [], stocks = [], dogs = [], again = []] = data.map(({ embedding }) => embedding);
    expect(again).toEqual(cats);
    expect(product(cats, dogs)).toBeGreaterThan(product(cats, stocks));
    for (const [index, text] of input.entries()) {
      const alone = await client.embeddings.create({ model: "local", input: text });
      expect(alone.data[0]?.embedding).toEqual(data[index]?.embedding);
    }
  });

  it("have as many dimensions as are asked for", async () => {
    const client = openai();
    for (const dimensions of [8, 64]) {
      const asked = { model: "local", input: "A cat", dimensions };
      const { data } = await client.embeddings.create(asked);
      expect(data[0]?.embedding).toHaveLength(dimensions);
    }
  });

  it("are made of tokens, and by the names that old clients have", async () => {
    const client = openai();
    const model = "text-embedding-ada-002";
    const made = await client.embeddings.create({
      model,
      input: [
        [1, 2, 3],
        [1, 2, 4],
        [7, 8, 9],
      ],
    });
    expect(made).toMatchObject({ model, usage: { prompt_tokens: 9 } });
    const [one, near, far] = made.data.map(({ embedding }) => embedding);
    expect(dot(one, near)).toBeGreaterThan(dot(one, far));
    const alone = await client.embeddings.create({ model, input: [1, 2, 3] });
    expect(alone.data[0]?.embedding).toEqual(one);
    expect((await client.models.retrieve(model)).id).toBe(model);
  });

  it("are refused with the name of what is wrong", async () => {
    const client = openai();
    const wrong: [object, number, string][] = [
      [{ input: "" }, 400, "input"],
      [{ input: [] }, 400, "input"],
      [{ dimensions: 0 }, 400, "dimensions"],
      [{ model: "none" }, 404, "model"],
      [{ encoding_format: "hex" }, 400, "encoding_format"],
    ];
    for (const [more, status, param] of wrong) {
      const refused = client.embeddings.create({ model: "local", input: "A cat", ...more });
      await expect(refused).rejects.toMatchObject({ status, param });
    }
  });
});
