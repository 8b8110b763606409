import type { Database } from "../sqlite/database.ts";
import { accountForgottenAt } from "./failed-jobs-table.ts";
import { read, write } from "./operations-table.ts";

declare module "./operations-table.ts" {
  interface OperationsValues {
    failing: NotedAccount[];
  }
}

/** What a maintenance of an account left undone, or a part of it. */
export interface Maintained {
  account_id: string;
  /** The queue's message that tells it, also where it is retried. An older Worker names none. */
  message?: string;
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

type Faults = Pick<FailingAccount, "errors" | "failed_steps">;

/** An account with no errors is kept while its maintenance goes on. */
interface NotedAccount extends FailingAccount {
  /** The last message that told of the maintenance, and what those before it told. */
  message?: string;
  earlier?: Faults;
}

const NO_FAULTS: Faults = { errors: 0, failed_steps: [] };

/** Accounts that are kept: those that fail for longest. */
const MAX_ACCOUNTS = 200;

const noted = (db: Database): NotedAccount[] => read(db, "failing") ?? [];

/** The accounts whose last maintenance had errors; those that fail for longest come first. */
export const failingAccounts = (db: Database): FailingAccount[] =>
  noted(db)
    .filter(({ errors }) => errors > 0)
    .map(({ message: _message, earlier: _earlier, ...account }) => account);

/**
 * Notes what maintenances left undone. An account whose maintenance had no error is forgotten. What a retried message tells
 * takes the place of what it told before. An account that was erased after its maintenance began stays forgotten: a batch
 * of jobs tells of all at its end.
 */
export function noteMaintained(db: Database, all: readonly Maintained[]): void {
  const before = noted(db);
  const failing = new Map(before.map((each) => [each.account_id, each]));
  for (const { account_id, at, complete, message, ...faults } of all) {
    if (at <= (accountForgottenAt(db, account_id) ?? -Infinity)) continue;
    const known = failing.get(account_id);
    const same = known?.at === at ? known : null;
    const isRetry = message !== undefined && same?.message === message;
    const earlier = (isRetry ? same.earlier : same) ?? NO_FAULTS;
    const errors = earlier.errors + faults.errors;
    const failed_steps = [...new Set([...earlier.failed_steps, ...faults.failed_steps])];
    if (errors > 0 || (isRetry && !complete)) {
      failing.set(account_id, {
        account_id,
        since: known?.since ?? at,
        at,
        errors,
        failed_steps,
        ...(message !== undefined && { message }),
        earlier: { errors: earlier.errors, failed_steps: earlier.failed_steps },
      });
    } else if (complete) {
      failing.delete(account_id);
    }
  }
  const kept = [...failing.values()].toSorted((a, b) => a.since - b.since).slice(0, MAX_ACCOUNTS);
  if (JSON.stringify(kept) !== JSON.stringify(before)) write(db, "failing", kept);
}

/** The account is erased. */
export function forgetMaintained(db: Database, accountId: string): void {
  const before = noted(db);
  const others = before.filter(({ account_id }) => account_id !== accountId);
  if (others.length < before.length) write(db, "failing", others);
}
