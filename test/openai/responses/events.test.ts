import { describe, expect, it } from "vitest";

import type { Item } from "../../../src/shared/items.ts";
import { allEvents, eventsOf } from "../../../src/openai/responses/events.ts";
import type { ResponseEvent } from "../../../src/openai/responses/events.ts";
import {
  StreamAccumulator,
  PieceCoalescer,
  piecesOf,
} from "../../../src/openai/responses/response-pieces.ts";
import type { Piece } from "../../../src/openai/responses/response-pieces.ts";
import { outputOf, responseOf } from "../../../src/openai/responses/response.ts";
import { turnId } from "../../../src/shared/ids.ts";
import type { Turn } from "../../../src/shared/turn.ts";
import { openTurnOf } from "../../support/archive.ts";

const PIECES: Piece[] = [
  { type: "reasoning", delta: "Let me " },
  { type: "reasoning", delta: "think." },
  { type: "text", delta: "I will " },
  { type: "text", delta: "look. 😀" },
  { type: "call", call_id: "a", name: "weather" },
  { type: "arguments", call_id: "a", delta: '{"city":' },
  { type: "arguments", call_id: "a", delta: '"Paris"}' },
  { type: "call", call_id: "b", name: "news" },
  { type: "text", delta: "So." },
];

const CLIENT_PIECES: Piece[] = [
  { type: "call", call_id: "a", name: "patch", custom: true },
  { type: "arguments", call_id: "a", delta: "*** Begin" },
  { type: "arguments", call_id: "a", delta: " Patch" },
  { type: "seal", value: "signed" },
  { type: "call", call_id: "b", name: "find", namespace: "crm" },
  { type: "arguments", call_id: "b", delta: "{}" },
  {
    type: "item",
    item: { type: "shell_call", call_id: "c", action: { commands: ["ls", ""] } },
  },
  { type: "seal", value: "signed" },
  {
    type: "item",
    item: { type: "tool_search_call", call_id: "d", execution: "client", arguments: {} },
  },
];

const gathered = (pieces: readonly Piece[]): StreamAccumulator => {
  const all = new StreamAccumulator();
  for (const piece of pieces) all.add(piece);
  return all;
};

const turn = (more: Partial<Turn>): Turn => openTurnOf(turnId(1, 1), "Hi", more);

const said = (content: string): Item => ({ type: "message", role: "assistant", content });

/** As a client hears them while the turn is answered. */
function live(ended: Turn, pieces: readonly Piece[]): ResponseEvent[] {
  const { settings } = ended.extra.response ?? {};
  const events = eventsOf(turn({ extra: { response: { settings } } }), "s");
  return [
    ...events.begin(),
    ...pieces.flatMap((piece) => events.add(piece)),
    ...events.end(responseOf(ended, "s"), outputOf(ended)),
  ];
}

it("the items that pieces make, and their lengths, are the pieces again", () => {
  const { items, lengths } = gathered(PIECES);
  expect(items.map(({ type }) => type)).toEqual([
    "reasoning",
    "message",
    "function_call",
    "function_call",
    "message",
  ]);
  expect(piecesOf(items, lengths)).toEqual(PIECES);
});

it("the calls of tools that the client runs are their pieces again", () => {
  const { items, lengths } = gathered(CLIENT_PIECES);
  expect(items).toMatchObject([
    { type: "custom_tool_call", input: "*** Begin Patch", signature: "signed" },
    { type: "function_call", namespace: "crm", arguments: "{}" },
    { type: "shell_call", signature: "signed" },
    { type: "tool_search_call" },
  ]);
  expect(piecesOf(items, lengths)).toEqual(CLIENT_PIECES);
  expect(gathered(CLIENT_PIECES.slice(0, 2)).cutOff()).toMatchObject([{ status: "incomplete" }]);
});

