import { COMPLETION_PREFIX } from "../../shared/ids.ts";
import { lengthOf } from "../../shared/message-length.ts";
import { settingsIn } from "../../openai/responses/response.ts";
import type { Database } from "../../sqlite/database.ts";
import { readPage } from "../../sqlite/keyset-page.ts";
import type { Order, Page, PageQuery } from "../../sqlite/keyset-page.ts";
import { completionNotFound } from "../../shared/not-found-errors.ts";
import { erasedAt, findSession, parseMetadata } from "../store/sessions/sessions.ts";
import type { Metadata } from "../store/sessions/sessions.ts";
import type { Turns } from "../store/turns/turns.ts";
import { isVisible, turnMessages } from "../../shared/turn.ts";
import type { Turn } from "../../shared/turn.ts";
import { nextCompletions } from "../store/sessions/stored-completions.ts";
import type { CompletionFilter } from "../store/sessions/stored-completions.ts";

/** Completions that are read together, in bytes. */
const READ_BYTES = 16 * 1024 * 1024;

/** A chat completion that was kept: a session by its first turn. */
export interface StoredCompletion {
  session_id: string;
  metadata: Metadata;
  turn: Turn;
}

/** @param turn - the session's first. @throws ApiError `completion_not_found` unless an answered completion began it */
export function completionIn(
  session_id: string,
  turn: Turn | undefined,
  metadata: string | null,
): StoredCompletion {
  if (!turn || !isVisible(turn) || !settingsIn(turn).completion) throw completionNotFound();
  return { session_id, turn, metadata: parseMetadata(metadata) };
}

/** One page of the live ones, by age: their ids sort by it. */
export function listCompletions(
  db: Database,
  turns: Turns,
  filter: CompletionFilter,
  query: PageQuery,
): Page<StoredCompletion> {
  const walk = (order: Order, after: string | null, limit: number) => {
    const found: StoredCompletion[] = [];
    let bytes = 0;
    for (const row of nextCompletions(db, filter, { order, after, limit })) {
      const { session_id, metadata, turn_id } = row;
      const completion = completionIn(session_id, turns.get(turn_id) ?? undefined, metadata);
      found.push(completion);
      bytes += sizeOf(completion);
      if (bytes > READ_BYTES) break;
    }
    return found;
  };
  return readPage(query, {
    // Ids sort by age: the id of an erased completion has its place, too.
    cursorOf: (id) =>
      id.startsWith(COMPLETION_PREFIX) && (findSession(db, id) || erasedAt(db, id) !== null)
        ? id
        : null,
    walk,
    placeOf: ({ session_id }) => session_id,
    sizeOf,
  });
}

const sizeOf = ({ turn }: StoredCompletion): number =>
  2 * turnMessages(turn).reduce((sum, message) => sum + lengthOf(message), 0);
