import { describe, expect, it } from "vitest";

import { callId, turnId } from "../../../src/shared/ids.ts";
import type { Item } from "../../../src/shared/items.ts";
import {
  conversationResource,
  itemId,
  itemResource,
  openSummary,
  parseItemId,
  placedItems,
  sealSummary,
} from "../../../src/openai/responses/item.ts";

const TURN = turnId(7, 3);
const base = callId(TURN).slice("call_".length);

const said = (content: string, id?: string): Item => ({
  type: "message",
  role: "user",
  content,
  ...(id && { id }),
});
const ids = (input: Item[]) => placedItems({ id: TURN, input, output: [] }).map(({ id }) => id);

describe("an item's id", () => {
  it("tells its type and its place, and is read again", () => {
    const call: Item = { type: "function_call", call_id: "c", name: "n", arguments: "{}" };
    const id = itemId(call, TURN, 2);
    expect(id).toBe(`fc_${base}_2`);
    expect(parseItemId(id)).toEqual({ turn: TURN, n: 2 });
  });

  it.each([
    "",
    "msg",
    "msg_",
    `msg_${base}`,
    `msg_${base}_02`,
    `x_${base}_0`,
    "msg_0a_0",
    "msg_A_0",
  ])("%j is none of ours", (id) => {
    expect(parseItemId(id)).toBeNull();
  });

  it("counts the turn's items from 0, its input first", () => {
    const input: Item[] = [
      { type: "message", role: "developer", content: "Be kind." },
      { type: "function_call_output", call_id: "c", output: "5" },
    ];
    const output: Item[] = [
      { type: "reasoning", text: "…" },
      { type: "compaction", text: "All." },
    ];
    const placed = placedItems({ id: TURN, input, output });
    expect(placed.map(({ id, side }) => [id, side])).toEqual([
      [`msg_${base}_0`, "input"],
      [`fco_${base}_1`, "input"],
      [`rs_${base}_2`, "output"],
      [`cmp_${base}_3`, "output"],
    ]);
    const bare = placedItems({ id: TURN, input: "Hi", output: "Hello" });
    expect(bare).toEqual([
      {
        id: `msg_${base}_0`,
        side: "input",
        item: { type: "message", role: "user", content: "Hi" },
      },
      {
        id: `msg_${base}_1`,
        side: "output",
        item: { type: "message", role: "assistant", content: "Hello" },
      },
    ]);
    expect(placedItems({ id: TURN, input: "Hi", output: null })).toHaveLength(1);
  });

  it("is kept where earlier items are gone, and later ids count on from it", () => {
    expect(ids([said("b", `msg_${base}_1`), said("c")])).toEqual([
      `msg_${base}_1`,
      `msg_${base}_2`,
    ]);
    // Another turn's, another system's, and one that would stand twice, are told anew.
    const strange = [said("a", "msg_1_5"), said("b", "m-2"), said("c", `msg_${base}_0`)];
    expect(ids(strange)).toEqual([`msg_${base}_0`, `msg_${base}_1`, `msg_${base}_2`]);
  });
});

describe("an item on the wire", () => {
  it("is a message with parts", () => {
    expect(itemResource("msg_1_0", "Hi")).toEqual({
      type: "message",
      id: "msg_1_0",
      status: "completed",
      role: "user",
      content: [{ type: "input_text", text: "Hi" }],
    });
    expect(itemResource("msg_1_1", "Hello", "assistant")).toMatchObject({
      role: "assistant",
      content: [{ type: "output_text", text: "Hello", annotations: [], logprobs: [] }],
    });
    const cut: Item = {
      type: "message",
      role: "assistant",
      content: [{ type: "refusal", refusal: "No." }],
      status: "incomplete",
      phase: "final_answer",
    };
    expect(itemResource("msg_1_2", cut)).toEqual({
      type: "message",
      id: "msg_1_2",
      status: "incomplete",
      role: "assistant",
      content: [{ type: "refusal", refusal: "No." }],
      phase: "final_answer",
    });
    const shown: Item = {
      type: "message",
      role: "user",
      content: [
        { type: "input_image", image_url: "https://a.test/b.png" },
        { type: "input_image", file_id: "file-1", detail: "original" },
        { type: "input_file", filename: "a.pdf", file_url: "https://a.test/a.pdf" },
      ],
    };
    expect(itemResource("msg_1_3", shown)).toMatchObject({
      content: [
        { type: "input_image", image_url: "https://a.test/b.png", detail: "auto" },
        { type: "input_image", image_url: null, file_id: "file-1", detail: "auto" },
        { type: "input_file", filename: "a.pdf", file_url: "https://a.test/a.pdf" },
      ],
    });
  });

  it("is a call, a tool's result, thoughts or a summary", () => {
    const call: Item = { type: "function_call", call_id: "c", name: "n", arguments: "{}" };
    expect(itemResource("fc_1_0", call)).toEqual({ ...call, id: "fc_1_0", status: "completed" });
    const result: Item = {
      type: "function_call_output",
      call_id: "c",
      output: [{ type: "output_text", text: "5" }],
    };
    expect(itemResource("fco_1_0", result)).toEqual({
      type: "function_call_output",
      id: "fco_1_0",
      call_id: "c",
      output: [{ type: "input_text", text: "5" }],
      status: "completed",
    });
    const thoughts: Item = { type: "reasoning", text: "Hm.", summary: ["It thought."] };
    expect(itemResource("rs_1_0", thoughts)).toEqual({
      type: "reasoning",
      id: "rs_1_0",
      summary: [{ type: "summary_text", text: "It thought." }],
      content: [{ type: "reasoning_text", text: "Hm." }],
    });
    expect(itemResource("rs_1_1", { type: "reasoning", text: "", encrypted_content: "x" })).toEqual(
      { type: "reasoning", id: "rs_1_1", summary: [], encrypted_content: "x" },
    );
    expect(itemResource("cmp_1_0", { type: "compaction", text: "All." })).toEqual({
      type: "compaction",
      id: "cmp_1_0",
      encrypted_content: sealSummary("All."),
    });
  });

  it("carries a summary that is read again, and no other", () => {
    expect(openSummary(sealSummary("Grüße 👋"))).toBe("Grüße 👋");
    expect(["", "gAAAAABo", "bnVsbA", "e30", "!"].map(openSummary)).toEqual(
      Array.from({ length: 5 }, () => null),
    );
  });

  it("knows a conversation by its session", () => {
    const session = { session_id: "conv_1", created_at: 1_999, metadata: { topic: "x" } };
    expect(conversationResource(session)).toEqual({
      id: "conv_1",
      object: "conversation",
      created_at: 1,
      metadata: { topic: "x" },
    });
  });
});
