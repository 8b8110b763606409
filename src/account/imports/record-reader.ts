import { TURNS_PER_SESSION } from "../../shared/ids.ts";
import { headHash } from "../archive/sessions/insert-record.ts";
import { parseAndDrop } from "./import-line.ts";
import type { EndLine, Fault, Problem, SessionLine, TurnLine } from "./import-line.ts";
import {
  newSystemBytes,
  missingLines,
  newReading,
  readTurn,
  recordOf,
  seqIn,
  tooLargeIn,
  wrongInFacts,
  wrongInSession,
  wrongInSystem,
} from "./imported-record.ts";
import type { Reading } from "./imported-record.ts";
import { LineNotes } from "./line-notes.ts";
import type { Line } from "./line-reader.ts";

/** Limit of the JSON of a session, or of a part, in bytes: the object receives it in one piece, and one RPC takes 32 MiB. */
const SESSION_BYTES = 26 * 1024 * 1024;
/** Totals of what was read, valid or not. */
export interface Read {
  lines: number;
  sessions: number;
  turns: number;
  /** Sessions that cannot be taken. */
  bad: number;
  problems: number;
  /** Sessions that the lines name as not exported. */
  not_exported: number;
}

const NOTHING_READ: Read = {
  lines: 0,
  sessions: 0,
  turns: 0,
  bad: 0,
  problems: 0,
  not_exported: 0,
};

/** A session, or one of its parts, read whole. */
export interface ReadSession {
  /** The line in which it begins, where it is a part. */
  partLine: number | null;
  /** sha256 of its lines, wherever it is stored. */
  hash: string;
  /** Its {@link SessionRecord}, cut anywhere: together they may be 26 MiB. */
  json: string[];
}

/** Puts sessions together from lines. One with anything wrong in it is a problem, and is not taken at all. */
export class SessionReader {
  readonly #now: number;
  #reading: Reading | null = null;
  #read: Read = { ...NOTHING_READ };
  /** Totals before the current line. */
  #before: Read = { ...NOTHING_READ };
  #settled: Read = { ...NOTHING_READ };
  /** Totals at the last line of an export. */
  #ended: Pick<Read, "sessions" | "turns" | "not_exported"> = { ...NOTHING_READ };
  #isWhole: boolean;
  /** The session of which a part cannot be taken: the later ones are passed over, and not counted. */
  #broken: string | null = null;
  readonly notes = new LineNotes();
  #emptyLines = 0;

  /**
   * @param now - ms since the epoch: the time of what came without one
   * @param isWhole - whether the lines come from the first on: only then is it known what the last line tells of
   */
  constructor(now: number, isWhole: boolean) {
    this.#now = now;
    this.#isWhole = isWhole;
  }

  /**
   * The line has no text after that: it may be 26 MiB, and is not needed any more.
   *
   * @returns the session that ends before this line, if one does
   */
  push(next: Line): ReadSession | null {
    const { number } = next;
    this.#before = { ...this.#read };
    this.#read.lines += 1;
    if (!("text" in next)) return this.#fault(number, next);
    const parsed = parseAndDrop(next);
    if (parsed === null) {
      this.#emptyLines += 1;
      return null;
    }
    if ("message" in parsed) return this.#fault(number, parsed);
    if (parsed.type === "turn") {
      this.#read.turns += 1;
      this.#turn(number, parsed);
      return null;
    }
    if (parsed.type === "version") {
      const { type: _, ...version } = parsed;
      this.#reading?.versions.push(version);
      this.#grow(number, Buffer.byteLength(JSON.stringify(parsed)));
      return null;
    }
    const { session_id } = this.#reading ?? {};
    if (parsed.type === "skipped") this.#dropUnfinished(parsed.session_id);
    const ended = this.#end();
    if (parsed.type === "skipped") {
      this.#read.not_exported += 1;
      this.notes.addNotExported(number, parsed, parsed.session_id === session_id);
    } else if (parsed.type === "session") this.#begin(number, parsed);
    else this.#checkEnd(number, parsed);
    return ended;
  }

