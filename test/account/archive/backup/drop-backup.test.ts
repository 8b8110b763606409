import { describe, expect, it, vi } from "vitest";

import { dropBackup } from "../../../../src/account/archive/backup/drop-backup.ts";
import { backUp, withShelf } from "../../../support/archive.ts";

describe("deleting a backup", () => {
  it("forgets former sessions that no other may have, some at a time, by an index", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      shelf.add("a", ["Hello"]);
      const tools = shelf.tools();
      await backUp(tools, "backup_1");
      await backUp(tools, "backup_2");
      for (const key of [1, ...Array.from({ length: 250 }, (_, n) => 1_000 + n)])
        db.run("insert into former_sessions (key, session_id) values (?, ?)", key, `s${key}`);
      const run = vi.spyOn(db, "run");
      await dropBackup(tools, "backup_1");
      const slices = run.mock.calls.filter(([sql]) =>
        sql.startsWith("delete from former_sessions"),
      );
      run.mockRestore();
      expect(slices.map(([, keys]) => (JSON.parse(String(keys)) as number[]).length)).toEqual([
        100, 100, 51,
      ]);
      expect(db.all("select key from former_sessions")).toEqual([{ key: 1 }]);
      const plan = db.all<{ detail: string }>(`explain query plan ${slices[0]![0]}`, "[1]");
      expect(plan.map(({ detail }) => detail).join("\n")).toContain("COVERING INDEX segments_keys");
      await dropBackup(tools, "backup_2");
      expect(db.all("select key from former_sessions")).toEqual([]);
    }));
});
