import { keyOf, seqOf } from "../../../shared/ids.ts";
import { boundTurn } from "../../../shared/bound-turn.ts";
import type { Database } from "../../../sqlite/database.ts";
import type { Order } from "../../../sqlite/keyset-page.ts";
import { RecentTurns } from "./recent-turns.ts";
import { WrittenTurns } from "./written-turns.ts";
import { saidOf, within } from "./turn-row.ts";
import type { SaidRow, TurnRow } from "./turn-row.ts";
import { afterTurnsOf, firstTurnOf } from "../sessions/sessions.ts";
import { encodeParts, partsBytes, putParts, readParts } from "./turn-parts.ts";
import { columnsOf } from "../../../shared/turn-parts.ts";
import type { TurnPart } from "../../../shared/turn-parts.ts";
import { TURN_STATUSES } from "../../../shared/turn.ts";
import type { Turn, TurnText } from "../../../shared/turn.ts";

/** A statement takes 100 parameters, and a turn has 13. */
const INSERT_TURNS = 7;
const PARAMETERS = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

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
  readonly #watches = new Set<WrittenTurns>();

  constructor(db: Database) {
    this.#db = db;
    db.onRollback(() => {
      this.#modelIds.clear();
      this.#modelNames.clear();
      this.#recent.clear();
    });
  }

  /** Runs `work`, which waits, with the turns that are written meanwhile. A write that was rolled back may stay in them. */
  async watching<T>(work: (written: WrittenTurns) => Promise<T>): Promise<T> {
    const written = new WrittenTurns();
    this.#watches.add(written);
    try {
      return await work(written);
    } finally {
      this.#watches.delete(written);
    }
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
    const { columns, parts } = this.#columns(turn);
    this.#db.run(`insert into turns values ${PARAMETERS}`, turn.id, ...columns);
    if (parts !== null) putParts(this.#db, turn.id, parts);
    this.#recent.written(turn);
    this.#noteWrite(turn.id);
  }

  /** Inserts many turns with fewer statements: a statement costs more than a row. */
  insertAll(all: readonly Turn[]): void {
    const turns = all.map(boundTurn);
    for (let from = 0; from < turns.length; from += INSERT_TURNS) {
      const some = turns
        .slice(from, from + INSERT_TURNS)
        .map((turn) => ({ id: turn.id, ...this.#columns(turn) }));
      this.#db.run(
        `insert into turns values ${some.map(() => PARAMETERS).join(", ")}`,
        ...some.flatMap(({ id, columns }) => [id, ...columns]),
      );
      for (const { id, parts } of some) if (parts !== null) putParts(this.#db, id, parts);
    }
    for (const { id } of turns) {
      this.#recent.forget(keyOf(id));
      this.#noteWrite(id);
    }
  }

  /** Replaces what is stored under the turn's id. One row, where `insert or replace` would be two. */
  update(one: Turn): void {
    const turn = boundTurn(one);
    const { columns, parts } = this.#columns(turn);
    this.#db.run(
      `update turns set status = ?, created_at = ?, duration_ms = ?, model = ?, input_tokens = ?, output_tokens = ?,
       input = ?, output = ?, extra = ?, shown = ?, frame = ?, parts = ? where id = ?`,
      ...columns,
      turn.id,
    );
    if (parts !== null) putParts(this.#db, turn.id, parts);
    this.#recent.written(turn);
    this.#noteWrite(turn.id);
  }

  /** @param range - ids, the last not included */
  remove(range: readonly [number, number]): void {
    this.#db.run("delete from turns where id >= ? and id < ?", ...range);
    this.#recent.forget(keyOf(range[0]));
    this.#noteWrite(range[0]);
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

  /** {@link get} without long texts that do not lie in the row: they are empty. Never write one back. */
  head(id: number): Turn | null {
    return this.heads("id = ?", id)[0] ?? null;
  }

  /** {@link where} for lists, as {@link head} is to {@link get}. */
  heads(condition: string, ...params: (string | number)[]): Turn[] {
    return this.#db
      .all<TurnRow>(`select * from turns where ${condition}`, ...params)
      .map((row) => this.#toTurn(row, []));
  }

  models(): { id: number; name: string }[] {
    return this.#db.all<{ id: number; name: string }>("select * from models");
  }

  last(key: number): Turn | null {
    return this.list(key, { limit: 1, order: "desc" })[0] ?? null;
  }

  /** {@link last}, as {@link head} is to {@link get}. */
  lastHead(key: number): Turn | null {
    return this.list(key, { limit: 1, order: "desc", heads: true })[0] ?? null;
  }

  /**
   * A page of a session. Long turns make it shorter than `limit`: only an empty page is the end. A limit of -1 takes all.
   *
   * @param page.heads - as {@link head} is to {@link get}
   * @param page.from - the id at which the page begins, in its direction; the default is the session's end or beginning
   */
  list(
    key: number,
    page: { limit: number; order: Order; from?: number | null; heads?: boolean },
  ): Turn[] {
    const [low, high] =
      page.order === "asc"
        ? [Math.max(page.from ?? 0, firstTurnOf(key)), afterTurnsOf(key)]
        : [firstTurnOf(key), Math.min((page.from ?? Infinity) + 1, afterTurnsOf(key))];
    const rows = this.#db.all<TurnRow>(
      `select * from turns where id >= ? and id < ? order by id ${page.order} limit +?`,
      low,
      high,
      page.limit,
    );
    if (page.heads) return rows.map((row) => this.#toTurn(row, []));
    return (page.limit < 0 ? rows : within(rows)).map((row) => this.#toTurn(row));
  }

  /**
   * The newest turns of a session, newest first, with fewer columns: windows are made of these. They are cached: do not
   * change them. Long turns make the list shorter, as in {@link list}.
   */
  newest(key: number, limit: number, from: number | null): TurnText[] {
    const known = from === null ? this.#recent.newest(key, limit) : null;
    if (known) return known;
    const rows = this.#db.all<SaidRow>(
      "select id, status, input, output, extra, parts from turns where id >= ? and id < ? order by id desc limit +?",
      firstTurnOf(key),
      Math.min((from ?? Infinity) + 1, afterTurnsOf(key)),
      limit,
    );
    const said = within(rows).map((row) => saidOf(row, this.#partsOf(row)));
    if (from === null && said.length === rows.length) this.#recent.read(key, limit, said);
    return said;
  }

  /** Every turn of these sessions, by session; null when they hold more than `bytes` of text in all. */
  allOf(keys: readonly number[], bytes: number): Map<number, Turn[]> | null {
    const list = JSON.stringify(keys);
    // A cross join is read in the order that it is written in: session by session, and not all of turns.
    const from =
      "from json_each(?) j cross join turns t on t.id > j.value * 1048576 and t.id < (j.value + 1) * 1048576";
    const held = this.#db.scalar<number>(
      `select sum(octet_length(input) + coalesce(octet_length(output), 0) + ${partsBytes("parts")}) ${from}`,
      list,
    );
    if ((held ?? 0) > bytes) return null;
    const bySession = new Map<number, Turn[]>(keys.map((key) => [key, []]));
    for (const row of this.#db.all<TurnRow>(`select t.* ${from}`, list)) {
      bySession.get(keyOf(row.id))?.push(this.#toTurn(row));
    }
    return bySession;
  }

  /** How many turns the session has, without a look at what is in them. */
  countOf(key: number): number {
    const sql = "select count(*) from turns where id >= ? and id < ?";
    return this.#db.scalar<number>(sql, firstTurnOf(key), afterTurnsOf(key)) ?? 0;
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

  #noteWrite(id: number): void {
    this.#db.changed("turns", keyOf(id));
    for (const written of this.#watches) written.note(id);
  }

  #columns(turn: Turn): { columns: (string | number | null)[]; parts: string | null } {
    const { input, output, extra, parts } = columnsOf(turn);
    const encoded = encodeParts(parts);
    const columns = [
      TURN_STATUSES.indexOf(turn.status),
      turn.created_at,
      turn.duration_ms,
      turn.model === null ? null : this.#modelId(turn.model),
      turn.input_tokens,
      turn.output_tokens,
      input,
      output,
      extra,
      turn.shown ?? null,
      turn.frame ?? null,
      encoded?.mark ?? null,
    ];
    return { columns, parts: encoded?.json ?? null };
  }

  #partsOf({ id, parts }: Pick<TurnRow, "id" | "parts">): TurnPart[] {
    return parts === null ? [] : readParts(this.#db, id, parts);
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

  #toTurn(row: TurnRow, parts = this.#partsOf(row)): Turn {
    const { id, status, input, output, extra } = saidOf(row, parts);
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
