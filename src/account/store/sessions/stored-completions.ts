import { TURN_STATUSES, isVisible } from "../../../shared/turn.ts";
import type { Database } from "../../../sqlite/database.ts";
import { validJson } from "../../../sqlite/valid-json.ts";
import type { Order } from "../../../sqlite/keyset-page.ts";
import { conditions } from "./session-list.ts";
import type { SessionFilter } from "./session-list.ts";
import { IS_COMPLETION } from "./sessions.ts";

/** A session that holds a chat completion, with its first turn. */
export type CompletionRow = { session_id: string; metadata: string | null; turn_id: number };

export interface CompletionFilter extends Pick<SessionFilter, "metadata" | "caller"> {
  /** The model that answered, with its provider or without. */
  model?: string | undefined;
}

const FIRST_TURN = `(select id from turns where id > s.key * 1048576 and id < (s.key + 1) * 1048576 order by id limit 1)`;
const SETTINGS = `(${validJson("t.extra")}) ->> '$.response.settings'`;
const SAYS_SO = `(${validJson(SETTINGS)}) ->> '$.completion'`;
const VISIBLE = TURN_STATUSES.flatMap((status, index) => (isVisible({ status }) ? [index] : []));

/** The next live completions after the session `after`, by session id. Their ids sort by age. */
export function nextCompletions(
  db: Database,
  { model, ...filter }: CompletionFilter,
  { order, after, limit }: { order: Order; after: string | null; limit: number },
): CompletionRow[] {
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
  return db.all<CompletionRow>(
    `select s.session_id, d.metadata, t.id as turn_id from sessions s
     left join session_details d on d.key = s.key
     cross join turns t on t.id = ${FIRST_TURN}
     where ${IS_COMPLETION} and t.status in (${VISIBLE.join(", ")})
     and ${SAYS_SO} and ${sql.join(" and ")}
     order by s.session_id ${order} limit +?`,
    ...params,
    limit,
  );
}
