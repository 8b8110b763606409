import type { Database } from "./database.ts";

export type AccountRow = {
  account_id: string;
  /** The account's first turn, in ms since the epoch. */
  created_at: number;
  /** No session of the account can be due before, in ms since the epoch. */
  due_at: number;
};

/** Enters an account, or brings its due time forward. Twice is once. */
export function registerAccount(
  db: Database,
  { account_id, created_at, due_at }: AccountRow,
): void {
  db.run(
    `insert into accounts values (?, ?, ?) on conflict (account_id) do update set
     created_at = min(created_at, excluded.created_at), due_at = min(due_at, excluded.due_at)`,
    account_id,
    created_at,
    due_at,
  );
}

/** A sweep has ended: the account need not be looked at before `dueAt`. */
export function setDue(db: Database, accountId: string, dueAt: number): void {
  db.run("update accounts set due_at = ? where account_id = ?", dueAt, accountId);
}

export function dueAccounts(
  db: Database,
  now: number,
  page: { after: string; limit: number },
): AccountRow[] {
  return db.all<AccountRow>(
    "select * from accounts where account_id > ? and due_at <= ? order by account_id limit ?",
    page.after,
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
