import { createHash } from "node:crypto";

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

type LogRow = { [Column in keyof LoggedEntry]: LoggedEntry[Column] };

/** Stands in for the hash before the first entry. */
const GENESIS = "0".repeat(64);

/** SHA-256 over the previous hash and the entry: a change or a removal breaks the chain. */
export function hashOf(
  previous: string,
  { seq, at, actor, action, target, details }: Omit<LoggedEntry, "hash">,
): string {
  const entry = JSON.stringify([seq, at, actor, action, target, details]);
  return createHash("sha256").update(`${previous}\n${entry}`).digest("hex");
}

export function appendEntry(db: Database, entry: AdminEntry): LoggedEntry {
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
    return { ...next, hash };
  });
}

export interface LogPage {
  entries: LoggedEntry[];
  has_more: boolean;
  /** Whether each hash is right and covers the entry before. */
  intact: boolean;
}

/** Entries after `after`, oldest first. */
export function readLog(db: Database, after: number, limit: number): LogPage {
  const entries = db.all<LogRow>(
    "select * from admin_log where seq >= ? order by seq limit ?",
    after,
    limit + 2,
  );
  const before = entries[0]?.seq === after ? entries.shift() : undefined;
  let previous = before?.hash ?? GENESIS;
  let seq = after;
  let intact = after === 0 || before !== undefined || entries.length === 0;
  for (const entry of entries) {
    intact &&= entry.seq === seq + 1 && entry.hash === hashOf(previous, entry);
    previous = entry.hash;
    seq = entry.seq;
  }
  return { entries: entries.slice(0, limit), has_more: entries.length > limit, intact };
}
