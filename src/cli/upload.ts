import { gzipSync } from "node:zlib";

import { z } from "zod";

import type { ImportReport } from "../account/imports/report.ts";
import { ndjson, unwrap } from "../client/index.ts";
import type { Client } from "./client.ts";
import type { Conversation, Found, Source } from "./source.ts";
import { Tally } from "./reading/tally.ts";
import { parseJson } from "../shared/json.ts";

/** Lines that go in one request, about, in UTF-16 units. */
const PIECE_LENGTH = 4 * 1024 * 1024;
/** So many of what was not taken are named. */
const MAX_REPORTED = 100;

/** The reply of `POST /import` and of `GET /imports/{id}`. */
export interface ImportReply extends ImportReport {
  import_id?: string;
  status?: string;
  checkpoint?: { line: number; position: string | null };
}

/** What becomes of a session whose id is taken. */
export type Conflict = "skip" | "replace" | "merge" | "fail";

export interface UploadOptions {
  dryRun: boolean;
  onConflict: Conflict;
  /** The import to begin, or to go on with. */
  importId: string;
  resume: boolean;
  /** Which source it is: what was begun with one is not gone on with another. */
  source: string;
}

/** The result of uploading a source. */
export interface Uploaded {
  /** Conversations that were found now, those of before an interruption not among them. */
  found: number;
  /** Conversations, and messages of them, that cannot be read. */
  unread: number;
  /** Conversations that could not be read, or were not taken, by their place in the source. */
  problems: { from: string; message: string }[];
  left_out: Tally;
  /** The place where each kind of what was left out was seen first. */
  examples: Record<string, string>;
  /** Ids that could not be one of ours: how many, and the first of them. */
  renamed: { sessions: number; first?: { from: string; to: string } };
  /** When the first and the last turn was begun, where the source tells; ISO 8601. */
  began: string | null;
  ended: string | null;
  report: ImportReply | null;
}

export interface Watch {
  onFound: (found: number) => void;
  /** Something was acknowledged: from here on it can be gone on with. */
  onSent: () => void;
}

/** Conversations whose lines go together. */
interface Piece {
  lines: string[];
  length: number;
  /** Where each of them comes from, by the number of its first line. */
  places: Map<number, string>;
  first: number;
  position: string | null;
}

/**
 * Reads a source to its end and posts it piece by piece, each whole conversations, or parts of long ones: the server keeps how far it is with
 * each piece, so that an import that goes on after an interruption sends nothing twice. One request at a time; the next piece is
 * read meanwhile.
 */
export async function upload(
  client: Client,
  source: Source,
  options: UploadOptions,
  watch: Watch,
): Promise<Uploaded> {
  const done: Uploaded = {
    found: 0,
    unread: 0,
    problems: [],
    left_out: new Tally(),
    examples: {},
    renamed: { sessions: 0 },
    began: null,
    ended: null,
    report: null,
  };
  const before = options.resume ? await resumed(client, options.importId) : null;
  let sending: Promise<void> = Promise.resolve();
  const send = async (piece: Piece, isLast: boolean) => {
    // A failure of the piece before ends the upload, and is thrown here.
    await sending;
    sending = post(client, options, piece, isLast, done).then(watch.onSent);
    // It is awaited later: until then it is no unhandled rejection.
    sending.catch(() => undefined);
  };
  const [line, position] = placeIn(before, options);
  let piece = pieceFrom(line + 1);
  for await (const found of source.read(position)) {
    if (piece.length >= PIECE_LENGTH) {
      await send(piece, false);
      piece = pieceFrom(piece.first + piece.lines.length);
    }
    add(piece, found, done);
    const isNext = "conversation" in found && (found.conversation.session.part?.number ?? 1) === 1;
    if (isNext) done.found += 1;
    watch.onFound(done.found);
  }
  await send(piece, true);
  await sending;
  return done;
}

/** How far the import is. @throws Error where there is nothing to go on with */
async function resumed(client: Client, importId: string): Promise<ImportReply> {
  const path = { import_id: importId };
  const reply = (await unwrap(
    client.GET("/imports/{import_id}", { params: { path } }),
  )) as ImportReply;
  if (reply.status === "complete") throw new Error(`The import ${importId} is complete.`);
  return reply;
}

/** Where the last piece ended of which all is done: its last line, and its place in the source. */
function placeIn(
  reply: ImportReply | null,
  { source, importId }: UploadOptions,
): [line: number, position: string | null] {
  const kept = reply?.checkpoint?.position ?? null;
  if (kept === null) return [0, null];
  const [line, position, of] = placeShape.parse(parseJson(kept));
  if (of === source) return [line, position];
  throw new Error(`The import ${importId} is of ${of}, not of ${source}.`);
}

