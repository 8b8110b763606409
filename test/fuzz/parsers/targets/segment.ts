import { isDeepStrictEqual } from "node:util";

import { recordLines } from "../../../../src/account/archive/format/record-lines.ts";
import { RecordReader } from "../../../../src/account/archive/format/record.ts";
import type { SessionRecord } from "../../../../src/account/archive/format/record.ts";
import {
  SegmentWriter,
  indexOffset,
  readIndex,
  readMember,
} from "../../../../src/account/archive/format/segment.ts";
import { expect, refusable } from "../expect.ts";

/** An archive is read as it was written, or refused. What can be read is written again as the same. */
export function fuzz(data: Buffer): void {
  const text = data.toString("utf8");
  readForeign(data);
  const records = refusable(() => readAll(text));
  if (records === null) return;
  const lines = records.flatMap((record) => recordLines(record));
  const again = readAll(lines.join("\n"));
  expect(isDeepStrictEqual(again, records), "comes back as another");
  damage(lines, data);
}

function readAll(text: string): SessionRecord[] {
  const reader = new RecordReader(null);
  const records = reader.readAll(text).map(({ record }) => record);
  reader.end();
  return records;
}

/** Whatever lies where an index should: its members are read, or it is refused. */
function readForeign(data: Buffer): void {
  const members = refusable(() => readIndex(data, (data[0] ?? 0) % (data.length + 1)));
  for (const member of members ?? []) {
    const [offset, length] = member;
    refusable(() => readMember(data.subarray(offset, offset + length), member));
  }
}

/** One bit of a segment that is another is seen. */
function damage(lines: string[], data: Buffer): void {
  const writer = new SegmentWriter();
  writer.add(lines);
  const { bytes, members } = writer.finish();
  expect(
    isDeepStrictEqual(readIndex(bytes, indexOffset(members)), members),
    "has another index than it was given",
  );
  const at = data.length === 0 ? 0 : data.readUIntBE(0, Math.min(2, data.length));
  const hit = members.find(([offset, length]) => at >= offset && at < offset + length);
  if (!hit) return;
  const [offset, length] = hit;
  const stored = Buffer.from(bytes.subarray(offset, offset + length));
  expect(lines.join("\n").startsWith(readMember(stored, hit).slice(0, -1)), "reads other lines");
  stored[at - offset] = (stored[at - offset] ?? 0) ^ (1 << (at % 8));
  expect(refusable(() => readMember(stored, hit)) === null, "reads what is damaged");
}
