import { describe, expect, it } from "vitest";
import { z } from "zod";

import { parse } from "../../../src/http/read-request.ts";
import { placedItems } from "../../../src/openai/responses/item.ts";
import { itemResource, parseItemId } from "../../../src/openai/responses/item.ts";
import { inputItems } from "../../../src/openai/responses/item-input.ts";
import { isItem } from "../../../src/shared/is-item.ts";
import { mapText, textsBeside, wordsOf } from "../../../src/shared/item-texts.ts";
import {
  contentShape,
  decodeContent,
  encodeContent,
  messagesOf,
  toolCallsOf,
} from "../../../src/shared/items.ts";
import type { Item } from "../../../src/shared/items.ts";
import { pairToolCalls } from "../../../src/shared/pair-tool-calls.ts";
import { CALLS, HISTORY } from "./example-items.ts";

const body = z.strictObject({ input: inputItems("input", 100) });
const read = (...input: unknown[]) => parse(body, { input }).input as Item[];
const ALL = [...CALLS.flat(), ...HISTORY];
const without = (item: object, ...names: string[]) =>
  Object.fromEntries(Object.entries(item).filter(([name]) => !names.includes(name)));

describe.each(ALL.map((sent) => [sent.type, sent] as const))("an item %s", (type, sent) => {
  const [item] = read(sent) as [Item];

  it("is stored as the format has it, field by field in its order", () => {
    const stored = contentShape.parse([item]);
    expect(JSON.stringify(stored)).toBe(JSON.stringify([item]));
    expect(isItem(item)).toBe(true);
    expect(decodeContent(encodeContent([item], "user"), "user")).toEqual([item]);
  });

  it("is told as it was sent, under an id of its turn", () => {
    const [placed] = placedItems({ id: 2 ** 20 + 1, input: [item], output: null });
    const told = itemResource(placed?.id ?? "", item);
    expect(parseItemId(told.id)).toEqual({ turn: 2 ** 20 + 1, n: 0 });
    expect(told).toMatchObject({ ...without(sent, "id"), type });
    expect(read(told)).toEqual([item]);
  });

  it("is refused where it holds half of a character", () => {
    const broken = JSON.parse(JSON.stringify(sent).replaceAll("secret", "\\ud800")) as object;
    if (JSON.stringify(broken) === JSON.stringify(sent)) return;
    expect(() => read(broken)).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });
});

it("each item's texts are words that policies see and change, its names and pictures stay", () => {
  const items = read(...ALL);
  const changed = mapText(items, (text) => text.replaceAll("secret", "[gone]"));
  expect(JSON.stringify(changed)).not.toContain("secret");
  expect(contentShape.parse(changed)).toEqual(changed);
  for (const [n, item] of items.entries()) {
    const hasSecret = JSON.stringify(item).includes("secret");
    expect({ type: item.type, found: wordsOf([item]).includes("secret") }).toEqual({
      type: item.type,
      found: hasSecret,
    });
    expect(textsBeside([item])).toBe(wordsOf([item]));
    expect((changed as Item[])[n]).toMatchObject({ type: item.type });
  }
  expect(mapText(items, (text) => text)).toEqual(items);
  const every = mapText(items, () => "x") as Item[];
  expect(every.map(({ type }) => type)).toEqual(items.map(({ type }) => type));
  expect(every[0]).toMatchObject({ name: "write_sql", namespace: "db", call_id: "c1", input: "x" });
});

describe("a model is shown", () => {
  it("each call as a function's, with its result", () => {
    const shown = pairToolCalls(messagesOf(read(...CALLS.flat()), "user"));
    expect(shown).toHaveLength(2 * CALLS.length);
    const calls = shown
      .flatMap(toolCallsOf)
      .map(({ id, function: { name, arguments: args } }) => [
        id,
        name,
        JSON.parse(args) as unknown,
      ]);
    expect(calls).toEqual([
      ["c1", "db__write_sql", { input: "select 'secret'" }],
      ["c2", "local_shell", { command: ["cat", "secret.txt"], env: { A: "b" }, timeout_ms: 9 }],
      ["c3", "shell", { commands: ["ls", "cat secret"], max_output_length: 10 }],
      ["c4", "apply_patch", { type: "update_file", path: "a.txt", diff: "@@\n-a\n+secret" }],
      ["c5", "computer", { actions: [{ type: "type", text: "secret" }, { type: "screenshot" }] }],
      ["c6", "tool_search", { query: "a secret tool" }],
    ]);
    expect(shown.filter(({ role }) => role === "tool").map(({ content }) => content)).toEqual([
      "The secret is 7.",
      "A secret file",
      "a secret\nexit code: 0\n\nstderr:\nslow\ntimed out",
      "failed: No such secret",
      "The screen after it:",
      "Found: found_tool.",
    ]);
    expect(shown[9]).toMatchObject({ parts: [{}, { type: "input_image", image_url: PIXEL }] });
  });

  it("what ran elsewhere as a text that says so, and is no instruction", () => {
    const shown = messagesOf(read(...HISTORY), "user");
    expect(shown.map(({ role }) => role)).toEqual([
      ...Array.from({ length: 7 }, () => "assistant"),
      "user",
      "assistant",
      "assistant",
      "developer",
    ]);
    expect(shown[0]?.content).toMatch(/^\[An earlier web_search_call: .*"query":"secret"/);
    expect(shown.at(-1)).toMatchObject({ content: "More tools: more_tool.", loads: [{}] });
  });

  it("a long text of it cut", () => {
    const long = "x".repeat(200_000);
    const [shown] = messagesOf(
      read({ type: "mcp_call", server_label: "a", name: "b", arguments: "{}", output: long }),
      "user",
    );
    expect(shown?.content.length).toBeLessThan(3_000);
    expect(shown?.content).toContain("(200000 characters)");
  });

  it("a search of tools that the provider ran as a text", () => {
    const search = { type: "tool_search_call", execution: "server", arguments: { a: 1 } };
    const [item] = read(search) as [Item];
    expect(item).toMatchObject({ call_id: null, execution: "server" });
    expect(messagesOf([item], "user")).toMatchObject([{ role: "assistant" }]);
  });
});

const PIXEL = "data:image/png;base64,AA==";
it("a computer's call may come without safety checks, as the Agents SDK sends it", () => {
  const sent = { type: "computer_call", call_id: "c", status: "completed", actions: [] };
  expect(read(sent)).toEqual([
    { type: "computer_call", call_id: "c", actions: [], pending_safety_checks: [] },
  ]);
});

it("an id of a computer's picture is refused: there is no file store", () => {
  const output = { type: "computer_screenshot", file_id: "file-1" };
  expect(() => read({ type: "computer_call_output", call_id: "c", output })).toThrow(
    expect.objectContaining({ code: "invalid_request" }),
  );
});
