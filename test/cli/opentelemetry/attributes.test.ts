import { describe, expect, it } from "vitest";

import { valueOf } from "../../../src/cli/opentelemetry/attributes.ts";
import { parseJson } from "../../../src/shared/json.ts";

describe("a whole number of an attribute", () => {
  it.each(["1145678901234567891", "-9223372036854775808", '"1145678901234567892"', "7", '"7"'])(
    "keeps its digits: %s",
    (intValue) => {
      const value = valueOf(parseJson(`{"intValue":${intValue}}`));
      expect(String(value)).toBe(intValue.replaceAll('"', ""));
      expect(JSON.stringify([value])).toBe(`[${intValue.replaceAll('"', "")}]`);
    },
  );
});
