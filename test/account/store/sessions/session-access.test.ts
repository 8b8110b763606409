import { describe, expect, it } from "vitest";

import { writeValue } from "../../../../src/account/store/account/account-values.ts";
import { ApiKeys } from "../../../../src/account/store/account/api-keys.ts";
import type { Grants } from "../../../../src/shared/grants.ts";
import type { IssuedKey } from "../../../../src/account/store/account/api-keys.ts";
import { mayReach, userFor } from "../../../../src/account/store/sessions/session-access.ts";
import { putDetails } from "../../../../src/account/store/sessions/sessions.ts";
import { THEN, withShelf } from "../../../support/archive.ts";
import { refusal } from "../../../support/desk.ts";
import { checkWholeAccount } from "../../../../src/shared/principal.ts";
import type { Principal } from "../../../../src/shared/principal.ts";

const ACCOUNT: Principal = { key: null };
const USER: Principal = { key: null, user_id: "u" };
const IN_ROLE: Principal = { ...USER, role: "a" };
describe("a caller", () => {
  it("who speaks for one user does nothing to the whole account", () => {
    checkWholeAccount(null);
    checkWholeAccount(ACCOUNT);
    expect(() => checkWholeAccount(USER)).toThrow(refusal("forbidden"));
  });

  it("speaks for any user, or for one in one role", () => {
    expect(userFor(null, "v")).toEqual({ user_id: "v" });
    expect(userFor(ACCOUNT, "v")).toEqual({ user_id: "v" });
    expect(userFor(IN_ROLE, "u")).toEqual({ user_id: "u", role: "a" });
    expect(() => userFor(IN_ROLE, "v")).toThrow(
      expect.objectContaining({ code: "forbidden", param: "user_id" }),
    );
  });

  it("reaches the user's sessions, in the role or in none", () =>
    withShelf(async ({ db }) => {
      putDetails(db, 1, { user_id: "u" });
      putDetails(db, 2, { user_id: "u", role: "a" });
      putDetails(db, 3, { user_id: "u", role: "b" });
      putDetails(db, 4, { user_id: "v", role: "a" });
      putDetails(db, 5, { role: "a" });
      const reached = (caller: Principal | null) =>
        [1, 2, 3, 4, 5, 6].filter((key) => mayReach(db, caller, key));
      expect(reached(null)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(reached(ACCOUNT)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(reached(USER)).toEqual([1, 2, 3]);
      expect(reached(IN_ROLE)).toEqual([1, 2]);
    }));
});

const KEY: IssuedKey = {
  id: "k",
  name: "of a test",
  scopes: ["query"],
  created_at: THEN,
  expires_at: THEN + 9,
  revoked_at: null,
  user_id: "u",
  grants: null,
};

describe("a key", () => {
  it("is kept as it was issued, once, in the order of age", () =>
    withShelf(async ({ db }) => {
      const keys = new ApiKeys(db);
      const grants: Grants = { scopes: ["read"], accounts: ["b"] };
      const older = { ...KEY, id: "z", name: null, expires_at: null, created_at: THEN - 1, grants };
      for (const key of [KEY, { ...KEY, name: "again" }, older]) keys.add(key);
      expect(keys.list()).toEqual([older, KEY]);
    }));

  it("is refused from its revocation on, and an earlier one stands", () =>
    withShelf(async ({ db }) => {
      const keys = new ApiKeys(db);
      keys.add(KEY);
      keys.add({ ...KEY, id: "other" });
      const check = (now: number, key_id = "k") => keys.check({ key_id, issued_at: THEN }, now);
      check(THEN + 99);
      expect(keys.revoke("k", THEN + 5)).toEqual({ ...KEY, revoked_at: THEN + 5 });
      check(THEN + 4);
      check(THEN + 5, "other");
      expect(() => check(THEN + 5)).toThrow(refusal("key_revoked"));
      expect(keys.revoke("k", THEN + 7).revoked_at).toBe(THEN + 5);
      expect(keys.revoke("k", THEN + 3).revoked_at).toBe(THEN + 3);
      expect(() => check(THEN + 3)).toThrow(refusal("key_revoked"));
      expect(() => new ApiKeys(db).check({ key_id: "k", issued_at: 1 }, THEN + 3)).toThrow(
        refusal("key_revoked"),
      );
      expect(() => keys.revoke("unknown", THEN)).toThrow(refusal("key_not_found"));
      keys.check(null, THEN);
    }));

  it("from before an erasure of the account opens nothing", () =>
    withShelf(async ({ db }) => {
      writeValue(db, "erased_at", THEN);
      const keys = new ApiKeys(db);
      const check = (issued_at: number) => keys.check({ key_id: "k", issued_at }, THEN + 9);
      expect(() => check(THEN)).toThrow(refusal("key_revoked"));
      check(THEN + 1);
    }));

  it("is not revoked by what was undone", () =>
    withShelf(async ({ db }) => {
      const keys = new ApiKeys(db);
      keys.add(KEY);
      expect(() =>
        db.transaction(() => {
          keys.revoke("k", THEN);
          expect(() => keys.check({ key_id: "k", issued_at: THEN }, THEN)).toThrow(
            refusal("key_revoked"),
          );
          throw new Error("undone");
        }),
      ).toThrow("undone");
      keys.check({ key_id: "k", issued_at: THEN }, THEN);
    }));
});
