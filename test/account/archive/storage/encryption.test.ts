import { randomBytes } from "node:crypto";

import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { deleteAccountObjects } from "../../../../src/account/archive/erasure/erase-account.ts";
import { maintain, nextMaintenance } from "../../../../src/account/archive/upkeep/maintain.ts";
import { reindex } from "../../../../src/account/archive/upkeep/reindex.ts";
import { stepRestore } from "../../../../src/account/archive/backup/restore-backup.ts";
import { findSession } from "../../../../src/account/store/sessions/sessions.ts";
import { THEN, backUp, dueAt, failingBucket, withShelf } from "../../../support/archive.ts";
import type { Shelf, Tools } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";

const LATER = THEN + 40 * DAY;
const ids = ["a", "b", "c"];
const fill = (shelf: Shelf) => ids.forEach((id) => shelf.add(id, ["first canary", "second"]));
const newKey = () => randomBytes(32).toString("base64");

const textsOf = async (tools: Tools, { db }: Shelf) =>
  Promise.all(
    ids.map(async (id) => {
      const session = findSession(db, id);
      return session
        ? (await tools.archivist.readWhole(session, Infinity)).turns.map(({ input }) => input)
        : null;
    }),
  );
const WHOLE = ids.map(() => ["first canary", "second"]);

