import { sessionLine, versionLine } from "./record-lines.ts";
import { TurnLines, corrupt, parseLine, turnOf } from "./record.ts";
import type { ArchivedLine, SessionRecord } from "./record.ts";

/**
 * Reads a session's lines as a restore does, and writes each again. Only lines that come out the same may be counted as
 * kept. It holds one turn at a time.
 */
export class LineProof {
  readonly #frames: Pick<SessionRecord, "frames"> = {};
  readonly #lines = new TurnLines((frame) => this.#frames.frames?.[frame] ?? null);
  #frame: number | undefined;
  /** Turn lines that are to come; null before the session line. */
  #left: number | null = null;
  #versions = 0;

  /** @throws ApiError `archive_corrupt` unless the lines read as what was written */
  read(lines: readonly string[]): void {
    for (const line of lines)
      if (this.#again(parseLine(line, true).line) !== line)
        throw corrupt("a line reads differently when it is parsed again");
  }

  /** @throws ApiError `archive_corrupt` unless that was the whole session */
  end(): void {
    if (this.#versions !== 0) throw corrupt("it holds other versions than its header counts");
    if (this.#left !== 0) throw corrupt("it holds fewer turns than its header counts");
  }

  #again(parsed: ArchivedLine): string {
    if (parsed.type === "session") {
      if (this.#left !== null) throw corrupt("it holds a second session");
      const { type: _type, format: _format, turns, versions, ...session } = parsed;
      this.#left = turns;
      this.#versions = versions ?? 0;
      return sessionLine(session, turns, versions);
    }
    if (parsed.type === "version") {
      this.#versions -= 1;
      return versionLine(parsed);
    }
    if (this.#versions !== 0) throw corrupt("it holds other versions than its header counts");
    if (!this.#left) throw corrupt("it holds more turns than its header counts");
    this.#left -= 1;
    const turn = turnOf(parsed, this.#frames, this.#frame);
    this.#frame = turn.frame;
    return this.#lines.of(turn);
  }
}

/** {@link LineProof}, of all lines at once. */
export function proveLines(lines: readonly string[]): void {
  const proof = new LineProof();
  proof.read(lines);
  proof.end();
}
