import { gunzipSync, gzipSync } from "node:zlib";

import { describe, expect, it } from "vitest";

import { FORMAT } from "../../../../src/account/archive/format/format.ts";
import { recordLines } from "../../../../src/account/archive/format/record-lines.ts";
import { RecordReader } from "../../../../src/account/archive/format/record.ts";
import type { SessionRecord } from "../../../../src/account/archive/format/record.ts";
import {
  SegmentWriter,
  indexOffset,
  parseMembers,
  readIndex,
  readMember,
} from "../../../../src/account/archive/format/segment.ts";
import type { Member, Segment } from "../../../../src/account/archive/format/segment.ts";
import { ApiError } from "../../../../src/shared/errors.ts";
import { turnId } from "../../../../src/shared/ids.ts";

const record = (n: number, turns = 3): SessionRecord => ({
  session_id: `s${n}`,
  key: n,
  created_at: 1_700_000_000_001,
  accessed_at: 1_700_000_000_999,
  assistant: null,
  user_id: n % 2 === 0 ? "u" : null,
  metadata: n % 3 === 0 ? { a: "b" } : {},
  turns: Array.from({ length: turns }, (_, index) => ({
    id: turnId(n, index + 1),
    status: index === 1 ? "failed" : "completed",
    created_at: 1_700_000_000_123,
    duration_ms: 5,
    model: "local",
    input_tokens: null,
    output_tokens: 2,
    input: `${n}.${index} ${"word ".repeat(50)}`,
    output: index === 1 ? null : [{ type: "message", role: "assistant", content: "items" }],
    extra: index === 1 ? { error: { code: "model_failed", message: "no" } } : {},
  })),
});

function segmentOf(records: SessionRecord[]): Segment & { begins: number[] } {
  const writer = new SegmentWriter();
  const begins = records.map((each) => writer.add(recordLines(each)));
  return { ...writer.finish(), begins };
}

const memberBytes = (bytes: Uint8Array, [offset, length]: Member) =>
  bytes.subarray(offset, offset + length);

function readRecord(
  { bytes, members }: Segment,
  sessionId: string,
  begins: number,
): SessionRecord | null {
  const reader = new RecordReader(sessionId);
  for (const member of members.slice(begins)) {
    const found = reader.read(readMember(memberBytes(bytes, member), member));
    if (found) return found;
  }
  return null;
}

describe("a segment", () => {
  const records = Array.from({ length: 300 }, (_, n) => record(n + 1, n % 5));
  const segment = segmentOf(records);

  it("gives every record back as it was", () => {
    for (const [index, each] of records.entries()) {
      expect(readRecord(segment, each.session_id, segment.begins[index] ?? 0)).toEqual(each);
    }
  });

  it("is NDJSON once the whole file is unzipped", () => {
    const lines = gunzipSync(segment.bytes).toString().trimEnd().split("\n");
    const types = lines.map((line) => (JSON.parse(line) as { type: string }).type);
    expect(types.filter((type) => type === "session")).toHaveLength(300);
    expect(types.filter((type) => type === "turn")).toHaveLength(600);
    expect(JSON.parse(lines.at(-1) ?? "")).toEqual({ type: "index", members: segment.members });
  });

  it("keeps members small, so that reading one session inflates little", () => {
    expect(segment.members.length).toBeGreaterThan(2);
    for (const member of segment.members) {
      expect(readMember(memberBytes(segment.bytes, member), member).length).toBeLessThanOrEqual(
        64 * 1024,
      );
    }
  });

  it("is the same, byte for byte, when it is written again", () => {
    expect(segmentOf(records).bytes).toEqual(segment.bytes);
  });

  it("tells every flipped bit and every cut of a member", () => {
    const [member] = segment.members;
    const bytes = memberBytes(segment.bytes, member as Member);
    for (let n = 0; n < 2_000; n += 1) {
      const at = (n * 7_919) % bytes.length;
      const altered = bytes.map((byte, index) => (index === at ? byte ^ (1 << (n % 8)) : byte));
      expect(() => readMember(altered, member as Member)).toThrow("damaged");
      expect(() => readMember(bytes.subarray(0, at), member as Member)).toThrow("damaged");
    }
  });
});

const textOf = ({ bytes }: Segment, member: Member, open?: (stored: Uint8Array) => Uint8Array) =>
  readMember(memberBytes(bytes, member), member, open);
