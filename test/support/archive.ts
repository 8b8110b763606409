import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, inject } from "vitest";

import { ArchiveIndexer } from "../../src/account/archive/sessions/archive-indexer.ts";
import { Archivist } from "../../src/account/archive/sessions/archivist.ts";
import { Keyring } from "../../src/account/archive/storage/keyring.ts";
import { accountPrefixes } from "../../src/account/archive/format/keys.ts";
import { refreshManifests } from "../../src/account/archive/upkeep/maintain.ts";
import type { MaintainParts } from "../../src/account/archive/upkeep/maintain.ts";
import { ObjectStore } from "../../src/account/archive/storage/object-store.ts";
import type { ReindexParts } from "../../src/account/archive/upkeep/reindex.ts";
import { beginBackup, stepBackup } from "../../src/account/archive/backup/backup.ts";
import type { BackupRequest } from "../../src/account/archive/backup/backup.ts";
import { stepRestore } from "../../src/account/archive/backup/restore-backup.ts";
import type {
  RestoreOptions,
  RestoreParts,
  RestoreReport,
} from "../../src/account/archive/backup/restore-backup.ts";
import type { SweepParts } from "../../src/account/archive/upkeep/sweep.ts";
import { parseConfig } from "../../src/config.ts";
import { turnId } from "../../src/shared/ids.ts";
import { Counters } from "../../src/account/store/usage/counters.ts";
import { noteReplicated, noteUnreplicated } from "../../src/account/store/archive/archives.ts";
import type { SegmentRow } from "../../src/account/store/archive/archives.ts";
import { SystemPrompts } from "../../src/account/store/turns/system-prompts.ts";
import type { Retention } from "../../src/account/store/retention/retention-policy.ts";
import type { Due } from "../../src/account/store/retention/retention.ts";
import { SearchIndex } from "../../src/account/store/turns/search.ts";
import { SessionKeys } from "../../src/account/store/sessions/session-keys.ts";
import { Database } from "../../src/sqlite/database.ts";
import { findSession, insertSession } from "../../src/account/store/sessions/sessions.ts";
import { Turns } from "../../src/account/store/turns/turns.ts";
import { freshAccount, objectOf } from "./client.ts";
import type { QuotaRoom } from "../../src/account/store/usage/quotas.ts";
import type { Turn } from "../../src/shared/turn.ts";
import { deploymentRetention } from "../../src/account/store/retention/retention-policy.ts";

export const THEN = Date.UTC(2026, 0, 1);

/** What `config.ts` makes of no settings. */
export const RETENTION: Retention = { ...deploymentRetention(parseConfig({})), rules: [] };

/** The rows of a backup's parts, in order. */
export const partsOf = (db: Database, backupId: string): SegmentRow[] =>
  db.all<SegmentRow>("select * from segments where backup_id = ? order by part", backupId);

/** SQLite with room for anything. */
export const ANY_ROOM: QuotaRoom = { checkWrite: () => undefined, checkSession: () => undefined };

/** What is due after so many days without a turn. */
export const dueAt = (now: number, idle_days = 30): Due => ({
  now,
  retention: { ...RETENTION, idle_days },
  crowded_before: null,
  full_before: null,
  journal_through: null,
});

export interface ShelfOptions {
  replica?: R2Bucket;
  key?: string;
  previousKey?: string;
  segmentBytes?: number;
  retention?: Retention;
}

export type Tools = RestoreParts &
  MaintainParts &
  ReindexParts &
  SweepParts & { archiveIndexer: ArchiveIndexer; search: SearchIndex };

export interface Shelf {
  account: string;
  db: Database;
  turns: Turns;
  counters: Counters;
  /** Ids of sessions with a turn on its way. */
  busy: Set<string>;
  /** What went wrong without stopping the rest. */
  errors: unknown[];
  /** An archivist over the same storage, as a new wake would make it. */
  archivist: (bucket?: R2Bucket) => Archivist;
  /** Likewise all that works on archives and backups. */
  tools: (bucket?: R2Bucket, options?: ShelfOptions) => Tools;
  search: SearchIndex;
  /** Nobody has a turn on its way that would have to be dropped. */
  lifecycle: Tools["lifecycle"];
  /** Adds a session with turns of that text, last accessed at {@link THEN}. */
  add: (sessionId: string, texts: string[]) => void;
  /** The session's turns wherever they are, live or archived. */
  read: (sessionId: string) => Promise<Turn[]>;
  /** Every object of the account in R2. */
  objects: () => Promise<string[]>;
}

