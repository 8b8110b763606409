import { gzipSync } from "node:zlib";

import { describe, expect, it } from "vitest";

import { FORMAT } from "../../../src/account/archive/format/format.ts";
import { SegmentWriter } from "../../../src/account/archive/format/segment.ts";
import { allOf, saved } from "./found.ts";

const session = (session_id: string, turns?: number) => ({
  type: "session",
  format: 5,
  session_id,
  created_at: "2026-01-01T00:00:00.000Z",
  user_id: "ada",
  state: JSON.parse('{"__proto__":{"a":1}}') as unknown,
  ...(turns !== undefined && { turns }),
});
const turn = (input: string) => ({ type: "turn", created_at: "2026-01-01T00:00:01.000Z", input });
const part = (number: number, before: number) => ({ part: { number, before, all: 3 } });
const end = { type: "end", sessions: 2, turns: 3 };
const two = [session("a", 2), turn("1"), turn("2"), session("b", 1), turn("3")];
const lines = (values: unknown[]) => values.map((each) => `${JSON.stringify(each)}\n`).join("");
const told = async (content: string | Uint8Array) =>
  (await allOf("ndjson", await saved("export.ndjson", content))).map((found) =>
    "problem" in found
      ? [found.from, found.problem]
      : [found.from, found.conversation.session, ...found.conversation.turns],
  );
const WHOLE = [
  ["export.ndjson:1", ...two.slice(0, 3)],
  ["export.ndjson:4", ...two.slice(3)],
];

describe("a file of our own format", () => {
  it("keeps its lines as they are: an export, a segment of the archive, or lines without an end", async () => {
    expect(await told(lines([...two, end]))).toEqual(WHOLE);
    expect(await told(gzipSync(lines(two)))).toEqual(WHOLE);
    const writer = new SegmentWriter();
    writer.add(two.slice(0, 3).map((line) => JSON.stringify(line)));
    writer.add(two.slice(3).map((line) => JSON.stringify(line)));
    expect(await told(writer.finish().bytes)).toEqual(WHOLE);
  });

  it("counts a session once whose parts follow each other, and takes each of them", async () => {
    const parts = [
      { ...session("a", 2), ...part(1, 0) },
      turn("1"),
      turn("2"),
      { ...session("a", 1), ...part(2, 2) },
      turn("3"),
    ];
    const found = await told(lines([...parts, { ...end, sessions: 1 }]));
    expect(found).toEqual([
      ["export.ndjson:1", ...parts.slice(0, 3)],
      ["export.ndjson:4", ...parts.slice(3)],
    ]);
  });

  it("is refused at its end where its own count says that something is missing", async () => {
    const path = await saved("e.ndjson", lines([...two.slice(0, 3), end]));
    await expect(allOf("ndjson", path)).rejects.toThrow(
      "e.ndjson:4: is of 2 sessions and 3 turns, here are 1 and 2",
    );
  });

  it("names a session that an export lacks, and takes nothing that came of it", async () => {
    const skipped = { type: "skipped", session_id: "b", code: "archive_corrupt" };
    const holes = [...two, skipped, { ...end, skipped: 1 }];
    expect(await told(lines(holes))).toEqual([
      WHOLE[0],
      ["export.ndjson:6", "names session b, which could not be exported"],
    ]);
    const path = await saved("e.ndjson", lines([...two, skipped, end]));
    await expect(allOf("ndjson", path)).rejects.toThrow("e.ndjson:7: is without 0 sessions");
  });

  it("says what is wrong with the lines that count and name what an export lacks", async () => {
    const found = await told(
      lines([...two, { type: "skipped", session_id: "b" }, { type: "skipped", code: "x" }]),
    );
    expect(found.slice(1)).toEqual([
      ["export.ndjson:6", "code: takes 1 to 64 of a-z and _"],
      ["export.ndjson:7", "session_id: takes an id of 1 to 128 characters"],
    ]);
    const path = await saved("e.ndjson", lines([...two, { ...end, turns: "3" }]));
    await expect(allOf("ndjson", path)).rejects.toThrow(/^e\.ndjson:6: turns: [^[{]*$/);
  });

  it("names a session that is not whole, or not of the format, and goes on", async () => {
    const broken = lines(two.slice(0, 2)) + '{"type":"turn",\n' + lines(two.slice(3));
    expect(await told(broken)).toEqual([
      ["export.ndjson:1", expect.stringMatching(/^is no JSON/)],
      WHOLE[1],
    ]);
    expect(await told(lines([two[0], two[1], ...two.slice(3)]))).toEqual([
      ["export.ndjson:1", "has 1 of its 2 turns"],
      ["export.ndjson:3", ...two.slice(3)],
    ]);
    const strange = [
      turn("0"),
      { type: "other" },
      { ...session("c"), format: FORMAT + 1 },
      ...two.slice(3),
    ];
    expect((await told(lines(strange))).map(([, problem]) => problem).slice(0, 3)).toEqual([
      "is a turn with no session line before it",
      "is neither a session line nor a turn line",
      `is of format ${FORMAT + 1}: the latest known is ${FORMAT}`,
    ]);
  });

  it("resumes exactly after any place and assigns a named user", async () => {
    const path = await saved("e.ndjson", lines(two));
    const [first, second] = await allOf("ndjson", path, { user: "eve" });
    expect(first).toMatchObject({ conversation: { session: { user_id: "eve", turns: 2 } } });
    expect(await allOf("ndjson", path, { user: "eve" }, first?.position)).toEqual([second]);
  });
});
