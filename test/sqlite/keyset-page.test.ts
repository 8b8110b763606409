import { describe, expect, it } from "vitest";

import { callId, turnId } from "../../src/shared/ids.ts";
import {
  messageId,
  pageMessages,
  pageTurns,
  readerOf,
} from "../../src/account/conversation/read-messages.ts";
import { pageOf, readPage } from "../../src/sqlite/keyset-page.ts";
import type { PageQuery } from "../../src/sqlite/keyset-page.ts";
import { THEN } from "../support/archive.ts";
import type { Turn } from "../../src/shared/turn.ts";

const LETTERS = "abcdefghijklmnopqrstuvwxyz".split("");
const page = (query: Partial<PageQuery>) => {
  const { data, has_more } = pageOf(LETTERS, { limit: 3, order: "asc", ...query }, (each) => each);
  return [data.join(""), has_more];
};
const TURNS: Turn[] = Array.from({ length: 30 }, (_, index) => ({
  id: turnId(1, index + 1),
  status: "completed",
  created_at: THEN,
  duration_ms: 1,
  model: null,
  input_tokens: null,
  output_tokens: null,
  input: `q${index + 1}`,
  output: index % 3 === 2 ? null : `a${index + 1}`,
  extra: {},
}));

const messages = (query: Partial<PageQuery>) => {
  const { data, has_more } = pageMessages(readerOf(TURNS), { limit: 4, order: "asc", ...query });
  return [data.map(({ message }) => message.content).join(" "), has_more];
};

const id = (seq: number, index: number) => messageId(callId(turnId(1, seq)), index);

const turns = (query: Partial<PageQuery>) =>
  pageTurns(readerOf(TURNS), { limit: 2, order: "asc", ...query }).data.map(({ input }) => input);

describe("a page", () => {
  it("goes from either end, in either order, and says whether there is more", () => {
    expect(page({})).toEqual(["abc", true]);
    expect(page({ order: "desc" })).toEqual(["zyx", true]);
    expect(page({ after: "c" })).toEqual(["def", true]);
    expect(page({ after: "w" })).toEqual(["xyz", false]);
    expect(page({ after: "x" })).toEqual(["yz", false]);
    expect(page({ after: "z" })).toEqual(["", false]);
    expect(page({ order: "desc", after: "d" })).toEqual(["cba", false]);
    expect(page({ before: "f" })).toEqual(["cde", true]);
    expect(page({ before: "d" })).toEqual(["abc", false]);
    expect(page({ order: "desc", before: "w" })).toEqual(["zyx", false]);
    expect(page({ order: "desc", before: "v" })).toEqual(["yxw", true]);
    expect(page({ limit: 26 })).toEqual([LETTERS.join(""), false]);
    expect(page({ limit: 25, order: "desc" })).toEqual([
      LETTERS.toReversed().slice(0, 25).join(""),
      true,
    ]);
  });

  it.each(["after", "before"] as const)("is none where %s names nothing", (param) => {
    expect(() => page({ [param]: "?" })).toThrow(
      expect.objectContaining({ code: "invalid_request", param }),
    );
  });

  it("ends before it is more than 16 MiB, with one element at least", () => {
    const asked: number[] = [];
    const read = (sizeOf: (element: number) => number) =>
      readPage(
        { limit: 20, order: "asc" },
        {
          cursorOf: Number,
          walk: (_, from: number | null, count) => {
            asked.push(count);
            return Array.from({ length: count }, (__, index) => (from ?? 0) + index + 1);
          },
          placeOf: (element) => element,
          sizeOf,
        },
      );
    const MIB = 1024 * 1024;
    expect(read(() => 4 * MIB)).toEqual({ data: [1, 2, 3, 4], has_more: true });
    expect(read(() => 17 * MIB)).toEqual({ data: [1], has_more: true });
    asked.length = 0;
    expect(read(() => 1).data).toHaveLength(20);
    // Ten at a time, and one more than was asked for.
    expect(asked).toEqual([10, 10, 1]);
  });
});

describe("a session's messages", () => {
  it("are told turn by turn, whether these have an answer or not", () => {
    expect(messages({})).toEqual(["q1 a1 q2 a2", true]);
    expect(messages({ after: id(2, 1) })).toEqual(["q3 q4 a4 q5", true]);
    expect(messages({ after: id(2, 0) })).toEqual(["a2 q3 q4 a4", true]);
    expect(messages({ after: id(29, 0) })).toEqual(["a29 q30", false]);
    expect(messages({ order: "desc" })).toEqual(["q30 a29 q29 a28", true]);
    expect(messages({ order: "desc", after: id(2, 1) })).toEqual(["q2 a1 q1", false]);
    expect(messages({ before: id(3, 0) })).toEqual(["q1 a1 q2 a2", false]);
  });

  it.each(["msg_", `${id(2, 0)}x`, `x${id(2, 0)}`, id(2, 0).replace("msg_", ""), "msg_!_0"])(
    "are not found by %s",
    (after) => {
      expect(() => messages({ after })).toThrow(expect.objectContaining({ param: "after" }));
    },
  );

  it("are turns where whole turns are asked for", () => {
    expect(turns({})).toEqual(["q1", "q2"]);
    expect(turns({ after: callId(turnId(1, 2)) })).toEqual(["q3", "q4"]);
    expect(turns({ order: "desc", after: callId(turnId(1, 3)) })).toEqual(["q2", "q1"]);
    expect(turns({ order: "desc" })).toEqual(["q30", "q29"]);
  });
});