/** Runs a test inside an account's object, on its storage, without the rest of it. */
export function withShelf(test: (shelf: Shelf) => Promise<void>): Promise<void> {
  const account = freshAccount();
  return runInDurableObject(objectOf(account), async (_, { storage }) => {
    const db = new Database(storage);
    const turns = new Turns(db);
    const frames = new SystemPrompts(db);
    const counters = new Counters(db);
    const busy = new Set<string>();
    const errors: unknown[] = [];
    let key = 0;
    const onError = (error: unknown) => void errors.push(error);
    const search = new SearchIndex(db);
    const lifecycle: Tools["lifecycle"] = {
      isBusy: (sessionId) => busy.has(sessionId),
      drop: () => undefined,
    };
    const tools = (bucket: R2Bucket = env.ARCHIVE, options: ShelfOptions = {}): Tools => {
      const store = new ObjectStore({
        primary: bucket,
        replica: options.replica,
        lacks: (objectKey) => noteUnreplicated(db, objectKey),
        has: (objectKey) => noteReplicated(db, objectKey),
        onError,
      });
      const deployment = { current: options.key, previous: options.previousKey };
      const keyring = new Keyring({ db, store, accountId: account, deployment });
      const each = new Archivist({
        db,
        turns,
        frames,
        counters,
        store,
        keyring,
        accountId: account,
        segmentBytes: options.segmentBytes ?? 50 * 1024 * 1024,
        isBusy: (sessionId) => busy.has(sessionId),
        beforeDelete: (objectKeys) => refreshManifests(parts, objectKeys, THEN),
        forgetCached: async (keys) => {
          await Promise.all(keys.map((cacheKey) => env.CACHE.delete(cacheKey)));
        },
        keepWords: (keys) => search.indexBeforeArchive(keys),
        turnsWritten: () => undefined,
        onError,
      });
      const parts: Tools = {
        archiveIndexer: new ArchiveIndexer({ db, store, keyring, onError }),
        search,
        db,
        turns,
        frames,
        counters,
        store,
        keyring,
        archivist: each,
        accountId: account,
        sessionKeys: new SessionKeys(db),
        turnsWritten: (sessionKey) => search.turnWritten(sessionKey),
        sessionWritten: () => undefined,
        lifecycle,
        outbox: { idleChanged: () => undefined },
        retention: () => options.retention ?? RETENTION,
        onError,
      };
      return parts;
    };
    const archivist = (bucket?: R2Bucket) => tools(bucket).archivist;
    await test({
      account,
      db,
      turns,
      counters,
      busy,
      errors,
      archivist,
      tools,
      search,
      lifecycle,
      add: (session_id, texts) => {
        key += 1;
        const at = { created_at: THEN, accessed_at: THEN };
        insertSession(db, { key, session_id, flags: 0, ...at });
        for (const [index, text] of texts.entries())
          turns.insert(turnOf(turnId(key, index + 1), text));
      },
      read: async (sessionId) => {
        const session = findSession(db, sessionId);
        if (!session) return [];
        if (session.segment !== null) return (await archivist().readWhole(session, Infinity)).turns;
        return turns.list(session.key, { order: "asc", limit: -1 });
      },
      objects: async () => {
        const prefixes = accountPrefixes(account);
        const lists = await Promise.all(prefixes.map((prefix) => env.ARCHIVE.list({ prefix })));
        return lists.flatMap(({ objects }) => objects.map(({ key: objectKey }) => objectKey));
      },
    });
  });
}

/** A completed turn at {@link THEN}, but for what is said otherwise. */
export const turnOf = (id: number, input: string, more: Partial<Turn> = {}): Turn => ({
  id,
  status: "completed",
  created_at: THEN,
  duration_ms: 12,
  model: "local",
  input_tokens: 3,
  output_tokens: 4,
  input,
  output: `${input}!`,
  extra: {},
  ...more,
});

/** A turn that is being answered, at {@link THEN}. */
export const openTurnOf = (id: number, input: string, more: Partial<Turn> = {}): Turn =>
  turnOf(id, input, {
    status: "in_progress",
    duration_ms: null,
    model: null,
    input_tokens: null,
    output_tokens: null,
    output: null,
    ...more,
  });

/** Makes a backup with all its parts. @param took - how many ms it takes. @returns its id */
export async function backUp(
  tools: Tools,
  backup_id = "backup_1",
  {
    session_ids = null,
    reason = "request",
    at = THEN,
    took = 0,
  }: Partial<Pick<BackupRequest, "session_ids" | "reason">> & { at?: number; took?: number } = {},
): Promise<string> {
  beginBackup(tools, { backup_id, session_ids, reason }, at);
  while (!(await stepBackup(tools, backup_id, at + took)));
  return backup_id;
}

/** Restores a backup to its end. @returns the last report */
export async function restoreBackup(
  tools: Tools,
  options: Partial<RestoreOptions> = {},
  backup_id = "backup_1",
): Promise<RestoreReport> {
  for (;;) {
    const report = await stepRestore(tools, backup_id, { ...RESTORE_ALL, ...options });
    if (report.complete) return report;
  }
}

/** Restores all of a backup's sessions that are not there. */
export const RESTORE_ALL: RestoreOptions = {
  dry_run: false,
  session_ids: null,
  on_conflict: "skip",
};

