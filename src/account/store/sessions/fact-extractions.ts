import type { Database } from "../../../sqlite/database.ts";

/** Days that a row is kept: longer than a queue may deliver its job again. */
const KEPT_DAYS = 7;

/** A turn whose facts a model is asked for. */
export type FactExtraction = {
  turn_id: number;
  user_id: string;
  /** Of the first attempt, in days since the epoch. */
  day: number;
  attempts: number;
  /** 1: its facts are stored. */
  done: number;
};

export const findExtraction = (db: Database, turn: number): FactExtraction | null =>
  db.one<FactExtraction>("select * from fact_extractions where turn_id = ?", turn);

/** Number of turns of a day, of all users or of one, whose facts a model was asked for. */
export const countExtractions = (db: Database, day: number, userId: string | null): number =>
  db.scalar<number>(
    "select count(*) from fact_extractions where day = ?1 and (?2 is null or user_id = ?2)",
    day,
    userId,
  ) ?? 0;

/** Notes an attempt, and drops what is older than any job. */
export function noteExtraction(
  db: Database,
  { turn_id, user_id, day }: Pick<FactExtraction, "turn_id" | "user_id" | "day">,
): void {
  db.run("delete from fact_extractions where day < ?", day - KEPT_DAYS);
  db.run(
    `insert into fact_extractions (turn_id, user_id, day, attempts) values (?, ?, ?, 1)
     on conflict (turn_id) do update set attempts = attempts + 1`,
    turn_id,
    user_id,
    day,
  );
}

export const endExtraction = (db: Database, turn: number): void =>
  db.run("update fact_extractions set done = 1 where turn_id = ?", turn);

/** In the transaction that erases the turns, or changes what they say. */
export function dropExtractions(db: Database, range: readonly [number, number]): void {
  db.run("delete from fact_extractions where turn_id >= ? and turn_id < ?", ...range);
}
