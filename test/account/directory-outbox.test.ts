import { env } from "cloudflare:test";
import { expect, it } from "vitest";

import type { Account } from "../../src/account/account.ts";
import { runAlarm } from "../../src/account/alarm.ts";
import { Outbox } from "../../src/account/directory-outbox.ts";
import { KEEP_KEYS_MS, putKey } from "../../src/account/store/turns/idempotency.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../src/shared/time.ts";
import { RETENTION, THEN, withShelf } from "../support/archive.ts";
import type { Shelf } from "../support/archive.ts";

const KEYS = 300;

function outboxOf(shelf: Shelf) {
  const { db, counters } = shelf;
  const { store, keyring } = shelf.tools();
  const alarms: number[] = [];
  const storage = {
    getAlarm: async () => alarms.at(-1) ?? null,
    setAlarm: async (at: number) => void alarms.push(at),
  } as unknown as DurableObjectStorage;
  const outbox = new Outbox({
    db,
    counters,
    storage,
    retention: () => RETENTION,
    keyring,
    store,
    settings: "",
    env,
    accountId: "outbox",
  });
  return { outbox, alarms };
}

it("looks for expired idempotency keys once an hour, however many expire", () =>
  withShelf(async (shelf) => {
    const { db } = shelf;
    const { outbox } = outboxOf(shelf);
    // One expires each minute.
    for (let n = 0; n < KEYS; n += 1)
      putKey(db, { key: `k${n}`, hash: "h" }, 1, THEN + n * MINUTE_MS);
    const left = () => db.scalar<number>("select count(*) from idempotency");
    let now = THEN + KEEP_KEYS_MS;
    const passes: (number | null)[] = [];
    let read = 0;
    for (let alarm = 0; alarm < 3 * KEYS; alarm += 1, now += MINUTE_MS) {
      const before = db.rowsRead;
      await outbox.dropKeys(now);
      const next = await outbox.deliver(now);
      if (db.rowsRead - before >= 10) passes.push(next === null ? null : next - now);
      read += db.rowsRead - before;
      if (left() === 0) break;
    }
    expect(left()).toBe(0);
    expect(passes).toEqual([HOUR_MS, HOUR_MS, HOUR_MS, HOUR_MS, HOUR_MS, null]);
    // A pass for each key that expires had read some 300 times as many as there are.
    expect(read).toBeLessThan(10 * KEYS);
  }));

it("wakes for a key that is written when all others went", () =>
  withShelf(async (shelf) => {
    const { db } = shelf;
    const { outbox, alarms } = outboxOf(shelf);
    const write = (key: string) => {
      putKey(db, { key, hash: "h" }, 1, THEN);
      outbox.keyWritten();
    };
    write("a");
    write("b");
    await scheduler.wait(0);
    expect(alarms.length).toBe(1);
    alarms.length = 0;
    const dropping = outbox.dropKeys(THEN + KEEP_KEYS_MS);
    write("c");
    await scheduler.wait(0);
    await dropping;
    expect(await outbox.deliver(THEN + KEEP_KEYS_MS)).toBeNull();
    expect(alarms.length).toBe(1);
  }));

it("drops keys on time beside one that a later clock wrote", () =>
  withShelf(async (shelf) => {
    const { db } = shelf;
    const { outbox } = outboxOf(shelf);
    putKey(db, { key: "later", hash: "h" }, 1, THEN + 700 * DAY_MS);
    await outbox.dropKeys(THEN);
    putKey(db, { key: "own", hash: "h" }, 1, THEN);
    outbox.keyWritten();
    await outbox.dropKeys(THEN + KEEP_KEYS_MS);
    expect(db.all<{ key: string }>("select key from idempotency").map(({ key }) => key)).toEqual([
      "later",
    ]);
  }));

it.each(["is being erased", "was erased"])(
  "tells nothing of an account that %s by the time that keys were looked at",
  (how) =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      const told: string[] = [];
      const outboxCalled = (name: string, meanwhile = () => {}) => ({
        dropKeys: async () => meanwhile(),
        deliver: async () => void told.push(name),
      });
      const services = (outbox: object) => ({ db, outbox, room: { wantsSweep: () => false } });
      const account = { isErasing: false } as Record<string, unknown>;
      const erase = () => {
        if (how === "was erased") account["services"] = services(outboxCalled("after"));
        else account["isErasing"] = true;
      };
      account["ctx"] = { storage: { getAlarm: async () => null, setAlarm: async () => undefined } };
      account["services"] = services(outboxCalled("before", erase));
      await runAlarm(account as unknown as Account);
      expect(told).toEqual([]);
      account["isErasing"] = false;
      account["services"] = services(outboxCalled("later"));
      await runAlarm(account as unknown as Account);
      expect(told).toEqual(["later"]);
    }),
);
