import { COMPLETION_PREFIX } from "../../shared/ids.ts";
import { lengthOf } from "../../shared/items.ts";
import { settingsIn } from "../../openai/responses/response.ts";
import type { Database } from "../../sqlite/database.ts";
import { readPage } from "../../sqlite/keyset-page.ts";
import type { Order, Page, PageQuery } from "../../sqlite/keyset-page.ts";
import { completionNotFound } from "../../shared/not-found-errors.ts";
import { IS_COMPLETION, findSession, parseMetadata } from "../store/sessions/sessions.ts";
import type { Metadata } from "../store/sessions/sessions.ts";
import type { Turns } from "../store/turns/turns.ts";
import type { Principal } from "../../shared/principal.ts";
import { TURN_STATUSES, isVisible, turnMessages } from "../../shared/turn.ts";
import type { Turn } from "../../shared/turn.ts";
import { conditions } from "../store/sessions/session-list.ts";

/** A chat completion that was kept: a session by its first turn. */
export interface StoredCompletion {
  session_id: string;
  metadata: Metadata;
  turn: Turn;
}

export interface CompletionFilter {
  /** Who answered, with its provider or without. */
  model?: string | undefined;
  /** Pairs that the metadata must have. */
  metadata?: [name: string, value: string][] | undefined;
  /** Those that are there for this caller. */
  caller?: Principal | null | undefined;
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

type CompletionRow = { session_id: string; metadata: string | null; turn_id: number };

const FIRST_TURN = `(select id from turns where id > s.key * 1048576 and id < (s.key + 1) * 1048576 order by id limit 1)`;
const SAYS_SO = "t.extra ->> '$.response.settings' ->> '$.completion'";
const TOLD = TURN_STATUSES.flatMap((status, index) => (isVisible({ status }) ? [index] : []));

/** One page of the live ones, by age: their ids sort by it. */
export function listCompletions(
  db: Database,
  turns: Turns,
  { model, ...filter }: CompletionFilter,
  query: PageQuery,
): Page<StoredCompletion> {
  const walk = (order: Order, after: string | null, count: number) => {
    const { sql, params } = conditions({ ...filter, status: "live" });
    if (after !== null) {
      sql.push(`s.session_id ${order === "desc" ? "<" : ">"} ?`);
      params.push(after);
    }
    if (model !== undefined) {
      sql.push(
        "t.model in (select id from models where name = ? or substr(name, instr(name, '/') + 1) = ?)",
      );
      params.push(model, model);
    }
    return db
      .all<CompletionRow>(
        `select s.session_id, d.metadata, t.id as turn_id from sessions s
         left join session_details d on d.key = s.key
         cross join turns t on t.id = ${FIRST_TURN}
         where ${IS_COMPLETION} and t.status in (${TOLD.join(", ")})
         and ${SAYS_SO} and ${sql.join(" and ")}
         order by s.session_id ${order} limit ?`,
        ...params,
        count,
      )
      .map(({ session_id, metadata, turn_id }) =>
        completionIn(session_id, turns.get(turn_id) ?? undefined, metadata),
      );
  };
  return readPage(query, {
    cursorOf: (id) => (id.startsWith(COMPLETION_PREFIX) && findSession(db, id) ? id : null),
    walk,
    placeOf: ({ session_id }) => session_id,
    sizeOf: ({ turn }) =>
      2 * turnMessages(turn).reduce((sum, message) => sum + lengthOf(message), 0),
  });
}
