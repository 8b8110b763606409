import { expect, it } from "vitest";

import { formatSchema } from "../../src/account/imports/json-schema.ts";

it("the schema that is published is what an import checks (npx vitest run -u writes it again)", async () => {
  await expect(`${JSON.stringify(formatSchema(), null, 2)}\n`).toMatchFileSnapshot(
    "../../docs/format.schema.json",
  );
});
