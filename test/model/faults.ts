import { env } from "cloudflare:workers";

import { archivePrefix } from "../../src/account/archive/format/keys.ts";

/**
 * Which I/O fails while a command runs: the `nth`, before it does anything or after it did all, or with other bytes.
 * `sql` is a full disk, `sync` a disk that does not confirm what it was given.
 */
export interface Fault {
  where: "sql" | "sync" | "r2-before" | "r2-after" | "r2-altered";
  nth: number;
  /** It and the next ones: a call that is made again fails again. */
  times: number;
}

interface Armed extends Fault {
  fired: number;
}

/** Those that are armed, by the account whose I/O they fail. */
const armed = new Map<string, Armed>();

/** Counts an operation. @returns the fault that is to happen at it */
function strike(account: string | undefined, kind: "sql" | "sync" | "r2"): Fault | null {
  const fault = account === undefined ? undefined : armed.get(account);
  if (!fault || fault.fired >= fault.times || !fault.where.startsWith(kind)) return null;
  fault.nth -= 1;
  if (fault.nth > 0) return null;
  fault.fired += 1;
  return fault;
}

/** What is done while an archive is written to R2, by the account. */
const meanwhile = new Map<string, () => Promise<void>>();

/** Does something when the account next writes an archive, before that is written. @returns what takes it back */
export function atNextArchive(account: string, work: () => Promise<void>): () => void {
  meanwhile.set(account, work);
  return () => void meanwhile.delete(account);
}

/** The account that an object of R2, or a prefix, belongs to. */
const accountOf = (key = ""): string | undefined => key.split("/")[1];

const altered = (bytes: Uint8Array): Uint8Array => {
  const copy = bytes.slice();
  const place = copy.length >> 1;
  copy[place] = (copy[place] ?? 0) ^ 1;
  return copy;
};

async function failing<T>(fault: Fault | null, work: () => Promise<T>): Promise<T> {
  if (fault?.where === "r2-before") throw new Error("R2 is away");
  const result = await work();
  if (fault?.where === "r2-after") throw new Error("R2 is away");
  return result;
}

type Methods = {
  [M in "put" | "get" | "list" | "delete"]: (this: R2Bucket, ...args: never[]) => Promise<unknown>;
};

/** Puts itself between the objects and their bucket. @returns what takes it out again */
export function interceptR2(): () => void {
  const bucket = Object.getPrototypeOf(env.ARCHIVE) as Methods;
  const real = { put: bucket.put, get: bucket.get, list: bucket.list, delete: bucket.delete };
  const call = (self: R2Bucket, method: keyof Methods, ...args: unknown[]) =>
    real[method].apply(self, args as never[]);
  const fake: Methods = {
    async put(key: string, bytes: Uint8Array, options: R2PutOptions) {
      const account = accountOf(key) ?? "";
      // Not at a manifest, which a sweep may write first.
      if (key.startsWith(archivePrefix(account))) {
        const work = meanwhile.get(account);
        meanwhile.delete(account);
        await work?.();
      }
      const fault = strike(accountOf(key), "r2");
      // A bucket that holds something else than it was given, and has no word of that.
      if (fault?.where !== "r2-altered")
        return failing(fault, () => call(this, "put", key, bytes, options));
      const { sha256: _, ...others } = options;
      return call(this, "put", key, altered(bytes), others);
    },
    async get(key: string, options?: R2GetOptions) {
      const fault = strike(accountOf(key), "r2");
      const object = await failing(fault, () => call(this, "get", key, options));
      if (fault?.where !== "r2-altered" || object === null) return object;
      const bytes = altered(new Uint8Array(await (object as R2ObjectBody).arrayBuffer()));
      return { arrayBuffer: () => Promise.resolve(bytes.buffer) };
    },
    list(options: R2ListOptions) {
      const fault = strike(accountOf(options.prefix), "r2");
      return failing(fault, () => call(this, "list", options));
    },
    delete(keys: string | string[]) {
      const fault = strike(accountOf([keys].flat()[0]), "r2");
      return failing(fault, () => call(this, "delete", keys));
    },
  };
  Object.assign(bucket, fake);
  return () => Object.assign(bucket, real);
}

/** The account's bucket fails as planned until it is disarmed. */
export function armR2(account: string, fault: Fault) {
  const plan = { ...fault, fired: 0 };
  armed.set(account, plan);
  return {
    /** How often. */
    fired: () => plan.fired,
    isSpent: () => plan.fired >= plan.times,
    disarm: () => void armed.delete(account),
  };
}

/** Likewise, and inside the account's object its storage, too. */
export function arm(account: string, storage: DurableObjectStorage, fault: Fault) {
  const { sql } = storage;
  const plan = armR2(account, fault);
  const { sync } = Object.getPrototypeOf(storage) as { sync: () => Promise<void> };
  const ownStorage: { sync?: unknown } = storage;
  ownStorage.sync = async () => {
    if (strike(account, "sync")) throw new Error("The disk does not answer");
    return sync.call(storage);
  };
  const { exec } = Object.getPrototypeOf(sql) as { exec: (...args: unknown[]) => unknown };
  const own: { exec?: unknown } = sql;
  own.exec = (...args: unknown[]) => {
    if (strike(account, "sql")) throw new Error("The disk is full");
    return exec.apply(sql, args);
  };
  return {
    ...plan,
    disarm: () => {
      plan.disarm();
      delete own.exec;
      delete ownStorage.sync;
    },
  };
}
