import { describe, expect, test } from "vitest";

import { contentOf } from "../../../src/cli/reading/content.ts";
import { Tally } from "../../../src/cli/reading/tally.ts";

describe("content of others", () => {
  test("has pictures and files as ours, however they are told", () => {
    const left = new Tally();
    const parts = [
      { type: "image_url", image_url: "https://example.com/a" },
      { type: "image", source: { type: "base64", media_type: "image/png", data: "AA" } },
      { type: "image", source_type: "base64", mime_type: "image/png", data: "AA" },
      { type: "image", url: "https://example.com/b" },
      { type: "file", file: { filename: "a.pdf", file_data: "data:,A" } },
      { type: "file", base64: "AA", mime_type: "application/pdf" },
      { type: "video", url: "https://example.com/c" },
      { type: "image" },
      7,
    ];
    expect(contentOf(parts, "user", left)).toEqual([
      { type: "input_image", image_url: "https://example.com/a" },
      { type: "input_image", image_url: "data:image/png;base64,AA" },
      { type: "input_image", image_url: "data:image/png;base64,AA" },
      { type: "input_image", image_url: "https://example.com/b" },
      { type: "input_file", filename: "a.pdf", file_data: "data:,A" },
      { type: "input_file", file_data: "data:application/pdf;base64,AA" },
    ]);
    expect(left.told.left_out).toEqual({
      "content video": 1,
      "content image": 1,
      "content of no type": 1,
    });
  });

  test("of a tool is one text, with nothing lost", () => {
    expect(contentOf([{ type: "text", text: "a" }, "b"], "tool", new Tally())).toBe("a\nb");
    const mixed = [
      { type: "text", text: "a" },
      { type: "json", json: { n: 1 } },
    ];
    const left = new Tally();
    expect(contentOf(mixed, "tool", left)).toBe(JSON.stringify(mixed));
    expect(left.told).toEqual({});
  });
});
