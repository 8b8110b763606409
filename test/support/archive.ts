import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

import { Archivist } from "../../src/archive/archivist.ts";
import { turnId } from "../../src/ids.ts";
import { Counters } from "../../src/store/counters.ts";
import { Database } from "../../src/store/database.ts";
import { findSession, insertSession } from "../../src/store/sessions.ts";
import { Turns } from "../../src/store/turns.ts";
import type { Turn } from "../../src/store/turns.ts";
import { freshAccount, objectOf } from "./client.ts";

export const THEN = Date.UTC(2026, 0, 1);

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
    const counters = new Counters(db);
    const busy = new Set<string>();
    const errors: unknown[] = [];
    let key = 0;
    const archivist = (bucket: R2Bucket = env.ARCHIVE) =>
      new Archivist({
        db,
        turns,
        counters,
        bucket,
        accountId: account,
        isBusy: (sessionId) => busy.has(sessionId),
        turnsWritten: () => undefined,
        onError: (error) => errors.push(error),
      });
    await test({
      account,
      db,
      turns,
      counters,
      busy,
      errors,
      archivist,
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
        if (session.segment !== null) return (await archivist().read(session)).turns;
        return turns.list(session.key, { order: "asc", limit: -1 });
      },
      objects: async () => {
        const { objects } = await env.ARCHIVE.list({ prefix: `conversations/${account}/` });
        return objects.map(({ key: objectKey }) => objectKey);
      },
    });
  });
}

const turnOf = (id: number, input: string): Turn => ({
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
});

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
    delete: (keys: string | string[]) => failing(() => env.ARCHIVE.delete(keys)),
  };
  return { bucket: bucket as unknown as R2Bucket, operations: () => operations };
}