const flip = (bytes: Uint8Array) => bytes.map((byte) => byte ^ 255);
const SEALED = { seal: flip, open: flip };
const line = (length: number) => "x".repeat(length - 1);
const refusedAs = (what: string): unknown =>
  expect.objectContaining({ message: expect.stringContaining(what) });
const tried = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

/** How many lines each member has. */
const shapeOf = (...sessions: number[][]) => {
  const writer = new SegmentWriter();
  const begins = sessions.map((lengths) => writer.add(lengths.map(line)));
  const segment = writer.finish();
  const lines = segment.members.map((each) => textOf(segment, each).split("\n").length - 1);
  return { begins, lines };
};

describe("a member", () => {
  it("is filled up to 64 KiB, and not beyond", () => {
    const KIB = 1024;
    expect(shapeOf([32 * KIB], [32 * KIB])).toEqual({ begins: [0, 0], lines: [2] });
    expect(shapeOf([32 * KIB], [32 * KIB + 1])).toEqual({ begins: [0, 1], lines: [1, 1] });
    expect(shapeOf([KIB], [60 * KIB, 60 * KIB])).toEqual({ begins: [0, 1], lines: [1, 1, 1] });
    expect(shapeOf([KIB, 60 * KIB, 60 * KIB, KIB], [KIB])).toEqual({
      begins: [0, 1],
      lines: [2, 3],
    });
  });

  it("holds at least one line, however long that is", () => {
    expect(shapeOf([100_000, 100_000])).toEqual({ begins: [0], lines: [1, 1] });
    expect(shapeOf()).toEqual({ begins: [], lines: [] });
  });

  it("is sealed, and read with what opens it", () => {
    const writer = new SegmentWriter(SEALED.seal, SEALED.open);
    writer.add(["first", "sec\u00f6nd"]);
    writer.rewrite(["third"]);
    const segment = writer.finish();
    expect(segment.members.map((each) => textOf(segment, each, SEALED.open))).toEqual([
      "third\n",
      "first\nsec\u00f6nd\n",
    ]);
    expect(readIndex(segment.bytes, indexOffset(segment.members), SEALED.open)).toEqual(
      segment.members,
    );
    expect(tried(() => textOf(segment, segment.members[0]!))).toBeInstanceOf(Error);
  });

  it("of another length or another hash is damaged, and says so", () => {
    const writer = new SegmentWriter();
    writer.add(["first"]);
    const segment = writer.finish();
    const [member] = segment.members;
    const [offset, length, hash] = member!;
    const stored = memberBytes(segment.bytes, member!);
    expect(
      [
        [offset, length + 1, hash],
        [offset, length, "0".repeat(64)],
      ].map((wrong) => tried(() => readMember(stored, wrong as Member))),
    ).toEqual([refusedAs("checksum"), refusedAs("checksum")]);
  });

  it("inflates to no more than a turn may have", () => {
    const bomb = gzipSync(Buffer.alloc(32 * 1024 * 1024 + 1));
    const writer = new SegmentWriter();
    writer.copy(bomb);
    const segment = writer.finish();
    expect(tried(() => textOf(segment, segment.members[0]!))).toBeInstanceOf(Error);
    const most = gzipSync(Buffer.alloc(32 * 1024 * 1024));
    const whole = new SegmentWriter();
    whole.copy(most);
    const { bytes, members } = whole.finish();
    expect(textOf({ bytes, members }, members[0]!)).toHaveLength(32 * 1024 * 1024);
  });
});

describe("a segment that is written again", () => {
  it("copies unchanged members and rewrites the others, in their order", () => {
    const old = segmentOf([record(1)]);
    const writer = new SegmentWriter();
    writer.rewrite([]);
    writer.copy(memberBytes(old.bytes, old.members[0]!));
    writer.rewrite(["a", "b"]);
    const fresh = writer.finish();
    expect(fresh.members.map((each) => textOf(fresh, each))).toEqual([
      "",
      textOf(old, old.members[0]!),
      "a\nb\n",
    ]);
    expect(fresh.members[1]!.slice(1)).toEqual(old.members[0]!.slice(1));
  });

  it("tells how much it has taken, before and after it is compressed", () => {
    const writer = new SegmentWriter();
    const sizes = () => [writer.textLength, writer.pendingBytes, writer.compressedBytes];
    expect(sizes()).toEqual([0, 0, 0]);
    writer.add([line(1_000), line(500)]);
    expect(sizes()).toEqual([1_500, 1_500, 0]);
    writer.add([line(65_000)]);
    const [text, pending, compressed] = sizes();
    expect([text, pending! - compressed!]).toEqual([66_500, 65_000]);
    expect(compressed).toBeGreaterThan(0);
    const { bytes } = writer.finish();
    expect(writer.compressedBytes).toBe(bytes.length);
    expect(writer.textLength).toBe(66_500);
  });
});

