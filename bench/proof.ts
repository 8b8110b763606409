import { gzipSync } from "node:zlib";

import { proveLines } from "../src/account/archive/format/line-proof.ts";
import { recordLines } from "../src/account/archive/format/record-lines.ts";
import type { SessionRecord } from "../src/account/archive/format/record.ts";
import { turnId } from "../src/shared/ids.ts";
import type { Turn } from "../src/shared/turn.ts";
import { figure } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { median } from "./samples.ts";

const SESSIONS = 500;
const TURNS = 2;
const MESSAGE_LENGTH = 200;
const ROUNDS = 21;
const AT = Date.UTC(2026, 0, 1);

/** What it costs an archive that each of its lines is read back before rows are deleted: beside writing and compressing. */
export function measureProof(): Figure[] {
  const records = Array.from({ length: SESSIONS }, (_none, n) => recordOf(n + 1));
  const write = () =>
    records.map((record) => {
      const lines = recordLines(record);
      return { lines, bytes: gzipSync(lines.join("\n")).length };
    });
  const writeProven = () => {
    for (const { lines } of write()) proveLines(lines);
  };
  const ratios: number[] = [];
  const added: number[] = [];
  write();
  writeProven();
  for (let round = 0; round < ROUNDS; round += 1) {
    // Every other one in reverse.
    const order = round % 2 === 0 ? [write, writeProven] : [writeProven, write];
    const [first = 0, second = 0] = order.map(timeOf);
    const [plain, proven] = round % 2 === 0 ? [first, second] : [second, first];
    ratios.push(proven / plain);
    added.push(((proven - plain) / SESSIONS) * 1_000);
  }
  const of = `${SESSIONS} sessions of ${TURNS} turns; median of ${ROUNDS} pairs`;
  return [
    figure("lines and gzip with each line read back, to without", median(ratios), "ratio", of),
    figure("reading a session's lines back", median(added), "µs a session", of),
  ];
}

function timeOf(work: () => unknown): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

function recordOf(key: number): SessionRecord {
  const text = (n: number) =>
    `${key} ${n} ${"What they said. ".repeat(20)}`.slice(0, MESSAGE_LENGTH);
  const turns = Array.from({ length: TURNS }, (_none, n): Turn => ({
    id: turnId(key, n + 1),
    status: "completed",
    created_at: AT + n,
    duration_ms: 12,
    model: "local",
    input_tokens: 50,
    output_tokens: 50,
    input: text(n),
    output: text(n + TURNS),
    shown: 2 * n,
    extra: {},
  }));
  return {
    session_id: `session-${key}`,
    key,
    created_at: AT,
    accessed_at: AT,
    assistant: null,
    user_id: `user-${key}`,
    metadata: { topic: "billing" },
    turns,
  };
}
