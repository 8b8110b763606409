import { sha256 } from "../shared/sha256.ts";
import type { Database } from "../sqlite/database.ts";

export interface AdminEntry {
  /** Ms since the epoch. */
  at: number;
  /** `root`, `open`, or the id of a key. */
  actor: string;
  /** `key.create`, `account.erase`, ... */
  action: string;
  /** The account or key that the action changed. */
  target: string;
  /** JSON. */
  details: string;
}

export interface LoggedEntry extends AdminEntry {
  seq: number;
  hash: string;
}

/** An entry that was just written, and the head that it continues; null for the first. */
export interface AppendedEntry extends LoggedEntry {
  previous: LogHead | null;
}

type LogRow = { [Column in keyof LoggedEntry]: LoggedEntry[Column] };

/** Rows that are read at once. */
const BATCH_SIZE = 500;
/** Stands in for the hash before the first entry. */
const GENESIS = "0".repeat(64);

/** SHA-256 over the previous hash and the entry: a change or a removal breaks the chain. */
export function hashOf(
  previous: string,
  { seq, at, actor, action, target, details }: Omit<LoggedEntry, "hash">,
): string {
  const entry = JSON.stringify([seq, at, actor, action, target, details]);
  return sha256(`${previous}\n${entry}`);
}

export function appendEntry(db: Database, entry: AdminEntry): AppendedEntry {
  return db.transaction(() => {
    const last = db.one<LogRow>("select * from admin_log order by seq desc limit 1");
    const next = { seq: (last?.seq ?? 0) + 1, ...entry };
    const hash = hashOf(last?.hash ?? GENESIS, next);
    db.run(
      "insert into admin_log values (?, ?, ?, ?, ?, ?, ?)",
      next.seq,
      next.at,
      next.actor,
      next.action,
      next.target,
      next.details,
      hash,
    );
    return { ...next, hash, previous: last && { seq: last.seq, hash: last.hash } };
  });
}

export interface LogPage {
  entries: LoggedEntry[];
  has_more: boolean;
}

/** Entries after `after`, oldest first. */
export function readLog(db: Database, after: number, limit: number): LogPage {
  const entries = db.all<LogRow>(
    "select * from admin_log where seq > ? order by seq limit +?",
    after,
    limit + 1,
  );
  return { entries: entries.slice(0, limit), has_more: entries.length > limit };
}

/** The last entry of a log, or of a part of it. */
export interface LogHead {
  seq: number;
  hash: string;
}

export interface LogCheck {
  /** The last entry's `seq`; 0 for an empty log. */
  head: number;
  /** Up to this `seq` each hash is right and covers the entry before. */
  verified_through: number;
  /** Whether all of the log is right, and has what the anchor says. */
  intact: boolean;
}

/** Checks the chain from its first entry to its last. @param anchor - the head that is kept outside the log */
export function checkLog(db: Database, anchor: LogHead | null): LogCheck {
  let previous = GENESIS;
  let [head, through] = [0, 0];
  for (let rows = rowsAfter(db, 0); rows.length > 0; rows = rowsAfter(db, head)) {
    for (const row of rows) {
      const isNext = through === head && row.seq === head + 1;
      if (isNext && row.hash === hashOf(previous, row)) through = row.seq;
      head = row.seq;
      previous = row.hash;
    }
  }
  return {
    head,
    verified_through: through,
    intact: through === head && (anchor === null || hasEntry(db, anchor)),
  };
}

/** Whether the log continues from one head to another without a break. */
export function isContinued(db: Database, from: LogHead, to: LogHead): boolean {
  return hasEntry(db, from) && hasEntry(db, to) && checkLog(db, null).verified_through >= to.seq;
}

const rowsAfter = (db: Database, seq: number): LogRow[] =>
  db.all<LogRow>("select * from admin_log where seq > ? order by seq limit +?", seq, BATCH_SIZE);

const hasEntry = (db: Database, { seq, hash }: LogHead): boolean =>
  db.scalar<string>("select hash from admin_log where seq = ?", seq) === hash;
