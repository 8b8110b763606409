import { describe, expect, it } from "vitest";

import { parseOldRow } from "../../../src/account/calls/old-schema.ts";
import type { OldRow } from "../../../src/account/calls/old-schema.ts";
import { rebuildCall } from "../../../src/account/calls/rebuild.ts";
import { oldCalls, shuffled } from "../../support/old-calls.ts";
import type { Row } from "../../support/old-calls.ts";

const parsed = (rows: readonly Row[]): OldRow[] =>
  rows.map((row) => parseOldRow(JSON.parse(JSON.stringify(row))));
const byKind = (a: { kind: string; detail: string }, b: typeof a) =>
  `${a.kind} ${a.detail}` < `${b.kind} ${b.detail}` ? -1 : 1;

const event = (chunk_index: number, delta_text: string, more: object = {}) => ({
  table: "conversation_events",
  call_id: "c",
  event_type: "final_chunk",
  chunk_index,
  delta_text,
  role: "assistant",
  ...more,
});
const rebuild = (rows: object[]) => rebuildCall("c", parsed(rows as Row[]));

describe("a thousand calls of the old schema", () => {
  const cases = oldCalls(1_000, 7);
  const rows = shuffled(
    cases.flatMap((each) => each.rows),
    11,
  );
  const rowsOf = Map.groupBy(rows, (row) => row.call_id);
  const rebuilt = new Map(
    cases.map(({ call_id }) => [call_id, rebuildCall(call_id, parsed(rowsOf.get(call_id) ?? []))]),
  );

  it("are rebuilt as they were, from chunks in no order", () => {
    const whole = cases.filter(({ faults }) => faults.length === 0);
    expect(whole.length).toBeGreaterThan(600);
    for (const { call_id, request, response } of whole) {
      const call = rebuilt.get(call_id)?.write.call;
      expect(JSON.parse(call?.request ?? "")).toEqual(request);
      expect(JSON.parse(call?.response ?? "")).toEqual(response);
    }
  });

  it("have each planted fault named, and none more", () => {
    const kinds = new Set<string>();
    for (const { call_id, faults } of cases) {
      const found = rebuilt.get(call_id)?.discrepancies ?? [];
      expect(found.map(({ kind, detail }) => ({ kind, detail })).toSorted(byKind)).toEqual(
        faults.toSorted(byKind),
      );
      for (const { kind } of faults) kinds.add(kind);
    }
    expect(kinds.size).toBe(9);
  });

  it("lose nothing but what the fault took", () => {
    const harmless = new Set([
      "chunk_duplicate",
      "delta_mismatch",
      "chunk_unreadable",
      "call_missing",
    ]);
    const hurt = cases.filter(({ faults }) => harmless.has(faults[0]?.kind ?? ""));
    expect(hurt.length).toBeGreaterThan(100);
    for (const { call_id, response } of hurt) {
      const call = rebuilt.get(call_id)?.write.call;
      expect(JSON.parse(call?.response ?? "")).toEqual(response);
    }
  });
});

