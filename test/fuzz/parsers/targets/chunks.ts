import { isDeepStrictEqual } from "node:util";

import { assemble, parseChunk } from "../../../../src/account/calls/assemble.ts";
import type { Chunk } from "../../../../src/account/calls/assemble.ts";

import { expect } from "../expect.ts";

/** Lines of a streamed completion, as others send them: whatever they are, what they say comes together, once. */
export function fuzz(data: Buffer): void {
  const chunks = data.toString("utf8").split("\n").flatMap(chunkIn);
  const whole = assemble(chunks);
  const said = whole.choices.map(({ message }) => message.content ?? "").join("");
  const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta?.content ?? ""));
  expect(said.length === deltas.join("").length, "says more or less than its chunks");
  const places = whole.choices.map(({ index }) => index);
  expect(new Set(places).size === places.length, "answers twice in one place");
  expect(isDeepStrictEqual(JSON.parse(JSON.stringify(whole)), whole), "is no JSON");
}

function chunkIn(line: string): Chunk[] {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return [];
  }
  const chunk = parseChunk(json);
  return chunk ? [chunk] : [];
}