const indexOf = (value: unknown) => () => readIndex(gzipSync(JSON.stringify(value)), 0);
const locked = () => {
  throw Object.assign(new Error("locked"), { code: "archive_locked" });
};

describe("the index of a segment", () => {
  it("follows the last member and tells where each one lies", () => {
    const { bytes, members } = segmentOf([record(1), record(2)]);
    expect(readIndex(bytes, indexOffset(members))).toEqual(members);
    expect(parseMembers(JSON.stringify(members))).toEqual(members);
    const empty = segmentOf([]);
    expect([indexOffset([]), readIndex(empty.bytes, 0)]).toEqual([0, []]);
  });

  it("that is none is damaged, and says why", () => {
    const { bytes, members } = segmentOf([record(1)]);
    expect(
      [
        () => readIndex(bytes, 0),
        () => readIndex(bytes, indexOffset(members) + 1),
        indexOf({ type: "end", members: [] }),
        indexOf({ type: "index" }),
        indexOf({ type: "index", members: [[0, 1]] }),
        indexOf({ type: "index", members: [[0.5, 1, "x"]] }),
        () => readIndex(bytes, 0, locked),
      ].map(tried),
    ).toEqual(Array.from({ length: 7 }, () => refusedAs("no index")));
    const refusal = new ApiError("archive_locked", "locked");
    const refusing = () => {
      throw refusal;
    };
    expect(tried(() => readIndex(bytes, 0, refusing))).toBe(refusal);
    for (const wrong of ["{}", "[[1]]", "[[0,1,2]]", '[["0",1,"x"]]'])
      expect(tried(() => parseMembers(wrong))).toBeInstanceOf(Error);
  });
});

describe("a record", () => {
  const lines = recordLines(record(1));

  it.each([
    ["a missing line", () => [lines[0], lines[1]]],
    ["a line that is not JSON", () => [lines[0], "{", lines[2]]],
    ["a turn of another shape", () => [lines[0], '{"type":"turn"}']],
    ["an unknown field", () => [lines[0], `${lines[1]?.slice(0, -1)},"more":1}`]],
    ["a foreign call_id", () => [lines[0], lines[1]?.replace(/call_\w+/, "call_ZZ")]],
  ])("with %s is refused", (_, altered) => {
    const read = () => new RecordReader("s1").read(altered().join("\n")) ?? "incomplete";
    expect([tryRead(read)]).toEqual([expect.stringMatching(/incomplete|archive_corrupt/)]);
  });

  it("of a newer format is refused by its version", () => {
    const newer = lines[0]?.replace(`"format":${FORMAT}`, `"format":${FORMAT + 1}`) ?? "";
    expect(() => new RecordReader("s1").read(newer)).toThrow(`format ${FORMAT + 1}`);
  });

  it.each([1, 2, 3, 4, 5, 6, 7])("of format %i is read as ever", (format) => {
    const old = lines.join("\n").replace(`"format":${FORMAT}`, `"format":${format}`);
    expect(old).toContain(`"format":${format}`);
    expect(new RecordReader("s1").read(old)).toEqual(record(1));
  });

  it("comes back with all that a session may have", () => {
    const whole = {
      ...record(1),
      role: "client",
      facts: ["likes tea"],
      state: JSON.parse('{"__proto__":1,"a":{"b":[null]}}') as Record<string, unknown>,
      state_version: 3,
      summary: { text: "They met.", turn: "call_mh35" },
    };
    const back = new RecordReader("s1").read(recordLines(whole).join("\n"));
    expect(back).toEqual(whole);
    expect(JSON.stringify(back?.state)).toBe('{"__proto__":1,"a":{"b":[null]}}');
  });
});

function tryRead(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return (error as { code: string }).code;
  }
}
