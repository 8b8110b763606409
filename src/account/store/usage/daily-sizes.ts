import type { Database } from "../../../sqlite/database.ts";
import { dayOf } from "../../../shared/time.ts";
import type { Counters } from "./counters.ts";

/** Days that are kept. */
export const MAX_SIZE_DAYS = 400;

/** What the account held on a day, at its last look. A day without use and without a sweep has none. */
export interface DailySize {
  /** Days since the epoch. */
  day: number;
  storage_bytes: number;
  archived_bytes: number;
  /** Live ones. */
  sessions: number;
  archived_sessions: number;
  /** Live ones. */
  turns: number;
}

type Row = { [Column in keyof DailySize]: number };

export const lastSizeDay = (db: Database): number | null =>
  db.scalar<number>("select max(day) from daily_sizes");

/** Notes what the account holds. A day has one row: a later look replaces it. */
export function noteSize(db: Database, counters: Counters, now: number): void {
  const day = dayOf(now);
  const { sessions, archived, archived_bytes, turns } = counters.read();
  db.transaction(() => {
    db.run(
      "insert or replace into daily_sizes values (?, ?, ?, ?, ?, ?)",
      day,
      db.sizeBytes,
      archived_bytes,
      sessions,
      archived,
      turns,
    );
    db.run("delete from daily_sizes where day <= ?", day - MAX_SIZE_DAYS);
  });
}

/** Days from one on, oldest first. */
export const readSizes = (db: Database, fromDay: number): DailySize[] =>
  db.all<Row>("select * from daily_sizes where day >= ? order by day", fromDay);
