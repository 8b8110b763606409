import { FORMAT } from "../../archive/format.ts";
import { isoTime } from "../../time.ts";
import { toId } from "../session-id.ts";
import type { Conversation } from "../source.ts";
import { turnsOf } from "../turns.ts";
import type { History } from "./history.ts";
import { wellFormed } from "./well-formed.ts";

/** Metadata's bounds: see docs/format.md. */
export const METADATA_PAIRS = 16;
export const METADATA_CHARACTERS = 512;

/** A conversation as it was found, with ids as they were and times in ms since the epoch. */
export interface Draft {
  session_id: string;
  history: History;
  metadata: Record<string, string>;
  assistant?: string | undefined;
  user_id?: string | undefined;
  role?: string | undefined;
  state?: Record<string, unknown> | undefined;
  created_at?: number | undefined;
  accessed_at?: number | undefined;
  /** When messages were said of which none has a time, if that can be told. */
  began?: number | undefined;
}

/** The lines of what was found. Each time the same for the same. */
export function conversationOf(draft: Draft): Conversation {
  const { history, assistant, user_id, role, state } = draft;
  const { messages, left } = history;
  const times = messages.flatMap(({ at }) => (at === undefined ? [] : [at]));
  const first = times.length === 0 ? undefined : times.reduce((a, b) => Math.min(a, b));
  const last = times.length === 0 ? undefined : times.reduce((a, b) => Math.max(a, b));
  const begun = [draft.created_at, first].filter((each) => each !== undefined);
  const created_at = begun.length === 0 ? draft.began : Math.min(...begun);
  const accessed_at = draft.accessed_at ?? last;
  const turns = turnsOf(messages, created_at ?? 0).map((turn) => {
    const { created_at: at, duration_ms: _none, ...timeless } = turn;
    // No time is told that nobody knows.
    if (times.length > 0) return turn;
    return created_at === undefined ? timeless : { ...timeless, created_at: at };
  });
  const metadata = { ...draft.metadata };
  const session_id = keepForeign("session_id", draft.session_id);
  const user = user_id === undefined ? undefined : keepForeign("user_id", user_id);
  const short = Object.entries(metadata).map(([name, value]) => {
    if (value.length > METADATA_CHARACTERS) left.add(`metadata.${name} (its end)`);
    return [name, value.slice(0, METADATA_CHARACTERS)];
  });
  return wellFormed<Conversation>({
    session: {
      type: "session",
      format: FORMAT,
      session_id,
      ...(created_at !== undefined && { created_at: isoTime(created_at) }),
      ...(accessed_at !== undefined && { accessed_at: isoTime(accessed_at) }),
      ...(assistant !== undefined && { assistant }),
      ...(user !== undefined && { user_id: user }),
      metadata: Object.fromEntries(short) as Record<string, string>,
      ...(role !== undefined && { role }),
      ...(state && Object.keys(state).length > 0 && { state }),
      turns: turns.length,
    },
    turns,
    ...left.told,
  });

  /** An id that is none of ours is kept as it was, beside. */
  function keepForeign(name: string, foreign: string): string {
    const id = toId(foreign);
    if (id !== foreign) metadata[`source_${name}`] = foreign;
    return id;
  }
}
