import { env } from "cloudflare:workers";
import { randomBytes } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";

import { eraseSessions } from "../../../../src/account/archive/erasure/erase-session.ts";
import { archivePrefix } from "../../../../src/account/archive/format/keys.ts";
import { parseMembers } from "../../../../src/account/archive/format/segment.ts";
import { nextSegment } from "../../../../src/account/store/archive/archives.ts";
import { THEN, dueAt, withShelf } from "../../../support/archive.ts";
import type { Shelf, Tools } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";

const SESSIONS = 60;
const LATER = THEN + 40 * DAY;

/** One segment of many members. Texts are random, so that none compresses well. */
async function archiveMany(shelf: Shelf): Promise<{ tools: Tools; members: number }> {
  const tools = shelf.tools();
  for (let n = 0; n < SESSIONS; n += 1)
    shelf.add(`s-${n}`, [`word-${n}- ${randomBytes(8_000).toString("hex")}`]);
  await tools.archivist.archiveDue(dueAt(LATER), 0);
  const segment = nextSegment(shelf.db, 0);
  expect(nextSegment(shelf.db, segment!.id)).toBeNull();
  return { tools, members: parseMembers(segment!.members).length };
}

const erase = (
  { turns, counters, db, search }: Shelf,
  { archivist, lifecycle }: Tools,
  ids: string[],
) => eraseSessions({ db, turns, search, counters, archivist, lifecycle }, ids, LATER);

/** Everything that the account's archives say. */
async function archivedText(shelf: Shelf): Promise<string> {
  await shelf.archivist().clean();
  const { objects } = await env.ARCHIVE.list({ prefix: archivePrefix(shelf.account) });
  const texts = objects.map(async ({ key }) =>
    gunzipSync(await (await env.ARCHIVE.get(key))!.arrayBuffer()).toString(),
  );
  return (await Promise.all(texts)).join("");
}

describe("erasing some sessions of an archive", () => {
  it("opens the members that hold them, and no others", () =>
    withShelf(async (shelf) => {
      const { tools, members } = await archiveMany(shelf);
      expect(members).toBeGreaterThan(12);
      const others = await shelf.read("s-50");
      const open = vi.spyOn(tools.keyring, "open");
      await erase(shelf, tools, ["s-7", "s-40"]);
      // Each is opened once more when it is written.
      expect(open.mock.calls.length).toBeLessThanOrEqual(8);
      open.mockRestore();
      expect(await shelf.read("s-50")).toEqual(others);
      const text = await archivedText(shelf);
      const left = Array.from({ length: SESSIONS }, (_, n) => n).filter((n) =>
        text.includes(`word-${n}-`),
      );
      expect(left).toHaveLength(SESSIONS - 2);
      expect(left).not.toContain(7);
      expect(left).not.toContain(40);
    }));

  it("erases them also where a row names another member", () =>
    withShelf(async (shelf) => {
      const { tools } = await archiveMany(shelf);
      shelf.db.run("update sessions set member = 0 where session_id = 's-40'");
      await erase(shelf, tools, ["s-40"]);
      const text = await archivedText(shelf);
      expect(text).not.toContain("word-40-");
      expect(text).toContain("word-39-");
      expect(text).toContain("word-41-");
    }));

  it("erases a session that goes over several members", () =>
    withShelf(async (shelf) => {
      const long = Array.from({ length: 40 }, () => `long ${randomBytes(4_000).toString("hex")}`);
      shelf.add("before", ["before it"]);
      shelf.add("long", long);
      shelf.add("after", ["after it"]);
      const tools = shelf.tools();
      await tools.archivist.archiveDue(dueAt(LATER), 0);
      await erase(shelf, tools, ["long"]);
      const text = await archivedText(shelf);
      expect(text).not.toContain("long ");
      expect([text.includes("before it"), text.includes("after it")]).toEqual([true, true]);
      expect(await shelf.read("after")).toHaveLength(1);
    }));
});