it("a call that was cut off says so, and is not whole", () => {
  expect(gathered(PIECES.slice(0, 6)).cutOff()).toMatchObject([
    { type: "reasoning" },
    { type: "message" },
    { type: "function_call", arguments: '{"city":', status: "incomplete" },
  ]);
});

describe.each<[string, Piece[], Partial<Turn>]>([
  [
    "text",
    [
      { type: "text", delta: "He" },
      { type: "text", delta: "llo" },
    ],
    {},
  ],
  ["everything", PIECES, {}],
  ["tools that the client runs", CLIENT_PIECES, {}],
  ["a freeform tool that was stopped", CLIENT_PIECES.slice(0, 2), { status: "interrupted" }],
  ["nothing", [], { status: "failed", output: null }],
  ["what was stopped in the middle", PIECES.slice(0, 6), { status: "interrupted" }],
  ["what failed in the middle", PIECES.slice(0, 3), { status: "failed" }],
])("the events of %s", (_, pieces, more) => {
  const { lengths } = gathered(pieces);
  const ended = turn({
    status: "completed",
    model: "openai/gpt-5",
    duration_ms: 12,
    output: pieces.length === 0 ? null : gathered(pieces).cutOff(),
    ...more,
    extra: { response: { settings: '{"temperature":0.5}', pieces: lengths } },
  });

  it("are told again as they were", () => {
    expect(allEvents(ended, "s", eventsOf(ended, "s"))).toEqual(live(ended, pieces));
  });

  it("are numbered without a gap, and end every item that they begin", () => {
    const events = live(ended, pieces);
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((__, n) => n));
    const of = (type: string) => events.filter((event) => event.type === type).length;
    expect(of("response.output_item.done")).toBe(of("response.output_item.added"));
    expect(of("response.output_item.added")).toBe(gathered(pieces).items.length);
  });
});

it("what was not streamed is told at the end, once", () => {
  const output: Item[] = [
    { type: "reasoning", text: "Hm." },
    { type: "message", role: "assistant", content: "Hello" },
  ];
  const ended = turn({ status: "completed", output });
  const events = live(ended, []);
  expect(events.filter(({ type }) => type === "response.output_text.delta")).toMatchObject([
    { delta: "Hello", output_index: 1 },
  ]);
  expect(allEvents(ended, "s", eventsOf(ended, "s"))).toEqual(events);
});

it("the pieces of items that no stream made are as many items again", () => {
  const items: Item[] = [
    said("One."),
    said("Two."),
    { type: "message", role: "assistant", content: [{ type: "refusal", refusal: "No." }] },
    { type: "reasoning", text: "Hm." },
    { type: "reasoning", text: "", encrypted_content: "a" },
    { type: "reasoning", text: "", summary: ["So."] },
    { type: "reasoning", text: "", encrypted_content: "b" },
    { type: "function_call", call_id: "c", name: "f", arguments: "" },
    { type: "reasoning", text: "", encrypted_content: "c" },
    { type: "function_call_output", call_id: "c", output: "1" },
    { type: "compaction", text: "All." },
    { type: "web_search_call" },
    said("Three."),
  ];
  expect(gathered(piecesOf(items, [])).items).toEqual(items);
  for (const [from] of items.entries())
    expect(gathered(piecesOf(items, [], from)).items).toEqual(items.slice(from));
});

it("a great many pieces become fewer and longer ones, and say the same", () => {
  const told: Piece[] = [];
  const thickened = new PieceCoalescer((piece) => told.push(piece));
  const all: Piece[] = Array.from({ length: 40_000 }, (_, n) =>
    n % 10_000 === 9_999
      ? { type: "call", call_id: `${n}`, name: "f" }
      : { type: "text", delta: String(n % 10) },
  );
  for (const piece of all) thickened.add(piece);
  thickened.flush();
  expect(told.length).toBeLessThan(16_384 + 200);
  expect(gathered(told).items).toEqual(gathered(all).items);
});
