import { expect, test } from "vitest";

import { Client } from "../support/client.ts";

test("CONSOLE=off has no console, and says nothing else than for any unknown path", async () => {
  const client = new Client({ CONSOLE: "off" });
  for (const path of ["/console", "/console/sessions", "/console/assets/index.js"]) {
    const { status, body } = await client.get(path);
    expect([path, status, body.code]).toEqual([path, 404, "not_found"]);
  }
});

test("takes nothing but reads, and has no file that was not built", async () => {
  const client = new Client();
  expect((await client.call("POST", "/console", { body: {} })).status).toBe(404);
  const missing = await client.fetch("GET", "/console/assets/none-of-this-name.js");
  expect(missing.status).toBe(404);
  expect(missing.headers.get("content-security-policy")).toContain("default-src 'none'");
});
