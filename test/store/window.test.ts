import { expect, it } from "vitest";

import type { Message, Part } from "../../src/items.ts";
import { estimateTokens } from "../../src/store/window.ts";

const costOf = (...parts: Part[]): number => {
  const bare: Message = { role: "user", content: "Look" };
  return estimateTokens([{ ...bare, parts }]) - estimateTokens([bare]);
};

it("a picture costs what it is looked at for, however long its data", () => {
  const image_url = `data:image/png;base64,${"A".repeat(100_000)}`;
  expect(costOf({ type: "input_text", text: "Look" })).toBe(0);
  expect(costOf({ type: "input_image", image_url, detail: "low" })).toBe(85);
  expect(costOf({ type: "input_image", image_url })).toBe(765);
  expect(
    costOf(
      { type: "input_image", image_url, detail: "high" },
      { type: "input_image", image_url, detail: "low" },
    ),
  ).toBe(850);
});
