import { describe, expect, it } from "vitest";

import { parseConfig } from "../src/config.ts";

const storage = (value: unknown) =>
  parseConfig({ ENABLE_CONVERSATION_STORAGE: value }).ENABLE_CONVERSATION_STORAGE;

describe("a flag's var", () => {
  it("is on without one", () => {
    const { ENABLE_CONVERSATION_STORAGE, UNIFIED_CONVERSATION_ENABLED } = parseConfig({});
    const on = { default: true, allow: [], percentage: 0 };
    expect([ENABLE_CONVERSATION_STORAGE, UNIFIED_CONVERSATION_ENABLED]).toEqual([on, on]);
  });

  it.each([
    ["true", { default: true, allow: [], percentage: 0 }],
    ["false", { default: false, allow: [], percentage: 0 }],
    ["10%", { default: false, allow: [], percentage: 10 }],
    ["0.25%", { default: false, allow: [], percentage: 0.25 }],
    ["{}", { default: false, allow: [], percentage: 0 }],
    ['{"allow":["acme"]}', { default: false, allow: ["acme"], percentage: 0 }],
    [
      { allow: ["acme/user-7"], percentage: 1 },
      { default: false, allow: ["acme/user-7"], percentage: 1 },
    ],
  ])("takes %j", (value, flag) => {
    expect(storage(value)).toEqual(flag);
  });

  it.each([
    ["yes", 'STORAGE takes "true", "false", a percentage'],
    ["", 'STORAGE takes "true", "false", a percentage'],
    ["10", 'STORAGE takes "true", "false", a percentage'],
    [true, 'STORAGE takes "true", "false", a percentage'],
    ["{", 'STORAGE takes "true", "false", a percentage'],
    ['{"percent":1}', 'STORAGE takes "true", "false", a percentage'],
    ["101%", "STORAGE.percentage takes a number from 0 to 100"],
    ["1.234%", "STORAGE.percentage takes a number from 0 to 100"],
    ['{"allow":["a/b/c"]}', "STORAGE.allow.0 takes an account"],
    ['{"default":"true"}', "STORAGE.default takes true or false"],
  ])("of %j stops start-up, with its name and what it takes", (value, message) => {
    expect(() => storage(value)).toThrow(`ENABLE_CONVERSATION_${message}`);
  });
});

it("has defaults that each setting would take", () => {
  const defaults = parseConfig({});
  for (const [name, value] of Object.entries(defaults)) {
    if (value instanceof Map) continue;
    const text = Array.isArray(value) || typeof value !== "object" ? String(value) : value;
    expect(parseConfig({ [name]: text })).toEqual(defaults);
  }
});
