import { letOthersRun } from "../../../shared/let-others-run.ts";
import { WorkSlices } from "../../../shared/work-slices.ts";
import type { Database } from "../../../sqlite/database.ts";
import { answerCount, messageCount } from "../../../shared/turn.ts";
import type { Turn } from "../../../shared/turn.ts";
import type { Archived, Snapshot } from "../../store/retention/retention.ts";
import { statesOf } from "../../store/sessions/session-state.ts";
import { nextSpan } from "../../store/turns/turn-spans.ts";
import { turnId } from "../../../shared/ids.ts";
import { firstTurnOf, sessionByKey } from "../../store/sessions/sessions.ts";
import { isAwaited, isLastAwaited } from "../../store/turns/background-turns.ts";
import { settledTurn, turnsWithPieces } from "../../store/turns/stream-pieces.ts";
import type { SystemPrompts } from "../../store/turns/system-prompts.ts";
import type { Turns } from "../../store/turns/turns.ts";
import type { WrittenTurns } from "../../store/turns/written-turns.ts";
import { framesOf } from "../format/frames.ts";
import { LineProof, proveLines } from "../format/line-proof.ts";
import { recordLines, sessionLine } from "../format/record-lines.ts";
import { TurnLines } from "../format/record.ts";
import { SLICE_TEXT, SegmentWriter } from "../format/segment.ts";
import type { Keyring } from "../storage/keyring.ts";
import { checkDetails } from "./check-details.ts";
import { checkOwnFault, checkOwnFaults } from "./common-fault.ts";
import { spanTurns } from "./live-record.ts";
import { recordHead } from "./record-head.ts";

/** A batch ends early past so much compressed text. */
const BATCH_BYTES = 16 * 1024 * 1024;
/** A session beyond this many bytes of text goes over several segments: a part is in memory beside its archive. */
const PART_MAX_BYTES = 16 * 1024 * 1024;
/** Sessions that are read together. */
const READ_SESSIONS = 50;
/** Past so much text they are read one by one, and turn by turn. */
const GROUP_MAX_BYTES = 256 * 1024;

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
 * @param written - turns that were written since the sessions were read: their sessions stay live
 * @returns how many of the due were read, the archive of those that could be, and how many could not; whether the search
 *   index has their words; and the session that was read last, where it is too large and nothing was written
 */
export async function compressSessions(
  parts: CompressParts,
  due: readonly Snapshot[],
  written: WrittenTurns,
  key_id: number | null,
) {
  const { db, turns, isBusy, keyring, segmentBytes } = parts;
  const writer = new SegmentWriter(
    (bytes) => keyring.seal(bytes, key_id),
    (bytes) => keyring.open(bytes),
  );
  const slices = new WorkSlices(SLICE_TEXT);
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
    const words = await keepWords(parts, free);
    isIndexed &&= words.isIndexed;
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
    await letOthersRun();
    for (const snapshot of group) {
      read += 1;
      if (isBusy(snapshot.session_id)) continue;
      const state = states.get(snapshot.key);
      const takeBack = writer.mark();
      try {
        if (words.failed.has(snapshot.key)) throw words.failed.get(snapshot.key);
        const all = together?.get(snapshot.key);
        if (!all && needsParts(parts, snapshot.key, snapshot.last_id)) {
          // Alone, in the next batch.
          if (archived.length > 0) read -= 1;
          else large = snapshot;
          full = true;
          break;
        }
        const before = writer.textLength;
        const added = all
          ? addTogether(parts, writer, snapshot, all, state)
          : await addAlone(parts, writer, snapshot, { state, slices });
        if (!added) continue;
        // Compressed it is hardly ever longer.
        if (archived.length > 0 && writer.pendingBytes > segmentBytes) {
          takeBack();
          read -= 1;
          full = true;
          break;
        }
        archived.push({ snapshot, ...added });
        if (all) await slices.did(writer.textLength - before);
      } catch (error) {
        checkOwnFault(error);
        // One bad session never blocks the rest: it stays, and is counted, unless it changed meanwhile.
        takeBack();
        if (written.has(snapshot.key) || !sessionByKey(db, snapshot.key)) continue;
        parts.onError(error, { session_id: snapshot.session_id });
        errors += 1;
      }
    }
    await letOthersRun();
  }
  return { writer, archived, errors, read, isIndexed, large };
}

