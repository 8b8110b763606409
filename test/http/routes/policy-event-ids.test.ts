import { describe, expect, it } from "vitest";

import type { CallEvent } from "../../../src/account/calls/call.ts";
import { policyEventIds } from "../../../src/http/routes/policy-event-ids.ts";
import type { PolicyEvent } from "../../../src/shared/policy-record.ts";

const call = { call_id: "c", external: false };
const events = [0, 1].map((sequence) => ({ sequence }) as CallEvent);
const at = (
  sequence: number,
  event_type: string,
  more: Partial<PolicyEvent> = {},
): PolicyEvent => ({
  policy_class: "p",
  policy_config: "{}",
  event_type,
  sequence,
  created_at: 1,
  ...more,
});
const idsOf = (policyEvents: PolicyEvent[], kept = events, of = call) =>
  policyEventIds(of, kept, policyEvents).map((ids) => [
    ids.original_event_id,
    ids.modified_event_id,
  ]);

describe("the events of a call that a policy event names", () => {
  it("are those that the policy saw, where nothing was changed", () => {
    expect(idsOf([at(0, "allowed"), at(0, "judged"), at(1, "allowed")])).toEqual([
      ["c:0", null],
      ["c:0", null],
      ["c:1", null],
    ]);
  });

  it("are those that it made, where it changed one: the text before is no event", () => {
    expect(idsOf([at(0, "modified"), at(1, "blocked")])).toEqual([
      [null, "c:0"],
      [null, "c:1"],
    ]);
  });

  it("are the last of several changes, and none of those before", () => {
    expect(
      idsOf([at(0, "allowed"), at(0, "modified"), at(0, "modified"), at(0, "judged")]),
    ).toEqual([
      [null, null],
      [null, null],
      [null, "c:0"],
      ["c:0", null],
    ]);
  });

  it("are a blocked request, and its refusal", () => {
    expect(idsOf([at(0, "blocked")])).toEqual([["c:0", "c:1"]]);
  });

  it("are none that the call does not have", () => {
    expect(idsOf([at(1, "allowed")], events.slice(0, 1))).toEqual([[null, null]]);
  });

  it("are those that their writer named", () => {
    const named = { original_event_id: "o", modified_event_id: "m" };
    expect(idsOf([at(0, "modified", named)])).toEqual([["o", "m"]]);
    expect(idsOf([at(0, "modified")], events, { ...call, external: true })).toEqual([
      ["c:0", null],
    ]);
  });
});
