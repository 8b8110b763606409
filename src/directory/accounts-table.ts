import type { Database } from "../sqlite/database.ts";

export type AccountRow = {
  account_id: string;
  /** The account's first turn, in ms since the epoch. */
  created_at: number;
  /** No session is due for archiving before this; null: none is. */
  purge_at: number | null;
  /** No maintenance of archives, backups and copies is due before this; null: none is. */
  maintain_at: number | null;
  /** A fingerprint of the deployment's settings that set these times. */
  settings: string | null;
  /** Its totals at its last report. */
  live_sessions: number;
  archived_sessions: number;
  storage_bytes: number;
  archived_bytes: number;
};

const COLUMNS = [
  "account_id",
  "created_at",
  "purge_at",
  "maintain_at",
  "settings",
  "live_sessions",
  "archived_sessions",
  "storage_bytes",
  "archived_bytes",
] as const;
const REPORTED = COLUMNS.slice(2);

/** Adds an account, or updates its report. Idempotent. */
export function registerAccount(db: Database, account: AccountRow): void {
  db.run(
    `insert into accounts (${COLUMNS.join(", ")}) values (${COLUMNS.map(() => "?").join(", ")})
     on conflict (account_id) do update set created_at = min(created_at, excluded.created_at),
     ${REPORTED.map((name) => `${name} = excluded.${name}`).join(", ")}`,
    ...COLUMNS.map((name) => account[name]),
  );
}

/** The task of a cron. */
export type Errand = "sweep" | "maintain";

/**
 * The accounts that may be due at `now`, by id: for archiving or maintenance, or with `maintain` for maintenance only. An
 * account that reported under other settings is due as well.
 */
export function dueAccounts(
  db: Database,
  errand: Errand,
  { now, settings }: { now: number; settings: string },
  page: { after: string; limit: number },
): AccountRow[] {
  const due = errand === "sweep" ? "purge_at < ?1 or maintain_at < ?1" : "maintain_at < ?1";
  return db.all<AccountRow>(
    `select * from accounts where account_id > ?2 and (${due} or settings is not ?3)
     order by account_id limit +?4`,
    now,
    page.after,
    settings,
    page.limit,
  );
}

export type Totals = Pick<
  AccountRow,
  "live_sessions" | "archived_sessions" | "storage_bytes" | "archived_bytes"
> & {
  accounts: number;
  /** The most that one account holds. */
  fullest_account_bytes: number;
};

/** The sums of the accounts' last reports. */
export function readTotals(db: Database): Totals {
  return db.one<Totals>(
    `select count(*) as accounts, coalesce(sum(live_sessions), 0) as live_sessions,
     coalesce(sum(archived_sessions), 0) as archived_sessions,
     coalesce(sum(storage_bytes), 0) as storage_bytes, coalesce(sum(archived_bytes), 0) as archived_bytes,
     coalesce(max(storage_bytes), 0) as fullest_account_bytes
     from accounts`,
  ) as Totals;
}

/** The account whose SQLite holds the most; null where there is none. */
export const fullestAccount = (db: Database): AccountRow | null =>
  db.one<AccountRow>("select * from accounts order by storage_bytes desc limit 1");

export function removeAccount(db: Database, accountId: string): void {
  db.run("delete from accounts where account_id = ?", accountId);
}

export function findAccount(db: Database, accountId: string): AccountRow | null {
  return db.one<AccountRow>("select * from accounts where account_id = ?", accountId);
}

export function listAccounts(db: Database, page: { after: string; limit: number }): AccountRow[] {
  return db.all<AccountRow>(
    "select * from accounts where account_id > ? order by account_id limit +?",
    page.after,
    page.limit,
  );
}
