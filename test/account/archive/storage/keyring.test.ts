import { randomBytes } from "node:crypto";

import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { nameOf } from "../../../../src/account/archive/storage/keyring.ts";
import { keyringKey } from "../../../../src/account/archive/format/keys.ts";
import { THEN, failingBucket, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";

const newKey = () => randomBytes(32).toString("base64");
const TEXT = Buffer.from("what was said");
const [ONE, TWO] = [newKey(), newKey()];

const under = (shelf: Shelf, key?: string, previousKey?: string) =>
  shelf.tools(env.ARCHIVE, {
    ...(key !== undefined && { key }),
    ...(previousKey !== undefined && { previousKey }),
  }).keyring;

const held = async ({ account }: Shelf): Promise<unknown> => {
  const object = await env.ARCHIVE.get(keyringKey(account));
  return object ? object.json() : null;
};

describe("the keys of an account", () => {
  it("are none where encryption is off, and what is written then is written as it is", async () => {
    await withShelf(async (shelf) => {
      const keyring = under(shelf);
      expect([keyring.isOn, keyring.isWrapped, await keyring.current(THEN)]).toEqual([
        false,
        true,
        null,
      ]);
      await keyring.rewrap();
      expect([keyring.rows(), await held(shelf)]).toEqual([[], null]);
      expect([keyring.seal(TEXT, null), keyring.open(TEXT)]).toEqual([TEXT, TEXT]);
    });
  });

  it("begin with one, are numbered, and lie in R2 as they lie in SQLite", async () => {
    await withShelf(async (shelf) => {
      const keyring = under(shelf, ONE);
      expect([keyring.isOn, await keyring.current(THEN), await keyring.current(THEN + 1)]).toEqual([
        true,
        1,
        1,
      ]);
      expect(await keyring.rotate(THEN + 2)).toBe(2);
      expect(await keyring.current(THEN + 3)).toBe(2);
      expect(keyring.rows()).toMatchObject([
        { id: 1, created_at: THEN, wrapped_by: nameOf(ONE) },
        { id: 2, created_at: THEN + 2, wrapped_by: nameOf(ONE) },
      ]);
      expect(await held(shelf)).toEqual(keyring.rows());
      const { httpMetadata } = (await env.ARCHIVE.head(keyringKey(shelf.account)))!;
      expect(httpMetadata?.contentType).toBe("application/json");
      expect(JSON.stringify(keyring.rows())).not.toContain(ONE);
    });
  });

  it("are in R2 before anything is written with them", async () => {
    await withShelf(async (shelf) => {
      const { keyring } = shelf.tools(failingBucket(1, "before").bucket, { key: ONE });
      await expect(keyring.current(THEN)).rejects.toMatchObject({ code: "archive_unavailable" });
      expect(keyring.rows()).toEqual([]);
    });
  });

  it("are another each time", async () => {
    await withShelf(async (shelf) => {
      const keyring = under(shelf, ONE);
      const id = await keyring.current(THEN);
      const other = await keyring.rotate(THEN);
      const [first, again, second] = [
        keyring.seal(TEXT, id),
        keyring.seal(TEXT, id),
        keyring.seal(TEXT, other),
      ].map((bytes) => Buffer.from(bytes));
      expect(new Set([first, again, second].map((bytes) => bytes?.toString("hex"))).size).toBe(3);
      for (const bytes of [first, again, second])
        expect(Buffer.from(keyring.open(bytes!)).equals(TEXT)).toBe(true);
      // A wrapped key is taken for no other.
      const [one, two] = keyring.rows();
      shelf.db.run("update archive_keys set wrapped = ? where id = 1", two!.wrapped);
      expect(() => under(shelf, ONE).open(first!)).toThrow("its key cannot be unwrapped");
      shelf.db.run("update archive_keys set wrapped = ? where id = 1", one!.wrapped);
      expect(Buffer.from(under(shelf, ONE).open(first!)).equals(TEXT)).toBe(true);
    });
  });

  it("are wrapped again with the deployment's new key where they were not, and still open", async () => {
    await withShelf(async (shelf) => {
      const before = under(shelf, ONE);
      const sealed = before.seal(TEXT, await before.current(THEN));
      await before.rotate(THEN + 1);
      expect([before.isWrapped, under(shelf, TWO, ONE).isWrapped]).toEqual([true, false]);
      const after = under(shelf, TWO, ONE);
      await after.rotate(THEN + 2);
      expect([after.isWrapped, before.isWrapped]).toEqual([false, false]);
      const newest = after.rows().at(-1);
      await after.rewrap();
      expect(after.isWrapped).toBe(true);
      expect(
        after.rows().map(({ id, wrapped_by, created_at }) => [id, wrapped_by, created_at]),
      ).toEqual([1, 2, 3].map((id) => [id, nameOf(TWO), THEN + id - 1]));
      expect(after.rows().at(-1)).toEqual(newest);
      expect(await held(shelf)).toEqual(after.rows());
      expect(Buffer.from(under(shelf, TWO).open(sealed)).equals(TEXT)).toBe(true);
    });
  });

  it("are left alone where they are wrapped already, or where no deployment key is set", async () => {
    await withShelf(async (shelf) => {
      const keyring = under(shelf, ONE);
      await keyring.current(THEN);
      const rows = keyring.rows();
      await env.ARCHIVE.delete(keyringKey(shelf.account));
      await keyring.rewrap();
      await under(shelf).rewrap();
      expect([keyring.rows(), await held(shelf)]).toEqual([rows, null]);
      expect(under(shelf).isWrapped).toBe(true);
    });
  });

  it("are forgotten when nothing is written with them, but for the newest", async () => {
    await withShelf(async (shelf) => {
      const keyring = under(shelf, ONE);
      for (const at of [1, 2, 3]) await keyring.rotate(THEN + at);
      const ids = () => keyring.rows().map(({ id }) => id);
      await keyring.drop((id) => id === 1);
      expect(ids()).toEqual([1, 3]);
      expect(await held(shelf)).toEqual(keyring.rows());
      await env.ARCHIVE.delete(keyringKey(shelf.account));
      await keyring.drop(() => true);
      expect([ids(), await held(shelf)]).toEqual([[1, 3], null]);
      await keyring.drop(() => false);
      expect(ids()).toEqual([3]);
    });
  });

  it("come back from R2 where SQLite has none, and not where it has", async () => {
    await withShelf(async (shelf) => {
      const keyring = under(shelf, ONE);
      await keyring.recover();
      expect(keyring.rows()).toEqual([]);
      const sealed = keyring.seal(TEXT, await keyring.current(THEN));
      const rows = keyring.rows();
      shelf.db.run("delete from archive_keys");
      const after = under(shelf, ONE);
      await after.recover();
      expect(after.rows()).toEqual(rows);
      expect(Buffer.from(after.open(sealed)).equals(TEXT)).toBe(true);
      await env.ARCHIVE.put(keyringKey(shelf.account), '[{"id":9}]');
      await after.recover();
      expect(after.rows()).toEqual(rows);
      shelf.db.run("delete from archive_keys");
      await expect(after.recover()).rejects.toMatchObject({ code: "archive_corrupt" });
    });
  });
});

describe("a sealed member", () => {
  it("says what stands in its way", async () => {
    await withShelf(async (shelf) => {
      const keyring = under(shelf, ONE);
      const sealed = Buffer.from(keyring.seal(TEXT, await keyring.current(THEN)));
      const refusals = (["archive_locked", "archive_corrupt"] as const).map((code) =>
        expect.objectContaining({ code }),
      );
      const open = (each = under(shelf, ONE), bytes: Uint8Array = sealed): unknown => {
        try {
          return Buffer.from(each.open(bytes)).toString();
        } catch (error) {
          return error;
        }
      };
      const flipped = Buffer.from(sealed);
      flipped[40] = flipped[40]! ^ 1;
      const [locked, corrupt] = refusals;
      expect([
        open(),
        open(under(shelf)),
        open(under(shelf, TWO)),
        open(under(shelf, TWO, ONE)),
        open(keyring, flipped),
        open(keyring, sealed.subarray(0, 35)),
        open(keyring, sealed.subarray(0, 4)),
      ]).toEqual([TEXT.toString(), locked, locked, TEXT.toString(), corrupt, corrupt, corrupt]);
      shelf.db.run("delete from archive_keys");
      expect(open()).toEqual(corrupt);
    });
  });

  it("may hold nothing, and may lie in the midst of other bytes", async () => {
    await withShelf(async (shelf) => {
      const keyring = under(shelf, ONE);
      const id = await keyring.current(THEN);
      expect(keyring.open(keyring.seal(new Uint8Array(), id))).toHaveLength(0);
      const sealed = keyring.seal(TEXT, id);
      const among = new Uint8Array(sealed.length + 20);
      among.set(sealed, 10);
      const opened = keyring.open(among.subarray(10, 10 + sealed.length));
      expect(Buffer.from(opened).equals(TEXT)).toBe(true);
    });
  });
});

it("a deployment's key is named by the same name each time, and no other by it", () => {
  expect([nameOf(ONE) === nameOf(ONE), nameOf(ONE) === nameOf(TWO)]).toEqual([true, false]);
  expect(nameOf(ONE)).toMatch(/^[0-9a-f]{32}$/);
});
