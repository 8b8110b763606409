import { WorkSlices } from "../../../shared/work-slices.ts";
import type { Database } from "../../../sqlite/database.ts";
import { messageCount } from "../../../shared/turn.ts";
import type { Turn } from "../../../shared/turn.ts";
import type { Archived, Snapshot } from "../../store/retention/retention.ts";
import { statesOf } from "../../store/sessions/session-state.ts";
import { nextSpan } from "../../store/turns/turn-spans.ts";
import { turnId } from "../../../shared/ids.ts";
import { isAwaited } from "../../store/turns/background-turns.ts";
import { settledTurn } from "../../store/turns/stream-pieces.ts";
import type { SystemPrompts } from "../../store/turns/system-prompts.ts";
import type { Turns } from "../../store/turns/turns.ts";
import { framesOf } from "../format/frames.ts";
import { proveLines } from "../format/line-proof.ts";
import { recordLines } from "../format/record-lines.ts";
import type { SessionRecord } from "../format/record.ts";
import { SLICE_TEXT, SegmentWriter } from "../format/segment.ts";
import type { Keyring } from "../storage/keyring.ts";
import { checkDetails } from "./check-details.ts";
import { recordHead } from "./record-head.ts";

/** A batch ends early past so much compressed text. */
const BATCH_BYTES = 16 * 1024 * 1024;
/** A session beyond this many bytes of text goes over several segments: a part is in memory beside its archive. */
const PART_MAX_BYTES = 16 * 1024 * 1024;
/** Sessions that are read together. */
const READ_SESSIONS = 50;
/** Past so much text they are read one by one. */
const GROUP_MAX_BYTES = 8 * 1024 * 1024;

export interface CompressParts {
  db: Database;
  turns: Turns;
  frames: SystemPrompts;
  keyring: Keyring;
  /** No segment has more bytes, unless a single turn does. */
  segmentBytes: number;
  /** Whether the session has a turn on its way. */
  isBusy: (sessionId: string) => boolean;
  /** Called before sessions' turns leave, for their words to stay in the search index. Resolves to whether they do. */
  keepWords: (sessionKeys: readonly number[]) => Promise<boolean>;
  onError: (error: unknown, about: Record<string, string | number>) => void;
}

/** Bytes of text that one part of a session has, unless a single turn has more. */
export const partBytes = ({ segmentBytes }: Pick<CompressParts, "segmentBytes">): number =>
  Math.min(segmentBytes, PART_MAX_BYTES);

/**
 * Writes sessions into one segment, until it is full.
 *
 * @returns how many of the due were read, the archive of those that could be, and how many could not; whether the search
 *   index has their words; and the session that was read last, where it is too large and nothing was written
 */
export async function compressSessions(
  parts: CompressParts,
  due: readonly Snapshot[],
  key_id: number | null,
) {
  const { db, turns, isBusy, keyring, segmentBytes } = parts;
  const writer = new SegmentWriter(
    (bytes) => keyring.seal(bytes, key_id),
    (bytes) => keyring.open(bytes),
  );
  const slices = new WorkSlices(SLICE_TEXT);
  let worked = 0;
  const archived: Archived[] = [];
  let errors = 0;
  let read = 0;
  let full = false;
  let isIndexed = true;
  let large: Snapshot | null = null;
  const groupBytes = Math.min(GROUP_MAX_BYTES, partBytes(parts));
  while (!full && read < due.length && writer.compressedBytes < BATCH_BYTES) {
    const group = due.slice(read, read + READ_SESSIONS);
    const free = group.filter(({ session_id }) => !isBusy(session_id));
    isIndexed = (await parts.keepWords(free.map(({ key }) => key))) && isIndexed;
    const together = orNull(() =>
      turns.allOf(
        free.map(({ key }) => key),
        groupBytes,
      ),
    );
    const states = statesOf(
      db,
      free.map(({ key }) => key),
    );
    for (const snapshot of group) {
      await slices.did(writer.textLength - worked);
      worked = writer.textLength;
      read += 1;
      if (isBusy(snapshot.session_id)) continue;
      if (!together && needsParts(parts, snapshot.key, snapshot.last_id)) {
        // Alone, in the next batch.
        if (archived.length > 0) read -= 1;
        else large = snapshot;
        full = true;
        break;
      }
      // One bad session never blocks the rest: it stays, and is counted.
      const all = together?.get(snapshot.key) ?? readAlone(parts, snapshot);
      if (!all) {
        errors += 1;
        continue;
      }
      const last = all.at(-1);
      if (last && isAwaited(db, last, Date.now())) continue;
      const lines = provenLines(parts, snapshot, all, states.get(snapshot.key));
      if (!lines) {
        errors += 1;
        continue;
      }
      // Compressed it is hardly ever longer.
      if (archived.length > 0 && writer.pendingBytes + byteLength(lines) > segmentBytes) {
        read -= 1;
        full = true;
        break;
      }
      const member = writer.add(lines);
      archived.push({ snapshot, member, turns: all.length, messages: countMessages(all) });
    }
    await scheduler.wait(0);
  }
  return { writer, archived, errors, read, isIndexed, large };
}

/** Whether a live session's turns up to `through` are too large for one segment. One turn always fits. */
export function needsParts(
  parts: Pick<CompressParts, "db" | "segmentBytes">,
  key: number,
  through: number | null,
): boolean {
  if (through === null) return false;
  const after = turnId(key, 0);
  const span = nextSpan(parts.db, { after, through, bytes: partBytes(parts) });
  return span !== null && span.last < through;
}

/** A turn that was never settled is archived as abandoned, with what came of its answer. */
function toRecord(
  { db, frames }: CompressParts,
  snapshot: Snapshot,
  turns: Turn[],
  state: string | undefined,
): SessionRecord {
  checkDetails(snapshot, state);
  return {
    ...recordHead(snapshot, state),
    turns: turns.map((turn) => settledTurn(db, turn, Number.POSITIVE_INFINITY)),
    frames: framesOf(frames, snapshot.key, turns),
  };
}

/** Null where the lines cannot be read back. The session stays live then. */
function provenLines(
  parts: CompressParts,
  snapshot: Snapshot,
  turns: Turn[],
  state: string | undefined,
): string[] | null {
  try {
    const lines = recordLines(toRecord(parts, snapshot, turns, state));
    proveLines(lines);
    return lines;
  } catch (error) {
    parts.onError(error, { session_id: snapshot.session_id });
    return null;
  }
}

function readAlone(parts: CompressParts, { key, session_id }: Snapshot): Turn[] | null {
  try {
    return parts.turns.allOf([key], Infinity)?.get(key) ?? [];
  } catch (error) {
    parts.onError(error, { session_id });
    return null;
  }
}

/** Null where it failed. The sessions are read one by one then, which shows the one that cannot be read. */
function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

const byteLength = (lines: readonly string[]): number =>
  lines.reduce((total, line) => total + Buffer.byteLength(line) + 1, 0);

/** Messages of all the turns. */
export const countMessages = (turns: readonly Turn[]): number =>
  turns.reduce((total, turn) => total + messageCount(turn), 0);
