import { describe, expect, it } from "vitest";

import { turnId } from "../../../../src/shared/ids.ts";
import {
  SystemPrompts,
  dropFrames,
  dropUnseenFrames,
  frameId,
} from "../../../../src/account/store/turns/system-prompts.ts";
import { turnOf, withShelf } from "../../../support/archive.ts";
import { undone } from "../../../support/undone.ts";

describe("a frame", () => {
  it("is kept once, for all or for one session, and goes with that", () =>
    withShelf(async ({ db, add, turns }) => {
      const frames = new SystemPrompts(db);
      const rows = () => db.scalar<number>("select count(*) from frames");
      frames.put(null, "All");
      frames.put(1, "One");
      frames.put(1, "One");
      frames.put(2, "One");
      const before = db.rowsWritten;
      frames.put(null, "All");
      new SystemPrompts(db).put(null, "All");
      expect([rows(), db.rowsWritten]).toEqual([3, before]);
      const text = (key: number, said: string) => frames.text(key, frameId(said));
      expect([text(1, "All"), text(1, "One"), text(3, "One")]).toEqual(["All", "One", null]);
      dropFrames(db, [0, 1]);
      expect([text(1, "All"), text(1, "One"), text(2, "One")]).toEqual(["All", null, "One"]);
      frames.put(1, "One");
      frames.put(1, "Two");
      add("s", []);
      turns.insert(turnOf(turnId(1, 1), "Hi", { frame: frameId("Two") }));
      dropUnseenFrames(db, 1);
      expect([text(1, "One"), text(1, "Two"), text(2, "One")]).toEqual([null, "Two", "One"]);
    }));

  it("is written again where its write was undone", () =>
    withShelf(async ({ db }) => {
      const frames = new SystemPrompts(db);
      undone(db, () => frames.put(null, "All"));
      frames.put(null, "All");
      expect(frames.text(1, frameId("All"))).toBe("All");
    }));
});