/**
 * Where the sessions together fail, one by one: one of them keeps none of the others from being archived.
 *
 * @throws the first error, where it is of the whole storage or all of many sessions fail
 */
async function keepWords(
  parts: Pick<CompressParts, "keepWords">,
  sessions: readonly Snapshot[],
): Promise<{ isIndexed: boolean; failed: Map<number, unknown> }> {
  const failed = new Map<number, unknown>();
  const keys = sessions.map(({ key }) => key);
  try {
    return { isIndexed: await parts.keepWords(keys), failed };
  } catch (together) {
    checkOwnFault(together);
    let isIndexed = true;
    for (const key of keys) {
      try {
        isIndexed = (await parts.keepWords([key])) && isIndexed;
      } catch (error) {
        checkOwnFault(error);
        failed.set(key, error);
      }
    }
    checkOwnFaults([...failed.values()], keys.length - failed.size);
    return { isIndexed, failed };
  }
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

type Added = Omit<Archived, "snapshot">;

/**
 * Without a pause. A turn that was never settled is archived as abandoned, with what came of its answer.
 *
 * @returns null where its last turn is awaited
 * @throws ApiError `archive_corrupt` where the lines cannot be read back
 */
function addTogether(
  { db, frames }: CompressParts,
  writer: SegmentWriter,
  snapshot: Snapshot,
  turns: readonly Turn[],
  state: string | undefined,
): Added | null {
  const last = turns.at(-1);
  if (last && isAwaited(db, last, Date.now())) return null;
  checkDetails(snapshot, state);
  const lines = recordLines({
    ...recordHead(snapshot, state),
    turns: turns.map((turn) => settledTurn(db, turn, Number.POSITIVE_INFINITY)),
    frames: framesOf(frames, snapshot.key, turns),
  });
  proveLines(lines);
  return { member: writer.add(lines), turns: turns.length, messages: countMessages(turns) };
}

/** {@link addTogether}, turn by turn: a page of them is in memory, and other calls run in between. */
async function addAlone(
  parts: CompressParts,
  writer: SegmentWriter,
  snapshot: Snapshot,
  { state, slices }: { state: string | undefined; slices: WorkSlices },
): Promise<Added | null> {
  const { frames } = parts;
  const { key } = snapshot;
  if (isLastAwaited(parts, key, Date.now())) return null;
  checkDetails(snapshot, state);
  const turns = parts.turns.countOf(key);
  const proof = new LineProof();
  const add = (line: string): number => {
    proof.read([line]);
    return writer.add([line]);
  };
  const member = add(sessionLine(recordHead(snapshot, state), turns));
  const lines = new TurnLines((frame) => frames.text(key, frame));
  const span = { after: firstTurnOf(key), last: snapshot.last_id ?? 0 };
  let messages = -countLostAnswers(parts, key);
  for (const turn of spanTurns(parts, key, span, Number.POSITIVE_INFINITY)) {
    const before = writer.textLength;
    add(lines.of(turn));
    messages += messageCount(turn);
    await slices.did(writer.textLength - before);
  }
  proof.end();
  return { member, turns, messages };
}

/** Messages that lost workers had sent as answers: the account's counters do not have them. */
export function countLostAnswers({ db, turns }: Pick<CompressParts, "db" | "turns">, key: number) {
  return turnsWithPieces(db, [key]).reduce((sum, id) => {
    const stored = turns.get(id);
    if (stored?.output !== null) return sum;
    return sum + answerCount(settledTurn(db, stored, Number.POSITIVE_INFINITY));
  }, 0);
}

/** Null where it failed. The sessions are read one by one then, which shows the one that cannot be read. */
function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/** Messages of all the turns. */
export const countMessages = (turns: readonly Turn[]): number =>
  turns.reduce((total, turn) => total + messageCount(turn), 0);
