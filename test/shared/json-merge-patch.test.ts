import { expect, it } from "vitest";

import { mergePatch } from "../../src/shared/json-merge-patch.ts";

/** RFC 7396, appendix A: the original, the patch, what comes of it. */
it.each([
  ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
  ['{"a":"b"}', '{"a":null}', "{}"],
  ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
  ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
  ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
  ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
  ['["a","b"]', '["c","d"]', '["c","d"]'],
  ['{"a":"b"}', '["c"]', '["c"]'],
  ['{"a":"foo"}', "null", "null"],
  ['{"a":"foo"}', '"bar"', '"bar"'],
  ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
  ["[1,2]", '{"a":"b","c":null}', '{"a":"b"}'],
  ["{}", '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
])("merges into %s the patch %s to %s", (original, patch, result) => {
  expect(JSON.stringify(mergePatch(JSON.parse(original), JSON.parse(patch)))).toBe(result);
});

it("takes every name for data", () => {
  const patch: unknown = JSON.parse('{"__proto__":{"admin":true},"constructor":{"name":"x"}}');
  const merged = mergePatch({}, patch);
  expect(JSON.stringify(merged)).toBe(JSON.stringify(patch));
  expect(Reflect.get({}, "admin")).toBeUndefined();
  expect(Reflect.get(merged as object, "admin")).toBeUndefined();
});