  /** A line that cannot be read spoils the session that it is in, or else the one that it may have begun. */
  #fault(number: number, fault: Fault): ReadSession | null {
    if (fault.type === "turn") this.#read.turns += 1;
    if (fault.type === "session") this.#read.sessions += 1;
    const { session, turns } = this.#reading ?? {};
    const isNext = fault.type === "session" || session?.turns === turns?.length;
    const ended = isNext ? this.#end() : null;
    if (isNext) this.#open(number, fault.session_id ?? null);
    this.#spoil(number, fault.code, fault.message);
    return ended;
  }

  /** The last session ends with the lines. */
  finish(): ReadSession | null {
    this.#before = { ...this.#read };
    return this.#end();
  }

  /** Totals up to the end of the last session. */
  get settled(): Read {
    return this.#settled;
  }

  /** How many lines said nothing of sessions: blank ones, and an archive's index. */
  get emptyLines(): number {
    return this.#emptyLines;
  }

  /** What came of a session is not taken where the export could not go on with it. Its parts before are: they wait for more. */
  #dropUnfinished(sessionId: string): void {
    const reading = this.#reading;
    if (reading?.session_id !== sessionId || !reading.session) return;
    // The session is counted with its first part.
    if ((reading.session.part?.number ?? 1) > 1) reading.isPassedOver = true;
    reading.session = undefined;
  }

  #end(): ReadSession | null {
    const ended = this.#endSession();
    this.#settled = this.#before;
    return ended;
  }

  #endSession(): ReadSession | null {
    const reading = this.#reading;
    this.#reading = null;
    if (!reading) return null;
    if (reading.isPassedOver) return null;
    if (!reading.session) {
      this.#before.bad += 1;
      this.#read.bad += 1;
      return null;
    }
    const { session, versions, turns, json } = reading;
    const missing =
      missingLines("turns", session.turns, turns) ??
      missingLines("versions", session.versions, versions);
    const wrong = missing ?? wrongInFacts(session, turns);
    if (wrong !== null) {
      const code = missing === null ? "invalid_line" : "turns_differ";
      this.#note(reading.line, reading.session_id, code, wrong);
      this.#before.problems += 1;
      this.#before.bad += 1;
      this.#read.bad += 1;
      if (session.part) this.#broken = session.session_id;
      return null;
    }
    const record = recordOf(reading, session, this.#now);
    const { turns: _, ...head } = record;
    const hash = headHash(record, json);
    const partLine = record.part ? reading.line : null;
    const opened = `${JSON.stringify(head).slice(0, -1)},"turns":[`;
    const pieces = json.flatMap((turn, index) => (index === 0 ? [turn] : [",", turn]));
    return { partLine, hash, json: [opened, ...pieces, "]}"] };
  }

  #begin(number: number, session: SessionLine): void {
    const isLater = (session.part?.number ?? 1) > 1;
    if (!isLater) this.#read.sessions += 1;
    const reading = this.#open(number, session.session_id);
    if (isLater && session.session_id === this.#broken) {
      reading.isPassedOver = true;
      return;
    }
    this.#broken = null;
    reading.session = session;
    const wrong = wrongInSession(session);
    if (wrong !== null) this.#spoil(number, "invalid_line", wrong);
  }

  #open(number: number, session_id: string | null): Reading {
    this.#reading = newReading(number, session_id);
    return this.#reading;
  }

  #turn(number: number, turn: TurnLine): void {
    const reading = this.#reading;
    if (!reading) {
      this.#note(number, null, "turn_without_session", "The turn has no session line before it.");
      return;
    }
    const { session, turns } = reading;
    if (!session) return;
    const before = turns.at(-1)?.id ?? session.part?.before ?? 0;
    const seq = turn.call_id === undefined ? before + 1 : seqIn(turn.call_id, session.key);
    if (seq <= before) {
      this.#spoil(
        number,
        "invalid_line",
        "call_id is not that of a later turn of the session. Leave it out to have it numbered.",
      );
      return;
    }
    if (seq > TURNS_PER_SESSION - 2) {
      this.#spoil(number, "session_too_large", `A session takes ${TURNS_PER_SESSION - 2} turns.`);
      return;
    }
    const systemBytes = newSystemBytes(reading, turn);
    const read = readTurn(reading, session, turn, seq, this.#now);
    const wrong = wrongInSystem(turn.system);
    if (wrong !== null) {
      this.#spoil(number, "invalid_line", wrong);
      return;
    }
    const json = JSON.stringify(read);
    const bytes = Buffer.byteLength(json);
    const tooLarge = tooLargeIn(read, bytes);
    if (tooLarge !== null) {
      this.#spoil(number, "turn_too_large", tooLarge);
      return;
    }
    if (!this.#grow(number, bytes + systemBytes)) return;
    // Its texts are in its JSON, and need not be in memory twice.
    turns.push({ ...read, input: "", output: null });
    reading.json.push(json);
  }

  /** @returns whether the session is still within its bound */
  #grow(number: number, bytes: number): boolean {
    if (!this.#reading) return false;
    this.#reading.bytes += bytes;
    if (this.#reading.bytes <= SESSION_BYTES) return true;
    const message = `The session has more than ${SESSION_BYTES / 1024 / 1024} MiB in one part; split it into parts.`;
    this.#spoil(number, "session_too_large", message);
    return false;
  }

  #checkEnd(number: number, { sessions, turns, skipped = 0 }: EndLine): void {
    const read = this.#read;
    const came = {
      sessions: read.sessions - this.#ended.sessions,
      turns: read.turns - this.#ended.turns,
      skipped: read.not_exported - this.#ended.not_exported,
    };
    this.#ended = { ...read };
    const isAll = this.#isWhole;
    // Another export may follow it.
    this.#isWhole = true;
    const isSame = sessions === came.sessions && turns === came.turns && skipped === came.skipped;
    if (!isAll || isSame) return;
    const message =
      skipped === came.skipped
        ? `The last line counts ${sessions} sessions and ${turns} turns; ${came.sessions} and ${came.turns} came.`
        : `The last line counts ${skipped} skipped sessions; ${came.skipped} are named.`;
    this.#note(number, null, "end_differs", message);
  }

  /** The line is wrong, and with it the session that it belongs to. */
  #spoil(number: number, code: Problem["code"], message: string): void {
    this.notes.countBad(number);
    const session_id = this.#reading?.session_id ?? null;
    // One fault is enough for a skipped session.
    const isNews = !this.#reading || this.#reading.session || this.#reading.line === number;
    if (isNews) this.#note(number, session_id, code, message);
    if (this.#reading?.session?.part) this.#broken = session_id;
    // Drops what was read of it: the rest is skipped.
    this.#open(this.#reading?.line ?? number, session_id);
  }

  #note(number: number, session_id: string | null, code: Problem["code"], message: string): void {
    this.#read.problems += 1;
    this.notes.addProblem({ line: number, session_id, code, message });
  }
}
