import type { Database } from "../sqlite/database.ts";
import { accountForgottenAt } from "./failed-jobs-table.ts";
import { read, write } from "./operations-table.ts";

declare module "./operations-table.ts" {
  interface OperationsValues {
    failing: NotedAccount[];
  }
}

/** What a maintenance or a sweep of an account left undone, or a part of it. */
export interface Maintained {
  account_id: string;
  /** The queue's message that tells it, also where it is retried. An older Worker names none. */
  message?: string;
  /** The time of the maintenance, in ms since the epoch: the same for all parts of it. */
  at: number;
  /** Whether it is a sweep, which comes before a maintenance: neither tells whether the other fails. */
  is_sweep?: true;
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

/** An account with no errors is kept while its maintenance goes on. Its sweeps are noted by themselves. */
interface NotedAccount extends FailingAccount {
  is_sweep?: true;
  /** The last message that told of the maintenance, and what those before it told. */
  message?: string;
  earlier?: Faults;
}

const NO_FAULTS: Faults = { errors: 0, failed_steps: [] };

/** Accounts that are kept whose maintenances fail, and whose sweeps fail: those that fail for longest. */
export const MAX_ACCOUNTS = 200;

const noted = (db: Database): NotedAccount[] => read(db, "failing") ?? [];

/** The accounts whose last maintenance or sweep had errors; those that fail for longest come first. */
export function failingAccounts(db: Database): FailingAccount[] {
  const all = new Map<string, FailingAccount>();
  for (const { account_id, since, at, errors, failed_steps } of noted(db)) {
    if (errors === 0) continue;
    // Its sweep fails as well as its maintenance.
    const other = all.get(account_id);
    all.set(account_id, {
      account_id,
      since: Math.min(since, other?.since ?? since),
      at: Math.max(at, other?.at ?? at),
      errors: errors + (other?.errors ?? 0),
      failed_steps: [...new Set([...(other?.failed_steps ?? []), ...failed_steps])],
    });
  }
  return [...all.values()].toSorted((a, b) => a.since - b.since);
}

const nameOf = ({ account_id, is_sweep }: { account_id: string; is_sweep?: true | undefined }) =>
  JSON.stringify([account_id, is_sweep ?? false]);

/**
 * Notes what maintenances left undone. An account whose maintenance had no error is forgotten. What a retried message tells
 * takes the place of what it told before. An account that was erased after its maintenance began stays forgotten: a batch
 * of jobs tells of all at its end.
 */
export function noteMaintained(db: Database, all: readonly Maintained[]): void {
  const before = noted(db);
  const failing = new Map(before.map((each) => [nameOf(each), each]));
  for (const { account_id, is_sweep, at, complete, message, ...faults } of all) {
    if (at <= (accountForgottenAt(db, account_id) ?? -Infinity)) continue;
    const name = nameOf({ account_id, is_sweep });
    const known = failing.get(name);
    const same = known?.at === at ? known : null;
    const isRetry = message !== undefined && same?.message === message;
    const earlier = (isRetry ? same.earlier : same) ?? NO_FAULTS;
    const errors = earlier.errors + faults.errors;
    const failed_steps = [...new Set([...earlier.failed_steps, ...faults.failed_steps])];
    if (errors > 0 || (isRetry && !complete)) {
      failing.set(name, {
        account_id,
        ...(is_sweep && { is_sweep }),
        since: known?.since ?? at,
        at,
        errors,
        failed_steps,
        ...(message !== undefined && { message }),
        earlier: { errors: earlier.errors, failed_steps: earlier.failed_steps },
      });
    } else if (complete) {
      failing.delete(name);
    }
  }
  const sorted = [...failing.values()].toSorted((a, b) => a.since - b.since);
  const kept = [true, undefined].flatMap((kind) =>
    sorted.filter(({ is_sweep }) => is_sweep === kind).slice(0, MAX_ACCOUNTS),
  );
  if (JSON.stringify(kept) !== JSON.stringify(before)) write(db, "failing", kept);
}

/** The account is erased. */
export function forgetMaintained(db: Database, accountId: string): void {
  const before = noted(db);
  const others = before.filter(({ account_id }) => account_id !== accountId);
  if (others.length < before.length) write(db, "failing", others);
}
