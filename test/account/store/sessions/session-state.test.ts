import { describe, expect, it } from "vitest";

import { findDetails } from "../../../../src/account/store/sessions/sessions.ts";
import {
  bringState,
  changeState,
  dropStates,
  settleState,
  stateOf,
  statesOf,
} from "../../../../src/account/store/sessions/session-state.ts";
import { checkStateSize } from "../../../../src/account/store/sessions/state-size.ts";
import { withShelf } from "../../../support/archive.ts";
import { refusal } from "../../../support/desk.ts";

const holding = (text: string) => JSON.stringify({ a: text });

describe("a state", () => {
  it("is replaced or patched by a caller that has its newest version", () =>
    withShelf(async ({ db }) => {
      const read = () => stateOf(findDetails(db, 1));
      const put = (json: string, if_match: number[] | "any" | null) =>
        changeState(db, 1, { kind: "put", json, if_match });
      expect(read()).toEqual({ json: "{}", version: 0 });
      expect(() => put('{"a":1}', null)).toThrow(
        refusal("precondition_required", { param: "If-Match" }),
      );
      expect(put('{"a":1}', [0])).toEqual({ json: '{"a":1}', version: 1 });
      expect(() => put('{"a":2}', [0, 2])).toThrow(
        refusal("precondition_failed", { param: "If-Match" }),
      );
      expect(put('{"a":1}', "any")).toEqual({ json: '{"a":1}', version: 1 });
      const patch = (json: string, if_match: number[] | null = null) =>
        changeState(db, 1, { kind: "patch", json, if_match });
      expect(patch('{"b":{"c":[2]}}')).toEqual({ json: '{"a":1,"b":{"c":[2]}}', version: 2 });
      expect(() => patch("{}", [1])).toThrow(refusal("precondition_failed"));
      expect(patch('{"a":null}', [2, 9])).toEqual({ json: '{"b":{"c":[2]}}', version: 3 });
      expect(settleState(db, 1, '{"b":null}')).toBe(4);
      expect(settleState(db, 1, '{"b":null}')).toBe(4);
      expect(read()).toEqual({ json: "{}", version: 4 });
    }));

  it("takes 64 KiB of UTF-8", () =>
    withShelf(async ({ db }) => {
      const room = 64 * 1024 - holding("").length;
      checkStateSize(holding("x".repeat(room)));
      checkStateSize(holding("é".repeat(Math.floor(room / 2))));
      expect(() => checkStateSize(holding("x".repeat(room + 1)))).toThrow(
        refusal("state_too_large"),
      );
      expect(() => checkStateSize(holding("é".repeat(room / 2 + 1)), "p")).toThrow(
        refusal("state_too_large", { param: "p" }),
      );
      const change = { kind: "patch", json: holding("x".repeat(70_000)), if_match: null } as const;
      expect(() => changeState(db, 1, change)).toThrow(refusal("state_too_large"));
    }));

  it("goes to the archive, and its version stays", () =>
    withShelf(async ({ db }) => {
      for (const key of [1, 2]) settleState(db, key, `{"a":${key}}`);
      expect([...statesOf(db, [1, 2, 3])]).toEqual([
        [1, '{"a":1}'],
        [2, '{"a":2}'],
      ]);
      dropStates(db, [1, 3]);
      expect([...statesOf(db, [1, 2])]).toEqual([[2, '{"a":2}']]);
      expect(stateOf(findDetails(db, 1))).toEqual({ json: "{}", version: 1 });
      bringState(db, 1, '{"a":1}');
      expect(stateOf(findDetails(db, 1))).toEqual({ json: '{"a":1}', version: 1 });
    }));
});
