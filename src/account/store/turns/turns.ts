import { keyOf, seqOf } from "../../../shared/ids.ts";
import { decodeContent, encodeContent } from "../../../shared/items.ts";
import { boundTurn } from "../../../shared/bound-turn.ts";
import { isObject } from "../../../shared/json-merge-patch.ts";
import { jsonOr } from "../../../shared/stored-bounds.ts";
import type { Database } from "../../../sqlite/database.ts";
import type { Order } from "../../../sqlite/keyset-page.ts";
import { RecentTurns } from "./recent-turns.ts";
import { afterTurnsOf, firstTurnOf } from "../sessions/sessions.ts";
import { TURN_STATUSES } from "../../../shared/turn.ts";
import type { TurnStatus, TurnExtra, Turn, TurnText } from "../../../shared/turn.ts";

type TurnRow = {
  id: number;
  status: number;
  created_at: number;
  duration_ms: number | null;
  model: number | null;
  input_tokens: number | null;
  output_tokens: number | null;
  input: string;
  output: string | null;
  extra: string | null;
  shown: number | null;
  frame: number | null;
};

type SaidRow = Pick<TurnRow, "id" | "status" | "input" | "output" | "extra">;

/** A statement takes 100 parameters, and a turn has 12. */
const INSERT_TURNS = 8;

/** How many messages stored content holds. */
const messageCountOf = (column: string) =>
  `case when ${column} is null then 0 when unicode(${column}) = 1 and json_valid(substr(${column}, 2))
   then (select count(*) from json_each(substr(${column}, 2))
     where case when type = 'object' then value ->> 'type' else '' end not in ('reasoning', 'configuration_update')) else 1 end`;
export const MESSAGE_COUNT = `${messageCountOf("input")} + ${messageCountOf("output")}`;

/** Reads and writes turns. Holds the names of models in memory, so that reading a turn reads one row. */
export class Turns {
  readonly #db: Database;
  readonly #modelIds = new Map<string, number>();
  readonly #modelNames = new Map<number, string>();
  readonly #recent = new RecentTurns();

  constructor(db: Database) {
    this.#db = db;
    db.onRollback(() => {
      this.#modelIds.clear();
      this.#modelNames.clear();
      this.#recent.clear();
    });
  }

