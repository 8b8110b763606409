import { DAY_MS } from "../time.ts";
import type { Database } from "./database.ts";

export type AccountRow = {
  account_id: string;
  /** The account's first turn, in ms since the epoch. */
  created_at: number;
  /** No session of the account was last accessed before, in ms since the epoch. */
  idle_since: number;
  /** The account's own retention; null for the deployment's. */
  retention_days: number | null;
};

/** Enters an account, or what it says of itself now. Twice is once. */
export function registerAccount(db: Database, account: AccountRow): void {
  db.run(
    `insert into accounts values (?, ?, ?, ?) on conflict (account_id) do update set
     created_at = min(created_at, excluded.created_at), idle_since = excluded.idle_since,
     retention_days = excluded.retention_days`,
    account.account_id,
    account.created_at,
    account.idle_since,
    account.retention_days,
  );
}

/** The accounts that may have something to forget at `now`, by id. Retention is as it is set now, not as it once was. */
export function dueAccounts(
  db: Database,
  now: number,
  retentionDays: number,
  page: { after: string; limit: number },
): AccountRow[] {
  return db.all<AccountRow>(
    `select * from accounts where account_id > ? and idle_since + coalesce(retention_days, ?) * ${DAY_MS} < ?
     order by account_id limit ?`,
    page.after,
    retentionDays,
    now,
    page.limit,
  );
}

export function removeAccount(db: Database, accountId: string): void {
  db.run("delete from accounts where account_id = ?", accountId);
}

export function findAccount(db: Database, accountId: string): AccountRow | null {
  return db.one<AccountRow>("select * from accounts where account_id = ?", accountId);
}

export function listAccounts(db: Database, page: { after: string; limit: number }): AccountRow[] {
  return db.all<AccountRow>(
    "select * from accounts where account_id > ? order by account_id limit ?",
    page.after,
    page.limit,
  );
}
