import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";

import { Client } from "../../support/client.ts";

const REDACT = { type: "redact", on: "request", pattern: "Rome", replacement: "a town" };

// In a file of its own, and with policies that no route set: both load the patterns' engine.
it("a window shows facts as patterns change them, though no turn had patterns", async () => {
  const client = new Client();
  const path = `/admin/accounts/${client.account}/assistants/clerk`;
  await client.call("PUT", path, { body: { policies: [] } });
  await client.ask("Hello", { session_id: "s", user_id: "ann", assistant: "clerk" });
  await client.post("/users/ann/facts", { body: { text: "Lives in Rome" } });
  await runInDurableObject(client.object, (_, { storage }) => {
    const policies = `"policies":[${JSON.stringify(REDACT)}]`;
    storage.sql.exec("update account set value = replace(value, '\"policies\":[]', ?)", policies);
  });
  await evictDurableObject(client.object);
  const { status, body } = await client.get("/sessions/s/window?query=Hi");
  expect(status).toBe(200);
  expect(JSON.stringify(body.messages)).toContain("Lives in a town");
});
