import { describe, expect, it } from "vitest";

import { mapText, textsBeside } from "../../src/shared/item-texts.ts";
import type { Item } from "../../src/shared/items.ts";
import { sealReplay } from "../../src/shared/provider-replay.ts";

const redact = (text: string) => text.replaceAll("secret", "-");
const seal = (fields: Record<string, unknown>) => sealReplay({ model: "m", fields });
const thought = (text: string, encrypted_content: string): Item => ({
  type: "reasoning",
  text,
  encrypted_content,
});
const details = (text: string) => seal({ reasoning_details: [{ type: "reasoning.text", text }] });

describe("reasoning beside what its provider wants back", () => {
  it.each([
    ["the same text", thought("A secret", details("A secret")), { text: "A -" }],
    ["another text", thought("Hm", details("A secret")), { text: "Hm" }],
    ["the text in pieces", thought("secret", details("sec")), { text: "-" }],
  ])("loses it where a text changes: %s", (_what, item, left) => {
    expect(mapText([item], redact)).toEqual([{ type: "reasoning", ...left }]);
  });

  it("goes where nothing of it is left", () => {
    const item = thought("", seal({ thinking_blocks: [{ thinking: "A secret" }] }));
    const said: Item = { type: "message", role: "assistant", content: "Yes" };
    expect(mapText([item, said], redact)).toEqual([said]);
  });

  it.each([
    ["no text that changes", details("Hm")],
    ["encrypted data", seal({ thinking_blocks: [{ type: "redacted_thinking", data: "secret" }] })],
    ["a signature", seal({ thinking_blocks: [{ thinking: "Hm", signature: "secret" }] })],
  ])("stays as it is with %s", (_what, sealed) => {
    const item = thought("Hm", sealed);
    expect(mapText([item], redact)).toEqual([item]);
  });

  it("is a text that policies see, once", () => {
    const blocks = seal({ thinking_blocks: [{ type: "thinking", thinking: "A secret" }] });
    expect(textsBeside([thought("", blocks)])).toBe("A secret");
    expect(textsBeside([thought("A secret", blocks)])).toBe("A secret");
  });

  it("is looked through however deep it is nested", () => {
    const json = `{"fields":{"thinking_blocks":${"[".repeat(50_000)}"secret"${"]".repeat(50_000)}}}`;
    const item = thought("", `clq1.${Buffer.from(json).toString("base64url")}`);
    expect(textsBeside([item])).toBe("secret");
  });
});
