import { describe, expect, it } from "vitest";

import { StorageRoom } from "../../../../src/account/store/usage/storage-room.ts";
import type { ApiError } from "../../../../src/shared/errors.ts";
import { withShelf } from "../../../support/archive.ts";

const LIMIT = 10_000_000_000;
const MINUTE = 60_000;

/** A room over a database of a size that the test sets. */
const withRoom = (
  test: (tools: {
    room: StorageRoom;
    /** A room over the same database, as another wake makes it. */
    woken: () => StorageRoom;
    disk: { share: number; asked: number };
    told: number[];
    time: { now: number };
  }) => void,
) =>
  withShelf(async ({ db }) => {
    const disk = { share: 0, asked: 0 };
    const time = { now: 0 };
    const told: number[] = [];
    const sized = new Proxy(db, {
      get(target, name) {
        if (name === "sizeBytes" || name === "usedBytes") {
          disk.asked += 1;
          return disk.share * LIMIT;
        }
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
    const parts = {
      db: sized,
      limitBytes: LIMIT,
      liveBytes: 0.7 * LIMIT,
      clock: () => time.now,
      onGrowth: () => told.push(disk.share),
    };
    const woken = () => new StorageRoom(parts);
    test({ room: woken(), woken, disk, told, time });
  });

const refuses = (check: () => void): boolean => {
  try {
    check();
    return false;
  } catch (error) {
    return (error as ApiError).code === "storage_full";
  }
};

describe("the room of an account", () => {
  it("is for no more archives' words before it is for no more sessions", () =>
    withRoom(({ room, disk }) => {
      disk.share = 0.89;
      expect(room.mayIndex).toBe(true);
      disk.share = 0.9;
      expect([room.mayIndex, refuses(() => room.checkSession())]).toEqual([false, false]);
    }));

  it("costs a look at the size once in 16 turns, and no row", () =>
    withRoom(({ room, disk }) => {
      for (let turn = 0; turn < 160; turn += 1) room.checkWrite();
      expect(disk.asked).toBe(10);
      room.checkSession();
      expect(disk.asked).toBe(11);
      disk.share = 0.9;
      room.checkSession();
      for (let turn = 0; turn < 10; turn += 1) room.checkWrite();
      expect(disk.asked).toBeGreaterThan(20);
    }));

  it("tells of each step of growth from 60 % on, and once in some minutes of a full one", () =>
    withRoom(({ room, disk, told, time }) => {
      for (const share of [0.3, 0.59, 0.6, 0.61, 0.62, 0.66, 0.8]) {
        disk.share = share;
        room.checkSession();
        room.checkSession();
      }
      expect(told).toEqual([0.6, 0.66, 0.8]);
      expect(room.wantsSweep()).toBe(true);
      room.sweepAsked();
      expect(room.wantsSweep()).toBe(false);
      room.checkSession();
      expect(told).toHaveLength(3);
      time.now += 6 * MINUTE;
      room.checkSession();
      expect(told).toHaveLength(4);
      expect(room.wantsSweep()).toBe(true);
      disk.share = 0.65;
      expect(room.wantsSweep()).toBe(false);
    }));

  it("asks for one sweep in some minutes, also where the account is evicted in between", () =>
    withRoom(({ room, woken, disk, time }) => {
      disk.share = 0.8;
      expect(room.wantsSweep()).toBe(true);
      room.sweepAsked();
      time.now += 4 * MINUTE;
      expect(woken().wantsSweep()).toBe(false);
      time.now += MINUTE;
      expect(woken().wantsSweep()).toBe(true);
    }));

  it("refuses sessions from 95 % on, writes from 99 % on, and copies of all rows above a half", () =>
    withRoom(({ room, disk }) => {
      const takes = (share: number) => {
        disk.share = share;
        const checks = [() => room.checkCopy(), () => room.checkSession(), () => room.checkWrite()];
        return checks.map((check) => !refuses(check));
      };
      expect(takes(0.5)).toEqual([true, true, true]);
      expect(takes(0.51)).toEqual([false, true, true]);
      expect(takes(0.95)).toEqual([false, false, true]);
      expect(takes(0.99)).toEqual([false, false, false]);
    }));
});