/**
 * R2 whose `n`th operation fails: before it does anything, or after it did all, as when only the answer is lost.
 * Counts operations, so that a test knows when it has failed them all.
 */
export function failingBucket(
  n: number,
  when: "before" | "after",
): { bucket: R2Bucket; operations: () => number } {
  let operations = 0;
  const failing = async <T>(work: () => Promise<T>): Promise<T> => {
    operations += 1;
    const fails = operations === n;
    if (fails && when === "before") throw new Error("R2 is away");
    const result = await work();
    if (fails) throw new Error("R2 is away");
    return result;
  };
  const bucket = {
    put: (...args: Parameters<R2Bucket["put"]>) => failing(() => env.ARCHIVE.put(...args)),
    get: (key: string, options?: R2GetOptions) => failing(() => env.ARCHIVE.get(key, options)),
    list: (options?: R2ListOptions) => failing(() => env.ARCHIVE.list(options)),
    delete: (keys: string | string[]) => failing(() => env.ARCHIVE.delete(keys)),
  };
  return { bucket: bucket as unknown as R2Bucket, operations: () => operations };
}

/** R2, of which something happens right before the `n`th object is written. */
export function bucketBeforePut(n: number, happens: () => void): R2Bucket {
  let puts = 0;
  const put = (...args: Parameters<R2Bucket["put"]>) => {
    puts += 1;
    if (puts === n) happens();
    return env.ARCHIVE.put(...args);
  };
  return { ...failingBucket(0, "before").bucket, put };
}

/** Idempotency keys of sessions that are not there, from the key on. */
export const addRequestKeys = ({ db }: Shelf, session: number, keys: number): void =>
  db.run(
    `insert into idempotency select 'other-' || value, '', (?1 + value) * 1048576 + 1, ?2
     from (with recursive n (value) as (select 1 union all select value + 1 from n where value < ?3) select value from n)`,
    session,
    THEN,
    keys,
  );

/** Watches how many rows each transaction reads from now on. */
export function rowsOfTransactions({ db }: Shelf): number[] {
  const rows: number[] = [];
  const transaction = db.transaction.bind(db);
  db.transaction = (work) => {
    const before = db.rowsRead;
    const result = transaction(work);
    rows.push(db.rowsRead - before);
    return result;
  };
  return rows;
}

/** What is counted is what a new wake would count. */
export function expectCounted({ db, counters }: Shelf): void {
  const counted = counters.read();
  db.run("delete from account where name = 'counters'");
  expect(counted).toEqual(new Counters(db).read());
}

// A linear congruence: the same places at every run.
const random = (n: number, below: number) => (((n + 1) * 2_654_435_761) % 2 ** 32) % below;

/** How many alterations a test tries, by `npm run test:large` more: an alteration that goes unnoticed is none of chance, each check is of every byte. */
export const ALTERATIONS = inject("isLarge") ? 400 : 60;

/**
 * R2 whose objects under a prefix come altered: their `n`th bit at random flipped, or, every fourth time, cut off. Null
 * leaves them whole. From memory, so that thousands of alterations are quick.
 *
 * @param within - only so many bytes at an object's beginning are altered
 */
export async function alteredBucket(
  prefix: string,
  account: string,
  within = Infinity,
): Promise<{ bucket: R2Bucket; alter: (n: number | null) => void }> {
  const { objects } = await env.ARCHIVE.list({ prefix: `${prefix}${account}/` });
  const held = new Map<string, Uint8Array>();
  for (const { key } of objects) {
    const bytes = (await (await env.ARCHIVE.get(key))?.arrayBuffer()) ?? new ArrayBuffer();
    held.set(key, new Uint8Array(bytes));
  }
  let at: number | null = null;
  const altered = (bytes: Uint8Array): Uint8Array => {
    if (at === null) return bytes;
    const place = random(at, Math.min(bytes.length, within));
    if (at % 4 === 3) return bytes.subarray(0, place);
    const copy = bytes.slice();
    copy[place] = (copy[place] as number) ^ (1 << (at % 8));
    return copy;
  };
  const get = async (key: string, options?: { range?: { offset: number; length: number } }) => {
    const bytes = held.get(key);
    if (!bytes) return env.ARCHIVE.get(key);
    const { offset = 0, length = bytes.length } = options?.range ?? {};
    const found = altered(bytes).slice(offset, offset + length);
    return { arrayBuffer: () => Promise.resolve(found.buffer) };
  };
  const bucket = {
    get,
    put: (...args: Parameters<R2Bucket["put"]>) => env.ARCHIVE.put(...args),
    list: (options?: R2ListOptions) => env.ARCHIVE.list(options),
    delete: (keys: string | string[]) => env.ARCHIVE.delete(keys),
  };
  return {
    bucket: bucket as unknown as R2Bucket,
    alter: (n) => {
      at = n;
    },
  };
}
