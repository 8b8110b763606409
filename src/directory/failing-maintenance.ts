import type { Database } from "../sqlite/database.ts";
import { accountForgottenAt } from "./failed-jobs-table.ts";
import { read, write } from "./operations-table.ts";

declare module "./operations-table.ts" {
  interface OperationsValues {
    failing: FailingAccount[];
  }
}

/** What a maintenance of an account left undone, or a part of it. */
export interface Maintained {
  account_id: string;
  /** The time of the maintenance, in ms since the epoch: the same for all parts of it. */
  at: number;
  errors: number;
  failed_steps: string[];
  /** Whether it is over. */
  complete: boolean;
}

/** An account each of whose maintenances had errors since a time: a damaged object is tried again by each. */
export interface FailingAccount {
  account_id: string;
  /** The time of the first of them, in ms since the epoch. */
  since: number;
  /** Of the last one: its time, its errors, and the steps that had some. */
  at: number;
  errors: number;
  failed_steps: string[];
}

/** Accounts that are kept: those that fail for longest. */
const MAX_ACCOUNTS = 200;

/** The accounts whose last maintenance had errors; those that fail for longest come first. */
export const failingAccounts = (db: Database): FailingAccount[] => read(db, "failing") ?? [];

/**
 * Notes what maintenances left undone. An account whose maintenance had no error is forgotten. One that was erased after its
 * maintenance began stays forgotten: a batch of jobs tells of all at its end.
 */
export function noteMaintained(db: Database, all: readonly Maintained[]): void {
  const before = failingAccounts(db);
  const failing = new Map(before.map((each) => [each.account_id, each]));
  for (const { account_id, at, errors, failed_steps, complete } of all) {
    if (at <= (accountForgottenAt(db, account_id) ?? -Infinity)) continue;
    const known = failing.get(account_id);
    const isSame = known?.at === at;
    if (errors > 0) {
      const steps = new Set([...(isSame ? known.failed_steps : []), ...failed_steps]);
      failing.set(account_id, {
        account_id,
        since: known?.since ?? at,
        at,
        errors: errors + (isSame ? known.errors : 0),
        failed_steps: [...steps],
      });
    } else if (complete && !isSame) {
      failing.delete(account_id);
    }
  }
  const kept = [...failing.values()].toSorted((a, b) => a.since - b.since).slice(0, MAX_ACCOUNTS);
  if (JSON.stringify(kept) !== JSON.stringify(before)) write(db, "failing", kept);
}

/** The account is erased. */
export function forgetMaintained(db: Database, accountId: string): void {
  const before = failingAccounts(db);
  const others = before.filter(({ account_id }) => account_id !== accountId);
  if (others.length < before.length) write(db, "failing", others);
}
