import { describe, expect, it } from "vitest";

import { PLAIN } from "../../../../src/assistants/shipped.ts";
import { readValue } from "../../../../src/account/store/account/account-values.ts";
import { Assistants } from "../../../../src/account/store/account/assistants.ts";
import { withShelf } from "../../../support/archive.ts";
import { refusal } from "../../../support/desk.ts";
import { undone } from "../../../support/undone.ts";

describe("an account's assistants", () => {
  const shipped = [
    { ...PLAIN, name: "default" },
    { ...PLAIN, name: "support", retention_days: 3 },
  ];

  it("are the deployment's as the account changed them, then its own by name", () =>
    withShelf(async ({ db }) => {
      const assistants = new Assistants(db, shipped);
      expect(assistants.list()).toEqual(shipped);
      assistants.set("zoo", { instructions: "Roar." });
      assistants.set("ape", { retention_days: 9 });
      assistants.set("default", { instructions: "Be kind." });
      const expected = [
        { ...PLAIN, name: "default", instructions: "Be kind." },
        shipped[1],
        { ...PLAIN, name: "ape", retention_days: 9 },
        { ...PLAIN, name: "zoo", instructions: "Roar." },
      ];
      expect(assistants.list()).toEqual(expected);
      expect(new Assistants(db, shipped).list()).toEqual(expected);
      expect(Object.fromEntries(assistants.retentionDays())).toEqual({ support: 3, ape: 9 });
      assistants.set("zoo", null);
      assistants.set("default", null);
      expect(assistants.list().map(({ name }) => name)).toEqual(["default", "support", "ape"]);
      assistants.set("ape", null);
      expect([assistants.list(), assistants.settings()]).toEqual([shipped, {}]);
      expect(readValue(db, "assistants")).toBeNull();
      expect(() => assistants.set("ape", null)).toThrow(refusal("assistant_not_found"));
    }));

  it("are changed in 32 at most, of which each may be changed again", () =>
    withShelf(async ({ db }) => {
      const assistants = new Assistants(db, shipped);
      for (let n = 0; n < 32; n += 1) assistants.set(`a${n}`, {});
      expect(() => assistants.set("more", {})).toThrow(refusal("invalid_request"));
      assistants.set("a3", { summary: true });
      assistants.set("a3", null);
      assistants.set("more", {});
      expect(Object.keys(assistants.settings())).toHaveLength(32);
    }));

  it("are as before where a change is undone", () =>
    withShelf(async ({ db }) => {
      const assistants = new Assistants(db, shipped);
      undone(db, () => {
        assistants.set("zoo", {});
        expect(assistants.list()).toHaveLength(3);
      });
      expect(assistants.list()).toHaveLength(2);
    }));
});
