import type { Database } from "../../../sqlite/database.ts";
import { readPage } from "../../../sqlite/keyset-page.ts";
import type { Page, PageQuery } from "../../../sqlite/keyset-page.ts";
import { mintFactId } from "../../../shared/ids.ts";
import { boundTime } from "../../../shared/stored-bounds.ts";
import { USER_FACTS } from "../../../shared/user-facts.ts";
import type { UserFact } from "../../../shared/user-facts.ts";
import { FACT_BLOCK_IDS } from "./session-flags.ts";
import { findDetails } from "./sessions.ts";
import type { User } from "./users.ts";

type Row = {
  fact_id: string;
  key: number;
  seq: number | null;
  user_id: string;
  role: string | null;
  text: string;
  created_at: number;
  updated_at: number;
};

/** A fact with the session that it came from. */
export type PlacedFact = Row & { session_id: string };

const OF_USER = "f.user_id = +?1 and (?2 is null or coalesce(f.role, ?2) = ?2)";
const PLACED = "select f.*, s.session_id from user_facts f join sessions s on s.key = f.key";
const params = ({ user_id, role }: User) => [user_id, role ?? null] as const;

/** A page of the user's facts, by their creation. */
export const pageFacts = (db: Database, user: User, query: PageQuery): Page<PlacedFact> =>
  readPage(query, {
    cursorOf: (id) => findFact(db, user, id),
    walk: (order, from, count) => {
      const [after, direction] = order === "asc" ? [">", "asc"] : ["<", "desc"];
      return db.all<PlacedFact>(
        `${PLACED} where ${OF_USER} ${from === null ? "" : `and (f.created_at, f.fact_id) ${after} (?4, ?5)`}
         order by f.created_at ${direction}, f.fact_id ${direction} limit +?3`,
        ...params(user),
        count,
        ...(from === null ? [] : [from.created_at, from.fact_id]),
      );
    },
    placeOf: (fact) => fact,
    sizeOf: ({ text }) => text.length * 2,
  });

export const findFact = (db: Database, user: User, factId: string): PlacedFact | null =>
  db.one<PlacedFact>(`${PLACED} where ${OF_USER} and f.fact_id = ?3`, ...params(user), factId);

export const countFacts = (db: Database, user: User): number =>
  db.scalar<number>(`select count(*) from user_facts f where ${OF_USER}`, ...params(user)) ?? 0;

export type ShownFact = Pick<Row, "fact_id" | "text" | "created_at" | "updated_at">;

/** The facts that a model of that role may be shown, the newest first. */
export const factsForRole = (db: Database, userId: string, role: string | null): ShownFact[] =>
  db.all<ShownFact>(
    `select fact_id, text, created_at, updated_at from user_facts
     where user_id = +?1 and (role is null or role is ?2)
     order by updated_at desc, fact_id limit ${USER_FACTS}`,
    userId,
    role,
  );

/** Those of the user's facts that have these ids and are still there, by their ids. */
export const factsOfIds = (
  db: Database,
  userId: string,
  factIds: readonly string[],
): Map<string, ShownFact> =>
  new Map(
    db
      .all<ShownFact>(
        `select fact_id, text, created_at, updated_at from user_facts
         where fact_id in (select value from json_each(?1)) and user_id = ?2`,
        JSON.stringify(factIds),
        userId,
      )
      .map((fact) => [fact.fact_id, fact]),
  );

/** The user's oldest fact of that text; null where there is none. */
export const factOfText = (db: Database, user: User, text: string): PlacedFact | null =>
  db.one<PlacedFact>(
    `${PLACED} where ${OF_USER} and f.text = +?3 order by f.created_at, f.fact_id limit 1`,
    ...params(user),
    text,
  );

/**
 * The block that holds what clients wrote of the user in that role; null while there is none. Neither a conversation nor an
 * import's block is one: a client's fact would go with it.
 */
export const factBlockOf = (db: Database, userId: string, role: string | null): number | null =>
  db.scalar<number>(
    `select f.key from user_facts f join sessions s on s.key = f.key
     where f.user_id = ? and f.role is ? and s.session_id >= ? and s.session_id < ?
     and not exists (select 1 from import_turns i where i.key = f.key) limit 1`,
    userId,
    role,
    ...FACT_BLOCK_IDS,
  );

/** The facts that came from a session, by their creation. */
export const factsOfSession = (db: Database, key: number): UserFact[] =>
  db
    .all<Row>("select * from user_facts where key = +? order by created_at, fact_id", key)
    .map(({ fact_id, text, seq, created_at, updated_at }) => ({
      fact_id,
      text,
      ...(seq !== null && { seq }),
      created_at,
      updated_at,
    }));

/**
 * In the transaction that writes the session, or in one of its own. An id that another fact has is replaced. An erased fact
 * does not come back.
 */
export function insertFacts(db: Database, key: number, facts: readonly UserFact[]): void {
  if (facts.length === 0) return;
  const { user_id = null, role = null } = findDetails(db, key) ?? {};
  if (user_id === null) return;
  for (const { fact_id, text, seq = null, created_at, updated_at } of facts) {
    if (isFactErased(db, fact_id)) continue;
    const isTaken = db.scalar("select 1 from user_facts where fact_id = ?", fact_id) !== null;
    db.run(
      "insert into user_facts (fact_id, key, seq, user_id, role, text, created_at, updated_at) values (?, ?, ?, ?, ?, ?, ?, ?)",
      isTaken ? mintFactId() : fact_id,
      key,
      seq,
      user_id,
      role,
      text,
      boundTime(created_at),
      boundTime(updated_at),
    );
  }
}

export const changeFact = (db: Database, factId: string, text: string, now: number): void =>
  db.run(
    "update user_facts set text = ?, updated_at = ? where fact_id = ?",
    text,
    boundTime(now),
    factId,
  );

/** A slash: no session has such an id. */
const TOMBSTONE = "fact/";

/** Whether the fact was erased by itself. */
export const isFactErased = (db: Database, factId: string): boolean =>
  db.scalar("select 1 from tombstones where session_id = ?", TOMBSTONE + factId) !== null;

/** In a transaction. No copy in a backup or an export brings it back. */
export function eraseFact(db: Database, factId: string, now: number): void {
  db.run(
    "insert or ignore into tombstones (session_id, erased_at) values (?, ?)",
    TOMBSTONE + factId,
    now,
  );
  db.run("delete from user_facts where fact_id = ?", factId);
}

/** In the transaction that erases the turn, or something in it. As {@link eraseFact}. */
export function eraseFactsOfTurn(db: Database, key: number, seq: number, now: number): void {
  const facts = db.all<{ fact_id: string }>(
    "select fact_id from user_facts where key = ? and seq = ?",
    key,
    seq,
  );
  for (const { fact_id } of facts) eraseFact(db, fact_id, now);
}

/** In the transaction that deletes the session. */
export const dropFactsOfSession = (db: Database, key: number): void =>
  db.run("delete from user_facts where key = ?", key);

/** In the transaction that takes turns away as if they had not come. @param first - the number of the first turn */
export const dropFactsOfTurns = (db: Database, key: number, first: number, last: number): void =>
  db.run("delete from user_facts where key = ? and seq >= ? and seq <= ?", key, first, last);
