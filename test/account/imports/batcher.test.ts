import { describe, expect, it } from "vitest";

import type { Batch } from "../../../src/account/imports/apply.ts";
import { Batcher } from "../../../src/account/imports/batcher.ts";
import type { SessionRecord } from "../../../src/account/archive/format/record.ts";
import { recordHash } from "../../../src/account/archive/sessions/insert-record.ts";
import type { Line } from "../../../src/account/imports/line-reader.ts";

const MOST = { lines: 50, bad: 10, empty: 20 };
const SESSION = '{"type":"session","format":6,"session_id":"s"}';
const TURN = '{"type":"turn","input":"Hi"}';
const WRONG = '{"type":"turn","input":7}';
const tenth = (n: number) => (n % 10 === 0 ? SESSION.replace('"s"', `"s${n}"`) : TURN);

/** Reads lines without an end. @returns how many were taken from their source, and why no more */
async function read(line: (n: number) => string, before = 0) {
  let taken = 0;
  const batches: number[] = [];
  async function* lines(): AsyncGenerator<Line[]> {
    for (; taken < 1_000;) {
      taken += 1;
      yield [{ number: taken, text: line(taken) }];
    }
  }
  const batcher = new Batcher(0, { length: 1_000_000, line: before }, MOST);
  try {
    for await (const batch of batcher.batches(lines())) batches.push(batch.line);
  } catch (error) {
    return { taken, error };
  }
  return { taken, error: null };
}

const refused = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) as string });

describe("a body of lines", () => {
  it.each([
    ["that are no lines of the format", () => "1"],
    ["that are no JSON", () => "x"],
    ["of turns without a session", () => TURN],
    ["of wrong turns in one session", (n: number) => (n === 1 ? SESSION : WRONG)],
    ["of which every other is bad", (n: number) => (n % 2 === 0 ? "1" : SESSION)],
  ])("%s is read to its bound of bad lines", async (_what, line) => {
    const { taken, error } = await read(line);
    expect(error).toEqual(refused("import_rejected", "More than 10 lines"));
    expect(taken).toBeLessThanOrEqual(23);
  });

  it.each([
    ["blank", () => " "],
    ["an archive's index", () => '{"type":"index","members":[]}'],
  ])("that are %s is read to its bound of empty lines", async (_what, line) => {
    const { taken, error } = await read(line);
    expect(error).toEqual(refused("import_too_large", "A request takes 20 empty lines"));
    expect(taken).toBe(21);
  });

  it("is read to its bound of lines, and lines that are done with do not count", async () => {
    const tooLong = refused("import_too_large", "from line 55 on");
    expect(await read((n) => tenth(n + 5))).toEqual({
      taken: 51,
      error: refused("import_too_large", "from line 51 on"),
    });
    expect(await read((n) => (n < 5 ? " " : tenth(n + 5)), 4)).toEqual({
      taken: 55,
      error: tooLong,
    });
  });

  it.each([1, 800_000])(
    "comes as JSON of all its sessions, with texts of %i characters",
    async (long) => {
      const said = ["ü", "w", "€"].map((letter) => letter.repeat(long));
      const text = said.flatMap((input, at) => [
        SESSION.replace('"s"', `"s${at}"`),
        JSON.stringify({ type: "turn", input, created_at: "2026-06-01T10:00:00Z" }),
      ]);
      async function* lines(): AsyncGenerator<Line[]> {
        yield text.map((line, at) => ({ number: at + 1, text: line }));
      }
      const batcher = new Batcher(0, { length: 100_000_000, line: 0 });
      const batches: Batch[] = [];
      for await (const each of batcher.batches(lines())) batches.push(each);
      const [batch, ...more] = batches;
      expect(more).toEqual([]);
      const records = JSON.parse(new TextDecoder().decode(batch?.records)) as SessionRecord[];
      expect(records.map(({ session_id }) => session_id)).toEqual(["s0", "s1", "s2"]);
      expect(records.map(({ turns }) => turns[0]?.input === undefined)).toEqual([
        false,
        false,
        false,
      ]);
      expect(records.every(({ turns }, at) => turns[0]?.input === said[at])).toBe(true);
      expect(batch?.hashes).toEqual(records.map(recordHash));
    },
  );
});

const systemMessage = (n: number) => `${n} ${"m".repeat(250 * 1024)}`;

/** What is wrong with a session of 119 turns with these system messages. */
async function problemsWith(systemOf: (n: number) => string): Promise<string[]> {
  async function* lines(): AsyncGenerator<Line[]> {
    yield [{ number: 1, text: SESSION }];
    for (let n = 2; n <= 120; n += 1)
      yield [{ number: n, text: TURN.replace("}", `,"system":"${systemOf(n)}"}`) }];
  }
  const problems: string[] = [];
  const batcher = new Batcher(0, { length: 1e9, line: 0 }, { lines: 1e3, bad: 200, empty: 20 });
  for await (const batch of batcher.batches(lines()))
    problems.push(...batch.problems.map(({ code }) => code));
  return problems;
}

describe("a session of many system messages", () => {
  it("is refused by name beyond what a part takes, with them", async () => {
    expect(await problemsWith(systemMessage)).toEqual(["session_too_large"]);
  });

  it("is taken where its turns share them", async () => {
    expect(await problemsWith((n) => systemMessage(n % 2))).toEqual([]);
  });
});

const part = (number: number) =>
  `{"type":"session","format":14,"session_id":"s","part":{"number":${number},"before":${number - 1},"all":3},"turns":1}`;
const head = (id: string) => `{"type":"session","format":14,"session_id":"${id}","turns":2}`;

describe("a batch", () => {
  const long = `{"type":"turn","input":"${"ü".repeat(700_000)}"}`;

  it("comes when nothing else holds a line that is in it", async () => {
    const texts = [part(1), long, part(2), long, part(3), long];
    const all: Line[] = texts.map((text, index) => ({ number: index + 1, text }));
    async function* lines(): AsyncGenerator<Line[]> {
      yield all;
    }
    const held: number[][] = [];
    for await (const { line } of new Batcher(0, { length: 1_000, line: 0 }).batches(lines())) {
      const withText = all.filter((each) => "text" in each && each.text !== "");
      held.push([line, ...withText.map(({ number }) => number)]);
    }
    expect(held).toEqual([[2, 4, 5, 6], [4, 6], [6]]);
  });

  it("is a list of its sessions, short or long", async () => {
    const turns = [long, '{"type":"turn","input":"Hi"}'];
    async function* lines(): AsyncGenerator<Line[]> {
      const texts = ["a", "b", "c"].flatMap((id) => [head(id), ...turns]);
      yield texts.map((text, index) => ({ number: index + 1, text }));
    }
    for (const length of [1, 100_000_000]) {
      const found: SessionRecord[] = [];
      for await (const { records } of new Batcher(0, { length, line: 0 }).batches(lines()))
        found.push(...(JSON.parse(new TextDecoder().decode(records)) as SessionRecord[]));
      expect(found.map(({ session_id }) => session_id)).toEqual(["a", "b", "c"]);
      const inputs = found.flatMap((record) => record.turns.map(({ input }) => input.length));
      expect(inputs).toEqual([700_000, 2, 700_000, 2, 700_000, 2]);
    }
  });
});
