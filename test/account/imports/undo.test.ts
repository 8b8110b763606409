import { afterEach, expect, it, vi } from "vitest";

import type { ApplyParts } from "../../../src/account/imports/apply.ts";
import { NOTHING_UNDONE } from "../../../src/account/imports/undo-progress.ts";
import { undoStep } from "../../../src/account/imports/undo.ts";
import { writeValue } from "../../../src/account/store/account/account-values.ts";
import { findSession } from "../../../src/account/store/sessions/sessions.ts";
import { withShelf } from "../../support/archive.ts";

afterEach(() => void vi.restoreAllMocks());

it("undoes nothing once the account is held, though its step has begun", () =>
  withShelf(async (shelf) => {
    const { db } = shelf;
    shelf.add("s", ["one"]);
    db.run(
      `insert into imports (number, import_id, options, status, line, report, created_at, updated_at)
       values (1, 'i', '{"mode":"atomic","on_conflict":"skip"}', 'complete', 1, '{}', 0, 0)`,
    );
    db.run("insert into import_turns select key, 1, 1, 1, 1 from sessions");
    const parts = shelf.tools() as unknown as ApplyParts;
    const { forget } = parts.search;
    vi.spyOn(parts.search, "forget").mockImplementation(async (...args) => {
      writeValue(db, "hold", "case 1");
      await forget.apply(parts.search, args);
    });
    const step = () => undoStep(parts, "i", NOTHING_UNDONE, Date.now());
    await expect(step()).rejects.toMatchObject({ code: "account_held" });
    expect(findSession(db, "s")).not.toBeNull();
    vi.restoreAllMocks();
    db.run("delete from account where name = 'hold'");
    expect(await step()).toMatchObject({ sessions: 1 });
    expect(findSession(db, "s")).toBeNull();
  }));