describe("a call of the old schema", () => {
  const call = {
    table: "conversation_calls",
    call_id: "c",
    status: "completed",
    created_at: "2025-10-01 10:00:00.5",
    completed_at: "2025-10-01 10:00:02+00",
  };
  const request = {
    table: "conversation_events",
    call_id: "c",
    event_type: "request",
    payload: { model: "m", messages: [{ role: "user", content: "Hi" }] },
  };
  it("is rebuilt from its texts alone, with PostgreSQL's times", () => {
    const done = { raw_chunk: { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] } };
    const { write, discrepancies } = rebuild([
      event(1, "lo"),
      call,
      event(0, "Hel"),
      request,
      { ...event(2, ""), ...done },
    ]);
    expect(discrepancies).toEqual([]);
    expect(write).toMatchObject({
      input: "Hi",
      output: "Hello",
      status: "completed",
      created_at: Date.UTC(2025, 9, 1, 10, 0, 0, 500),
      duration_ms: 1_500,
    });
  });

  it("shows what was sent, where a policy changed what had come", () => {
    const whole = { choices: [{ index: 0, delta: { content: "x" }, finish_reason: "stop" }] };
    const { write } = rebuild([
      call,
      request,
      { ...event(0, "secret"), event_type: "original_chunk" },
      { ...event(0, "x"), raw_chunk: whole },
    ]);
    expect(write.output).toBe("x");
  });

  it("that failed needs no response, and its decisions are policy events", () => {
    const decision = {
      table: "conversation_judge_decisions",
      id: "d1",
      call_id: "c",
      trace_id: "t",
      tool_call_id: "gone",
      probability: 0.9,
      explanation: "It deletes files.",
      original_response: { choices: [{ message: { content: "rm -rf" } }] },
      blocked_response: JSON.stringify({ choices: [{ message: { content: "No." } }] }),
      judge_config: { policy_class: "ToolCallJudge", threshold: 0.5 },
      created_at: "2025-10-01T10:00:01Z",
    };
    const { write, discrepancies } = rebuild([{ ...call, status: "failed" }, request, decision]);
    expect(discrepancies).toEqual([]);
    expect(write).toMatchObject({ status: "failed", error: { code: "failed" } });
    const [event0] = write.policy?.events ?? [];
    expect(write.policy?.outcome).toBe("blocked");
    expect(event0).toMatchObject({
      id: "d1",
      policy_class: "ToolCallJudge",
      event_type: "blocked",
      original: "rm -rf",
      modified: "No.",
      created_at: Date.UTC(2025, 9, 1, 10, 0, 1),
    });
    expect(JSON.parse(event0?.metadata ?? "")).toMatchObject({
      probability: 0.9,
      explanation: "It deletes files.",
      tool_call_id: "gone",
    });
  });

  it.each([
    [
      [call, { ...call, model_name: "other" }, request],
      ["call_conflict", "response_missing"],
    ],
    [[call, request, event(0, "Hi")], ["finish_missing"]],
    [
      [
        { ...call, status: "failed" },
        request,
        { table: "conversation_judge_decisions", call_id: "c", tool_call_id: "t" },
      ],
      ["decision_orphaned"],
    ],
  ])("with contradictions names them: %#", (rows, kinds) => {
    expect(rebuild(rows).discrepancies.map(({ kind }) => kind)).toEqual(kinds);
  });

  it.each([
    { choices: "torn" },
    {
      choices: [
        null,
        1,
        {},
        { message: null },
        { message: { tool_calls: [null, {}, { function: {} }] } },
      ],
    },
    { choices: [{ message: { content: null, tool_calls: { id: 1 } } }] },
    { output: [{}, { content: [{ text: 1 }] }] },
    {},
  ])("with a response of any shape is taken as it is: %j", (payload) => {
    const tool = { table: "conversation_tool_calls", call_id: "c", tool_call_id: "t", name: "n" };
    const { write, discrepancies } = rebuild([
      call,
      request,
      { ...request, event_type: "response", payload },
      tool,
    ]);
    expect(JSON.parse(write.call.response ?? "")).toEqual(payload);
    expect(discrepancies.map(({ kind }) => kind)).toEqual(["tool_call_missing"]);
  });

  it.each([
    [{ table: "messages", call_id: "c" }, "table"],
    [{ table: "conversation_calls", created_at: "2025-01-01" }, "call_id"],
    [{ table: "conversation_calls", call_id: "c", created_at: "soon" }, "created_at"],
    [{ table: "conversation_events", call_id: "c" }, "event_type"],
    [{ ...event(0, ""), chunk_index: -1 }, "chunk_index"],
    ["text", "table"],
  ])("that is none is refused: %j", (row, param) => {
    expect(() => parseOldRow(row)).toThrow(param);
  });
});
