import { expect, it } from "vitest";

import { Client } from "../../support/client.ts";

// In a file of its own: no test before it has the patterns' engine loaded.
it("a window shows facts as patterns change them, though no turn had patterns", async () => {
  const client = new Client();
  const path = `/admin/accounts/${client.account}/assistants/clerk`;
  await client.call("PUT", path, { body: { policies: [] } });
  await client.ask("Hello", { session_id: "s", user_id: "ann", assistant: "clerk" });
  await client.post("/users/ann/facts", { body: { text: "Lives in Rome" } });
  const policies = [{ type: "redact", on: "request", pattern: "Rome", replacement: "a town" }];
  await client.call("PUT", path, { body: { policies } });
  const { status, body } = await client.get("/sessions/s/window?query=Hi");
  expect(status).toBe(200);
  expect(JSON.stringify(body.messages)).toContain("Lives in a town");
});
