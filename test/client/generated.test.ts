import { expect, inject, test } from "vitest";

import { traitsOf, typesOf } from "../../src/client/generate.ts";

/** `npm run generate:client` runs this file with `-u`, which writes what is behind. */
const document = await (await fetch(`${inject("server")}/openapi.json`)).text();

test("the client's types are those of the API's document", async () => {
  await expect(await typesOf(document)).toMatchFileSnapshot("../../src/client/openapi-types.ts");
});

test("the client knows which operations take a key or an account, and every code", async () => {
  await expect(traitsOf(document)).toMatchFileSnapshot("../../src/client/operation-traits.ts");
});

test("a new operation and a new code change what is generated", async () => {
  const changed = JSON.parse(document) as {
    paths: Record<
      string,
      Record<string, { operationId: string; responses: Record<string, object> }>
    >;
  };
  const health = changed.paths["/health"]?.["get"];
  if (!health) throw new Error("the document has no /health");
  changed.paths["/new-path"] = {
    get: {
      ...health,
      operationId: "newOperation",
      responses: {
        418: {
          description: "",
          content: {
            "application/problem+json": {
              schema: { type: "object", properties: { code: { const: "new_code" } } },
            },
          },
        },
      },
    },
  };
  const json = JSON.stringify(changed);
  expect(await typesOf(json)).toContain('"/new-path"');
  expect(traitsOf(json)).toContain('"new_code"');
  expect(traitsOf(json)).toContain('"GET /new-path"');
});
