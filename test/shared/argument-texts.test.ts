import { describe, expect, it } from "vitest";

import { mapArguments } from "../../src/shared/argument-texts.ts";

const redact = (text: string) => text.replaceAll(/secret|4111/g, "[gone]");

describe("arguments of a function's call", () => {
  it.each([
    ["no text to change", '{ "a": [1, 1.50, true, null] }', '{ "a": [1, 1.50, true, null] }'],
    [
      "texts at any depth",
      '{"a":{"b":["secret",{"c":"a secret"}]}}',
      '{"a":{"b":["[gone]",{"c":"a [gone]"}]}}',
    ],
    ["an escaped text", String.raw`{"a":"\u0073ecret"}`, '{"a":"[gone]"}'],
    ["a number", '{"a":4111,"b":4112}', '{"a":"[gone]","b":4112}'],
    [
      "a large number",
      '{"a":"secret","b":12345678901234567890}',
      '{"a":"[gone]","b":12345678901234567890}',
    ],
    ["a name", '{"secret":1,"__proto__":"secret"}', '{"secret":1,"__proto__":"[gone]"}'],
    ["one text", '"secret"', '"[gone]"'],
    ["a name that comes twice", '{"a":"secret","a":"ok"}', '{"a":"ok"}'],
    [
      "an escaped text before its name comes again",
      String.raw`[{"a":"\u0073ecret","a":"\""}]`,
      String.raw`[{"a":"\""}]`,
    ],
    ["a number before its name comes again", '{"a":4111,"b":{"a":1},"a":2}', '{"a":2,"b":{"a":1}}'],
    ["a name twice and no text to change", '{ "a": "x", "a": "y" }', '{ "a": "x", "a": "y" }'],
    ["no JSON", "a secret {", "a [gone] {"],
    ["nothing", "", ""],
    ["a number that is too large", '{"a":1e999,"b":"secret"}', '{"a":1e999,"b":"[gone]"}'],
  ])("with %s", (_what, before, after) => {
    expect(mapArguments(before, redact)).toBe(after);
  });

  it("show each of their texts, also before its name comes again", () => {
    const seen: string[] = [];
    mapArguments(String.raw`{"a":"\u0073ecret","a":"ok"}`, (text) => {
      seen.push(text);
      return text;
    });
    expect(seen).toEqual(expect.arrayContaining(["secret", "ok"]));
  });

  it("stay JSON, whatever a text becomes", () => {
    const quoted = mapArguments('{"a":"secret"}', () => 'x"}\n');
    expect(JSON.parse(quoted)).toEqual({ a: 'x"}\n' });
  });

  it("are one text where they are nested too deep", () => {
    const deep = `${"[".repeat(50_000)}"secret"${"]".repeat(50_000)}`;
    expect(mapArguments(deep, redact)).toBe(deep.replace("secret", "[gone]"));
  });
});