  /** The number of the session's last turn; 0 for none. */
  lastSeq(key: number): number {
    const last = this.#db.scalar<number>(
      "select max(id) from turns where id >= ? and id < ?",
      firstTurnOf(key),
      afterTurnsOf(key),
    );
    return last === null ? 0 : seqOf(last);
  }

  /** One row. */
  insert(one: Turn): void {
    const turn = boundTurn(one);
    this.#db.run(
      "insert into turns values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      turn.id,
      ...this.#columns(turn),
    );
    this.#recent.written(turn);
  }

  /** Inserts many turns with fewer statements: a statement costs more than a row. */
  insertAll(all: readonly Turn[]): void {
    const turns = all.map(boundTurn);
    for (let from = 0; from < turns.length; from += INSERT_TURNS) {
      const some = turns.slice(from, from + INSERT_TURNS);
      this.#db.run(
        `insert into turns values ${some.map(() => "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").join(", ")}`,
        ...some.flatMap((turn) => [turn.id, ...this.#columns(turn)]),
      );
    }
    for (const { id } of turns) this.#recent.forget(keyOf(id));
  }

  /** Replaces what is stored under the turn's id. One row, where `insert or replace` would be two. */
  update(one: Turn): void {
    const turn = boundTurn(one);
    this.#db.run(
      `update turns set status = ?, created_at = ?, duration_ms = ?, model = ?, input_tokens = ?, output_tokens = ?,
       input = ?, output = ?, extra = ?, shown = ?, frame = ? where id = ?`,
      ...this.#columns(turn),
      turn.id,
    );
    this.#recent.written(turn);
  }

  /** @param range - ids, the last not included */
  remove(range: readonly [number, number]): void {
    this.#db.run("delete from turns where id >= ? and id < ?", ...range);
    this.#recent.forget(keyOf(range[0]));
  }

  get(id: number): Turn | null {
    const row = this.#db.one<TurnRow>("select * from turns where id = ?", id);
    return row && this.#toTurn(row);
  }

  /** @param condition - SQL after `where`, with its parameters */
  where(condition: string, ...params: (string | number)[]): Turn[] {
    return this.#db
      .all<TurnRow>(`select * from turns where ${condition}`, ...params)
      .map((row) => this.#toTurn(row));
  }

  models(): { id: number; name: string }[] {
    return this.#db.all<{ id: number; name: string }>("select * from models");
  }

  last(key: number): Turn | null {
    return this.list(key, { limit: 1, order: "desc" })[0] ?? null;
  }

  /** @param page.from - the id at which the page begins, in its direction; the default is the session's end or beginning */
  list(key: number, page: { limit: number; order: Order; from?: number | null }): Turn[] {
    const [low, high] =
      page.order === "asc"
        ? [Math.max(page.from ?? 0, firstTurnOf(key)), afterTurnsOf(key)]
        : [firstTurnOf(key), Math.min((page.from ?? Infinity) + 1, afterTurnsOf(key))];
    const rows = this.#db.all<TurnRow>(
      `select * from turns where id >= ? and id < ? order by id ${page.order} limit ?`,
      low,
      high,
      page.limit,
    );
    return rows.map((row) => this.#toTurn(row));
  }

  /**
   * The newest turns of a session, newest first, with fewer columns: windows are made of these. They are cached: do not
   * change them.
   */
  newest(key: number, limit: number, from: number | null): TurnText[] {
    const known = from === null ? this.#recent.newest(key, limit) : null;
    if (known) return known;
    const rows = this.#db.all<SaidRow>(
      "select id, status, input, output, extra from turns where id >= ? and id < ? order by id desc limit ?",
      firstTurnOf(key),
      Math.min((from ?? Infinity) + 1, afterTurnsOf(key)),
      limit,
    );
    const said = rows.map(saidOf);
    if (from === null) this.#recent.read(key, limit, said);
    return said;
  }

  /** Every turn of these sessions, by session; null when they hold more than `bytes` of text in all. */
  allOf(keys: readonly number[], bytes: number): Map<number, Turn[]> | null {
    const list = JSON.stringify(keys);
    // A cross join is read in the order that it is written in: session by session, and not all of turns.
    const from =
      "from json_each(?) j cross join turns t on t.id > j.value * 1048576 and t.id < (j.value + 1) * 1048576";
    const held = this.#db.scalar<number>(
      `select sum(octet_length(input) + coalesce(octet_length(output), 0)) ${from}`,
      list,
    );
    if ((held ?? 0) > bytes) return null;
    const bySession = new Map<number, Turn[]>(keys.map((key) => [key, []]));
    for (const row of this.#db.all<TurnRow>(`select t.* ${from}`, list)) {
      bySession.get(keyOf(row.id))?.push(this.#toTurn(row));
    }
    return bySession;
  }

  /** How many turns and messages the session has. */
  count(key: number): { turns: number; messages: number } {
    const counted = this.#db.one<{ turns: number; messages: number }>(
      `select count(*) as turns, coalesce(sum(${MESSAGE_COUNT}), 0) as messages from turns where id >= ? and id < ?`,
      firstTurnOf(key),
      afterTurnsOf(key),
    );
    return counted ?? { turns: 0, messages: 0 };
  }

  #columns(turn: Turn) {
    return [
      TURN_STATUSES.indexOf(turn.status),
      turn.created_at,
      turn.duration_ms,
      turn.model === null ? null : this.#modelId(turn.model),
      turn.input_tokens,
      turn.output_tokens,
      encodeContent(turn.input, "user"),
      turn.output === null ? null : encodeContent(turn.output, "assistant"),
      Object.keys(turn.extra).length === 0 ? null : JSON.stringify(turn.extra),
      turn.shown ?? null,
      turn.frame ?? null,
    ];
  }

  #modelId(name: string): number {
    if (!this.#modelIds.has(name)) this.#loadModels();
    if (!this.#modelIds.has(name)) {
      this.#db.run("insert into models (name) values (?)", name);
      this.#loadModels();
    }
    return this.#modelIds.get(name) as number;
  }

  #modelName(id: number): string | null {
    if (!this.#modelNames.has(id)) this.#loadModels();
    return this.#modelNames.get(id) ?? null;
  }

  #loadModels(): void {
    for (const { id, name } of this.models()) {
      this.#modelIds.set(name, id);
      this.#modelNames.set(id, name);
    }
  }

  #toTurn(row: TurnRow): Turn {
    const { id, status, input, output, extra } = saidOf(row);
    // In the order that a turn has when it is read from a file: what two records are compared by is their JSON.
    return {
      id,
      status,
      created_at: row.created_at,
      duration_ms: row.duration_ms,
      model: row.model === null ? null : this.#modelName(row.model),
      input_tokens: row.input_tokens,
      output_tokens: row.output_tokens,
      input,
      output,
      ...(row.shown !== null && { shown: row.shown }),
      ...(row.frame !== null && { frame: row.frame }),
      extra,
    };
  }
}

const saidOf = ({ id, status, input, output, extra }: SaidRow): TurnText => ({
  id,
  status: TURN_STATUSES[status] as TurnStatus,
  input: decodeContent(input, "user"),
  output: output === null ? null : decodeContent(output, "assistant"),
  extra: extra === null ? {} : decodeExtra(extra),
});

/** Stored extra that cannot be read is kept as it is, with what else stood there before a repair. */
function decodeExtra(stored: string): TurnExtra {
  const extra = jsonOr(stored, null);
  return isExtra(extra) ? extra : { original: { extra: stored } };
}

const OBJECTS = ["error", "call", "policy", "response", "lease", "original"];

function isExtra(value: unknown): value is TurnExtra {
  if (!isObject(value)) return false;
  const { policy } = value;
  return (
    OBJECTS.every((name) => value[name] === undefined || isObject(value[name])) &&
    (!isObject(policy) || Array.isArray(policy["events"]))
  );
}