describe("archives under ARCHIVE_KEY", () => {
  it("hold turns that are too large for a row, unreadable, and give them back", async () => {
    await withShelf(async (shelf) => {
      const text = `first canary ${"heron ".repeat(500_000)}`;
      shelf.add("a", [text, "second"]);
      expect(Number(shelf.db.scalar("select count(*) from turn_parts"))).toBeGreaterThan(1);
      const tools = shelf.tools(env.ARCHIVE, { key: newKey(), segmentBytes: 100_000 });
      await tools.archivist.archiveDue(dueAt(LATER), 0);
      expect(shelf.db.scalar("select count(*) from turn_parts")).toBe(0);
      expect(shelf.db.scalar("select count(*) from session_parts")).toBe(2);
      for (const key of await shelf.objects()) {
        const bytes = Buffer.from(await (await env.ARCHIVE.get(key))!.arrayBuffer());
        expect([
          key.endsWith(".enc") || key.endsWith("keys.json"),
          bytes.includes("canary"),
        ]).toEqual([true, false]);
      }
      const session = findSession(shelf.db, "a")!;
      const { archivist } = shelf.tools();
      await expect(archivist.readWhole(session, Infinity)).rejects.toMatchObject({
        code: "archive_locked",
      });
      expect(await tools.archivist.restore("a", LATER)).toBe(2);
      const [first] = shelf.turns.list(1, { order: "asc", limit: 1 });
      expect(first?.input === text).toBe(true);
    });
  });

  it("show nothing of what is in them, and are read with the key", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const tools = shelf.tools(env.ARCHIVE, { key: newKey() });
      await tools.archivist.archiveDue(dueAt(LATER), 0);
      const objects = await shelf.objects();
      expect(objects.map((key) => key.replace(/.*\/|[0-9a-f]{64}/g, ""))).toEqual([
        ".ndjson.gz.enc",
        "keys.json",
      ]);
      const [segment = ""] = objects;
      const bytes = Buffer.from(
        (await (await env.ARCHIVE.get(segment))?.arrayBuffer()) ?? new ArrayBuffer(),
      );
      expect(bytes.subarray(0, 4).toString()).toBe("CQE1");
      // No gzip member in it, and no id.
      expect(bytes.includes(Buffer.from([0x1f, 0x8b, 0x08, 0x00]))).toBe(false);
      expect(bytes.includes("session_id")).toBe(false);
      expect(await textsOf(tools, shelf)).toEqual(WHOLE);
    });
  });

  it("are locked to any other key, and say so", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await shelf.tools(env.ARCHIVE, { key: newKey() }).archivist.archiveDue(dueAt(LATER), 0);
      for (const options of [{}, { key: newKey() }]) {
        const { archivist } = shelf.tools(env.ARCHIVE, options);
        await expect(archivist.restore("a", LATER)).rejects.toMatchObject({
          code: "archive_locked",
        });
      }
      expect(findSession(shelf.db, "a")?.segment).not.toBeNull();
    });
  });

  it("are read by the key before while it is named, and need it no longer after maintenance", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const [old, fresh] = [newKey(), newKey()];
      await shelf.tools(env.ARCHIVE, { key: old }).archivist.archiveDue(dueAt(LATER), 0);
      const both = shelf.tools(env.ARCHIVE, { key: fresh, previousKey: old });
      expect(await textsOf(both, shelf)).toEqual(WHOLE);
      expect(nextMaintenance(both, null, LATER)).toBe(LATER);
      await maintain(both, LATER);
      expect(nextMaintenance(both, null, LATER)).toBeGreaterThan(LATER);
      expect(await textsOf(shelf.tools(env.ARCHIVE, { key: fresh }), shelf)).toEqual(WHOLE);
      await expect(textsOf(shelf.tools(env.ARCHIVE, { key: old }), shelf)).rejects.toMatchObject({
        code: "archive_locked",
      });
    });
  });

  it("are written again under a new key of the account, and plain ones under its first", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      await shelf.tools().archivist.archiveDue(dueAt(LATER), 0);
      const tools = shelf.tools(env.ARCHIVE, { key: newKey() });
      const inMaintenance = async () => {
        while ((await maintain(tools, LATER)).more);
        await tools.archivist.clean();
      };
      expect(nextMaintenance(tools, null, LATER)).toBe(LATER);
      await inMaintenance();
      expect(nextMaintenance(tools, null, LATER)).toBeGreaterThan(LATER);
      expect(tools.keyring.rows().map(({ id }) => id)).toEqual([1]);
      await tools.keyring.rotate(LATER);
      expect(tools.keyring.rows().map(({ id }) => id)).toEqual([1, 2]);
      await inMaintenance();
      expect(tools.keyring.rows().map(({ id }) => id)).toEqual([2]);
      expect(shelf.db.scalar("select group_concat(key_id) from segments")).toBe("2");
      expect(await shelf.objects()).toHaveLength(2);
      expect(await textsOf(tools, shelf)).toEqual(WHOLE);
      expect(shelf.counters.read().archived_bytes).toBe(
        shelf.db.scalar("select sum(bytes) from segments"),
      );
    });
  });

  it("come back with their keys from R2 alone, and nothing does once these are erased", async () => {
    await withShelf(async (shelf) => {
      fill(shelf);
      const key = newKey();
      const tools = shelf.tools(env.ARCHIVE, { key });
      await tools.archivist.archiveDue(dueAt(LATER), 0);
      const [segment = ""] = await shelf.objects();
      const stolen = (await (await env.ARCHIVE.get(segment))?.arrayBuffer()) ?? new ArrayBuffer();
      for (const table of ["sessions", "segments", "archive_keys"])
        shelf.db.run(`delete from ${table}`);
      const anew = shelf.tools(env.ARCHIVE, { key });
      expect(await reindex(anew)).toMatchObject({ sessions: 3, errors: [] });
      expect(await textsOf(anew, shelf)).toEqual(WHOLE);

      await deleteAccountObjects(anew.store, shelf.account);
      shelf.db.run("delete from archive_keys");
      expect(await shelf.objects()).toEqual([]);
      const after = shelf.tools(env.ARCHIVE, { key });
      expect(() => after.keyring.open(new Uint8Array(stolen))).toThrow("its key is missing");
    });
  });

  it("lose nothing when R2 fails at any operation while they are encrypted again", async () => {
    const key = newKey();
    let operated = 0;
    for (let failed = 1; operated >= failed - 1; failed += 1) {
      await withShelf(async (shelf) => {
        fill(shelf);
        await shelf.tools().archivist.archiveDue(dueAt(LATER), 0);
        const { bucket, operations } = failingBucket(failed, "after");
        const failing = shelf.tools(bucket, { key });
        await maintain(failing, LATER).catch(() => undefined);
        await failing.archivist.clean().catch(() => undefined);
        operated = operations();
        const tools = shelf.tools(env.ARCHIVE, { key });
        expect(await textsOf(tools, shelf)).toEqual(WHOLE);
        await maintain(tools, LATER);
        await tools.archivist.clean();
        expect(await textsOf(tools, shelf)).toEqual(WHOLE);
        expect(await shelf.objects()).toHaveLength(2);
      });
    }
  });

  it("are refused at any flipped bit and any cut, by the seal alone", async () => {
    await withShelf(async (shelf) => {
      const { keyring } = shelf.tools(env.ARCHIVE, { key: newKey() });
      const id = await keyring.current(THEN);
      const sealed = keyring.seal(Buffer.from("text ".repeat(40)), id);
      // The first four bytes are the mark: without it, it is no sealed member, and no gzip either.
      for (let bit = 32; bit < sealed.length * 8; bit += 1) {
        const altered = Uint8Array.from(sealed);
        altered[bit >> 3] = (altered[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(() => keyring.open(altered)).toThrow("damaged");
      }
      for (let cut = 4; cut < sealed.length; cut += 1)
        expect(() => keyring.open(sealed.subarray(0, cut))).toThrow("damaged");
    });
  });

  it("are refused under another account", async () => {
    await withShelf(async (shelf) => {
      const key = newKey();
      const { keyring } = shelf.tools(env.ARCHIVE, { key });
      const sealed = keyring.seal(Buffer.from("text"), await keyring.current(THEN));
      const rows = keyring.rows();
      await withShelf(async (other) => {
        const foreign = other.tools(env.ARCHIVE, { key });
        for (const { id, wrapped, wrapped_by } of rows)
          other.db.run("insert into archive_keys values (?, ?, ?, 0)", id, wrapped, wrapped_by);
        expect(() => foreign.keyring.open(sealed)).toThrow("damaged");
      });
    });
  });
});

it("a backup is encrypted, too, and restored with the key", async () => {
  await withShelf(async (shelf) => {
    fill(shelf);
    const tools = shelf.tools(env.ARCHIVE, { key: newKey() });
    await backUp(tools, "x");
    expect((await shelf.objects()).filter((key) => key.endsWith(".enc"))).toHaveLength(1);
    for (const table of ["sessions", "turns"]) shelf.db.run(`delete from ${table}`);
    const options = { dry_run: false, session_ids: null, on_conflict: "skip" as const };
    await expect(stepRestore(shelf.tools(), "x", options)).rejects.toMatchObject({
      code: "archive_locked",
    });
    while (!(await stepRestore(tools, "x", options)).complete);
    expect((await shelf.read("a")).map(({ input }) => input)).toEqual(["first canary", "second"]);
  });
});