/** The position that is kept with each piece: its last line, its place in the source, and which source that is. */
const placeShape = z.tuple([z.int(), z.string(), z.string()]);

const pieceFrom = (first: number): Piece => ({
  lines: [],
  length: 0,
  places: new Map(),
  first,
  position: null,
});

function add(piece: Piece, found: Found, done: Uploaded): void {
  piece.position = found.position;
  if ("problem" in found) {
    done.unread += 1;
    note(done, found.from, found.problem);
    return;
  }
  noteConversation(done, found.from, found.conversation);
  const lines = linesOf(found.conversation);
  piece.places.set(piece.first + piece.lines.length, found.from);
  piece.lines.push(...lines);
  piece.length += lines.reduce((sum, line) => sum + line.length, 0);
}

/** Notes a conversation for the report. */
function noteConversation(
  done: Uploaded,
  from: string,
  { session, turns, left_out }: Conversation,
): void {
  for (const [what, count] of Object.entries(left_out ?? {})) {
    done.left_out.add(what, count);
    if (!Object.hasOwn(done.examples, what)) done.examples[what] = from;
  }
  const source = session.metadata?.["source_session_id"];
  if (source !== undefined) {
    done.renamed.sessions += 1;
    done.renamed.first ??= { from: source, to: session.session_id };
  }
  for (const { created_at } of turns) {
    if (created_at === undefined) continue;
    if (done.began === null || created_at < done.began) done.began = created_at;
    if (done.ended === null || created_at > done.ended) done.ended = created_at;
  }
}

const linesOf = ({ session, versions = [], turns }: Conversation): string[] =>
  [{ ...session, turns: turns.length }, ...versions, ...turns].map((line) => JSON.stringify(line));

async function post(
  client: Client,
  { dryRun, onConflict, importId, source }: UploadOptions,
  piece: Piece,
  isLast: boolean,
  done: Uploaded,
): Promise<void> {
  const known = done.report?.problem_count ?? 0;
  const query = {
    mode: "skip_bad",
    on_conflict: onConflict,
    from_line: piece.first,
    ...(dryRun
      ? { dry_run: "true" as const }
      : { import_id: importId, more: `${!isLast}` as const }),
    ...(!dryRun && piece.position !== null && { position: placeAfter(piece, source) }),
  } as const;
  const reply = (await unwrap(
    client.POST("/import", { params: { query }, ...ndjson(bodyOf(piece.lines)) }),
  )) as ImportReply;
  // A dry run tells of one piece, an import of all so far.
  const fresh = dryRun
    ? reply.problems
    : reply.problems.slice(Math.min(known, reply.problems.length));
  for (const { line, message } of fresh) note(done, placeOf(piece, line), message);
  done.report = dryRun && done.report ? added(done.report, reply) : reply;
}

const placeAfter = ({ first, lines, position }: Piece, source: string): string =>
  JSON.stringify([first + lines.length - 1, position, source]);

/** Beyond it lines are sent plain: the server refuses a body that expands to 200 times its size. */
const MAX_EXPANSION = 100;

function bodyOf(lines: readonly string[]): Buffer<ArrayBuffer> {
  const plain = Buffer.from(lines.map((line) => `${line}\n`).join(""));
  const zipped = gzipSync(plain, { level: 3 });
  return zipped.length * MAX_EXPANSION < plain.length ? plain : zipped;
}

function placeOf({ places }: Piece, line: number): string {
  const [, from] = [...places].findLast(([first]) => first <= line) ?? [0, `line ${line}`];
  return from;
}

function note(done: Uploaded, from: string, message: string): void {
  if (done.problems.length < MAX_REPORTED) done.problems.push({ from, message });
}

/** Two reports of dry runs as one. */
function added(report: ImportReply, more: ImportReply): ImportReply {
  const sum = { ...report, skipped: { ...report.skipped } };
  for (const name of COUNTS) sum[name] += more[name];
  for (const name of Object.keys(sum.skipped) as (keyof ImportReport["skipped"])[])
    sum.skipped[name] += more.skipped[name];
  sum.not_taken = [...report.not_taken, ...more.not_taken].slice(0, MAX_REPORTED);
  sum.not_exported = [...report.not_exported, ...more.not_exported].slice(0, MAX_REPORTED);
  sum.unknown_assistants = [...new Set([...report.unknown_assistants, ...more.unknown_assistants])];
  return sum;
}

const COUNTS = [
  "lines",
  "sessions",
  "turns",
  "created",
  "replaced",
  "merged",
  "unchanged",
  "turns_written",
  "problem_count",
  "not_exported_count",
] as const;
