import { FORMAT } from "../../account/archive/format/format.ts";
import { METADATA_NAME, METADATA_PAIRS, METADATA_VALUE } from "../../shared/field-schemas.ts";
import { ITEM_ID } from "../../shared/item-fields.ts";
import { HOUR_MS, isoTime } from "../../shared/time.ts";
import { toId } from "./session-id.ts";
import type { Conversation } from "../source.ts";
import type { Tally } from "./tally.ts";
import { turnsOf } from "./turns.ts";
import type { FoundMessage } from "./turns.ts";
import { wellFormed } from "./well-formed.ts";

/** A conversation as it was found, with ids as they were and times in ms since the epoch. */
export interface Draft {
  id: string;
  /** The system that it comes from. */
  source: string;
  messages: FoundMessage[];
  left: Tally;
  title?: string | null | undefined;
  metadata?: Record<string, string | null | undefined>;
  assistant?: string | undefined;
  user?: string | undefined;
  role?: string | undefined;
  state?: Record<string, unknown> | undefined;
  created?: number | undefined;
  accessed?: number | undefined;
  /** When messages were said of which none has a time, if that can be told. */
  began?: number | undefined;
}

/** A clock that is ahead by so much is believed, in ms; the server takes times that are a day ahead. */
const AHEAD_MS = 12 * HOUR_MS;

/**
 * The lines of what was found. Each time the same for the same.
 *
 * @param now - ms since the epoch: a time after it is not believed, and counted
 */
export function conversationOf(found: Draft, now: number): Conversation {
  const draft = withoutFarTimes(found, now + AHEAD_MS);
  const { left, assistant, role, state } = draft;
  const messages = draft.messages.map((message) => withoutLongId(message, left));
  const times = messages.flatMap(({ at }) => at ?? []).toSorted((a, b) => a - b);
  const begun = [draft.created ?? [], times.slice(0, 1)].flat();
  const created = begun.length === 0 ? draft.began : Math.min(...begun);
  const accessed = draft.accessed ?? times.at(-1);
  const turns = turnsOf(messages, created ?? 0).map((turn) => {
    const { created_at, duration_ms: _none, ...timeless } = turn;
    // A time that is not known is not told: it would differ each time.
    if (times.length > 0) return turn;
    return created === undefined ? timeless : { ...timeless, created_at };
  });
  const id = toId(draft.id);
  const user = draft.user === undefined ? undefined : toId(draft.user);
  return wellFormed<Conversation>({
    session: {
      type: "session",
      format: FORMAT,
      session_id: id,
      ...(created !== undefined && { created_at: isoTime(created) }),
      ...(accessed !== undefined && { accessed_at: isoTime(accessed) }),
      ...(assistant !== undefined && { assistant }),
      ...(user !== undefined && { user_id: user }),
      metadata: metadataOf(draft, {
        // An id that is none of ours is kept as it was, beside.
        source_session_id: id === draft.id ? null : draft.id,
        source_user_id: user === draft.user ? null : draft.user,
      }),
      ...(role !== undefined && { role }),
      ...(state && Object.keys(state).length > 0 && { state }),
      turns: turns.length,
    },
    turns,
    ...left.told,
  });
}

function withoutFarTimes(draft: Draft, latest: number): Draft {
  const { left } = draft;
  const near = (at: number | undefined): number | undefined => {
    if (at === undefined || at <= latest) return at;
    left.add("times in the future");
    return undefined;
  };
  return {
    ...draft,
    created: near(draft.created),
    accessed: near(draft.accessed),
    messages: draft.messages.every(({ at }) => at === undefined || at <= latest)
      ? draft.messages
      : draft.messages.map((message) => ({ ...message, at: near(message.at) })),
  };
}

function withoutLongId(found: FoundMessage, left: Tally): FoundMessage {
  if (found.id === undefined || (found.id !== "" && found.id.length <= ITEM_ID)) return found;
  const { id, ...message } = found;
  if (id !== "") left.add("message id");
  return message;
}

/** Where it comes from stands first; what is too much is counted, and so is what is cut as it is too long. */
function metadataOf(
  { source, title, metadata, left }: Draft,
  foreign: NonNullable<Draft["metadata"]>,
): Record<string, string> {
  const pairs = Object.entries({ source, title, ...foreign, ...metadata }).flatMap(
    ([name, value]): [string, string][] => (value ? [[name, value.toWellFormed()]] : []),
  );
  const fit = pairs.filter(([name]) => name !== "" && name.length <= METADATA_NAME);
  left.add("metadata", pairs.length - Math.min(fit.length, METADATA_PAIRS));
  return Object.fromEntries(
    fit.slice(0, METADATA_PAIRS).map(([name, value]) => {
      if (value.length <= METADATA_VALUE) return [name, value];
      left.add(`metadata.${name} (its end)`);
      // Not within a surrogate pair.
      return [name, value.slice(0, METADATA_VALUE).replace(/[\uD800-\uDBFF]$/, "")];
    }),
  );
}
