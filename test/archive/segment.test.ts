import { gunzipSync } from "node:zlib";

import { describe, expect, it } from "vitest";

import { RecordReader, recordLines } from "../../src/archive/record.ts";
import type { SessionRecord } from "../../src/archive/record.ts";
import { SegmentWriter, readMember } from "../../src/archive/segment.ts";
import type { Member, Segment } from "../../src/archive/segment.ts";
import { turnId } from "../../src/ids.ts";

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

  it("is NDJSON to whoever unzips the whole of it", () => {
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
    const newer = lines[0]?.replace('"format":6', '"format":7') ?? "";
    expect(() => new RecordReader("s1").read(newer)).toThrow("format 7");
  });

  it.each([1, 2, 3, 4, 5])("of format %i is read as ever", (format) => {
    const old = lines.join("\n").replace('"format":6', `"format":${format}`);
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
