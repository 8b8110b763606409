import { isDeepStrictEqual } from "node:util";

import { recordLines } from "../../../../src/account/archive/format/record-lines.ts";
import type { SessionRecord } from "../../../../src/account/archive/format/record.ts";
import { turnId } from "../../../../src/shared/ids.ts";
import { LineReader } from "../../../../src/account/imports/line-reader.ts";
import type { Line } from "../../../../src/account/imports/line-reader.ts";
import { SessionReader } from "../../../../src/account/imports/record-reader.ts";
import type { Problem } from "../../../../src/account/imports/import-line.ts";
import type { ReadSession } from "../../../../src/account/imports/record-reader.ts";
import { expect, refusable } from "../expect.ts";

const NOW = Date.UTC(2026, 10, 1);
const KEY = 7;

/** Lines are the same however their bytes are cut; each session is whole or named as a problem; and an export of it is imported as the same. */
export function fuzz(data: Buffer): void {
  const lines = refusable(() => linesOf([data]));
  if (lines === null) return;
  const cut = data.length === 0 ? 0 : (data[0] ?? 0) % data.length;
  const pieces = [data.subarray(0, cut), data.subarray(cut)];
  // The encoding is told from the first two bytes of a piece.
  if (cut >= 2) expect(isDeepStrictEqual(linesOf(pieces), lines), "other lines where it is cut");

  const { sessions, problems, read } = readAll(lines);
  expect(read.sessions >= sessions.length, "more sessions than came");
  expect(sessions.length > 0 || read.problems > 0 || read.sessions === 0, "a session goes unsaid");
  expect(
    problems.every(({ line }) => line >= 1 && line <= lines.length),
    "a problem in a line that is not there",
  );
  for (const { json, hash } of sessions) {
    const text = json.join("");
    expect(text.isWellFormed(), "half a character is stored");
    const record = JSON.parse(text) as SessionRecord;
    const { untimed: _, ...whole } = record;
    const turns = record.turns.map((turn) => ({ ...turn, id: turnId(KEY, turn.id) }));
    const exported = recordLines({ ...whole, key: KEY, turns });
    const again = readAll(linesOf([Buffer.from(exported.join("\n"))]));
    expect(again.problems.length === 0, `its export is refused: ${again.problems[0]?.message}`);
    expect(again.sessions.length === 1, "its export is another session");
    expect(again.sessions[0]?.hash === hash, "its export is imported as another");
  }
}

function linesOf(pieces: readonly Buffer[]): Line[] {
  const reader = new LineReader();
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
}

function readAll(lines: readonly Line[]) {
  const reader = new SessionReader(NOW, true);
  const sessions: ReadSession[] = [];
  for (const line of lines) sessions.push(...one(reader.push(line)));
  sessions.push(...one(reader.finish()));
  const problems: Problem[] = reader.notes.takeProblems(Infinity);
  return { sessions, problems, read: reader.settled };
}

const one = (session: ReadSession | null): ReadSession[] => (session ? [session] : []);
