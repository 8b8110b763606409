import type { Database } from "./database.ts";

export type AccountRow = {
  account_id: string;
  /** The account's first turn, in ms since the epoch. */
  created_at: number;
  /** Before this no session of the account is to be archived; null: none ever, as things are. */
  purge_at: number | null;
  /** Before this nothing else of it needs looking after: archives, backups, copies. */
  maintain_at: number | null;
  /** The deployment's settings that these were told by. */
  settings: string | null;
};

/** Enters an account, or what it says of itself now. Twice is once. */
export function registerAccount(db: Database, account: AccountRow): void {
  db.run(
    `insert into accounts (account_id, created_at, purge_at, maintain_at, settings) values (?, ?, ?, ?, ?)
     on conflict (account_id) do update set created_at = min(created_at, excluded.created_at),
     purge_at = excluded.purge_at, maintain_at = excluded.maintain_at, settings = excluded.settings`,
    account.account_id,
    account.created_at,
    account.purge_at,
    account.maintain_at,
    account.settings,
  );
}

/** What a cron is for. */
export type Errand = "sweep" | "maintain";

/**
 * The accounts that may have something to do at `now`, by id: to archive or to look after, or for `maintain` the latter
 * only. Those that told what they told by other settings are asked as well.
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
     order by account_id limit ?4`,
    now,
    page.after,
    settings,
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
