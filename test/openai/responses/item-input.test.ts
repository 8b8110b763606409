import { describe, expect, it } from "vitest";
import { z } from "zod";

import { parse } from "../../../src/http/read-request.ts";
import { itemResource } from "../../../src/openai/responses/item.ts";
import { inputItems } from "../../../src/openai/responses/item-input.ts";
import type { Item } from "../../../src/shared/items.ts";

const body = z.strictObject({ input: inputItems("input", 20) });
const read = (...input: unknown[]) => parse(body, { input }).input;
const user = (...content: unknown[]) => ({ role: "user", content });

describe("an item that is sent", () => {
  it("is a message, with its type or without", () => {
    expect(
      read(
        { role: "user", content: "Hi" },
        { type: "message", role: "developer", content: [{ type: "input_text", text: "Be kind." }] },
        { type: null, role: "assistant", content: "Hello", phase: "commentary" },
      ),
    ).toEqual([
      { type: "message", role: "user", content: "Hi" },
      { type: "message", role: "developer", content: [{ type: "input_text", text: "Be kind." }] },
      { type: "message", role: "assistant", content: "Hello", phase: "commentary" },
    ]);
  });

  it("is read back to the stored item, without the fields that replies add", () => {
    const items: Item[] = [
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "Hello" }] },
      { type: "message", role: "assistant", content: [{ type: "refusal", refusal: "No." }] },
      { type: "function_call", call_id: "c", name: "n", arguments: "{}" },
      { type: "function_call_output", call_id: "c", output: "5" },
      { type: "reasoning", text: "Hm.", summary: ["It thought."], encrypted_content: "x" },
      { type: "reasoning", text: "" },
      { type: "compaction", text: "All." },
    ];
    expect(read(...items.map((item, at) => itemResource(`msg_1_${at}`, item)))).toEqual(items);
    const parsed = {
      type: "function_call",
      id: "fc_1",
      call_id: "c",
      name: "n",
      arguments: "{}",
      parsed_arguments: { a: 1 },
    };
    expect(read(parsed)).toEqual([
      { type: "function_call", call_id: "c", name: "n", arguments: "{}" },
    ]);
  });

  it("may have images and files by their URL", () => {
    expect(
      read(
        user(
          { type: "input_image", image_url: "data:image/png;base64,AA==", detail: "low" },
          { type: "input_image", image_url: "https://a.test/a.png", file_id: null, detail: null },
          { type: "input_file", file_data: "data:text/plain;base64,AA==", filename: "a.txt" },
        ),
      ),
    ).toEqual([
      {
        type: "message",
        role: "user",
        content: [
          { type: "input_image", image_url: "data:image/png;base64,AA==", detail: "low" },
          { type: "input_image", image_url: "https://a.test/a.png" },
          { type: "input_file", file_data: "data:text/plain;base64,AA==", filename: "a.txt" },
        ],
      },
    ]);
  });

  it("may be the name of another", () => {
    const reference = { type: "item_reference", id: "msg_1_0" };
    expect(read(reference, { id: "msg_1_0" })).toEqual([reference, reference]);
  });

  it.each([
    ["Hi", "input.0"],
    [{}, "input.0.type"],
    [{ type: "audio_call", id: "ws_1" }, "input.0.type"],
    [{ type: "shell_call", call_id: "c", action: { commands: "ls" } }, "input.0.action.commands"],
    [{ type: "custom_tool_call", call_id: "c", name: "n" }, "input.0.input"],
    [{ role: "tool", content: "x" }, "input.0.role"],
    [{ role: "user" }, "input.0.content"],
    [{ role: "user", content: 5 }, "input.0.content"],
    [{ role: "user", content: "Hi", name: "Al" }, "input.0.name"],
    [{ role: "user", content: "\uD800" }, "input.0.content"],
    [user({ type: "input_text", text: "\uD800" }), "input.0.content.0.text"],
    [user({ type: "input_text", text: "a" }, { type: "input_audio" }), "input.0.content.1.type"],
    [user({ type: "input_text", text: "a", more: 1 }), "input.0.content.0.more"],
    [user({ type: "input_image", file_id: "file-1" }), "input.0.content.0.file_id"],
    [user({ type: "input_image" }), "input.0.content.0.image_url"],
    [user({ type: "input_file", filename: "a.txt" }), "input.0.content.0.file_url"],
    [user({ type: "input_file", file_id: "file-1" }), "input.0.content.0.file_id"],
    [
      { role: "system", content: [{ type: "input_image", image_url: "https://a.test/a" }] },
      "input.0.content",
    ],
    [{ type: "function_call", call_id: "c", name: "", arguments: "{}" }, "input.0.name"],
    [{ type: "function_call", call_id: "", name: "n", arguments: "{}" }, "input.0.call_id"],
    [{ type: "function_call", call_id: "c", name: "n", arguments: {} }, "input.0.arguments"],
    [{ type: "function_call_output", call_id: "c", output: {} }, "input.0.output"],
    [{ type: "reasoning", summary: "x" }, "input.0.summary"],
    [{ type: "compaction", encrypted_content: "gAAAA" }, "input.0.encrypted_content"],
    [{ type: "item_reference" }, "input.0.id"],
  ])("is refused where it is wrong: %j", (item, param) => {
    expect(() => read(item)).toThrow(
      expect.objectContaining({ code: "invalid_request", param, message: expect.any(String) }),
    );
  });

  it("says what it takes", () => {
    expect(() => read(user({ type: "input_audio" }))).toThrow(
      'input.0.content.0.type takes "input_text", "input_image", "input_file", "output_text" or "refusal".',
    );
    expect(() => read({ type: "audio_call" })).toThrow(
      'input.0.type takes an item of the OpenAI API, such as "message", "function_call" or "function_call_output".',
    );
    expect(() => read("Hi")).toThrow("input.0 takes an item, as a JSON object.");
    expect(() => read(user({ type: "input_image", file_id: "file-1" }))).toThrow(
      "input.0.content.0.file_id takes nothing: there is no file store here; send image_url.",
    );
  });

  it("has its bounds", () => {
    const tooLarge = (...input: unknown[]) =>
      expect(() => read(...input)).toThrow(expect.objectContaining({ code: "message_too_large" }));
    const long = "x".repeat(4 * 1024 * 1024 - 100);
    expect(read({ role: "user", content: long })).toHaveLength(1);
    tooLarge({ role: "user", content: `${long}${"x".repeat(100)}` });
    tooLarge(
      user({ type: "input_text", text: long }, { type: "input_text", text: "x".repeat(90) }),
    );
    const longer = `${long}${"x".repeat(100)}`;
    tooLarge({ type: "custom_tool_call", call_id: "c", name: "n", input: longer });
    tooLarge({
      type: "mcp_call",
      server_label: "a",
      name: "b",
      arguments: "{}",
      output: longer,
    });
    tooLarge(...Array.from({ length: 7 }, () => ({ role: "user", content: "x".repeat(700_000) })));
    const image = {
      type: "input_image",
      image_url: `data:image/png;base64,${"A".repeat(7_000_000)}`,
    };
    expect(
      read(user(image), user(image), { role: "user", content: "x".repeat(2_000_000) }),
    ).toHaveLength(3);
    tooLarge(user(image), user(image), user(image));
    const short = { type: "input_text", text: "x".repeat(1_000) };
    expect(read(user(...Array.from({ length: 900 }, () => short)))).toHaveLength(1);
    tooLarge(user(...Array.from({ length: 1_100 }, () => short)));
    expect(() =>
      read(...Array.from({ length: 21 }, () => ({ role: "user", content: "x" }))),
    ).toThrow("input takes 20 items at most.");
  });
});
