import { describe, expect, it } from "vitest";

import { Client } from "../support/client.ts";

const found = (body: { data: { snippet: string }[] }) => body.data.map(({ snippet }) => snippet);

describe("GET /search", () => {
  it("finds the words of both sides, with what matched marked", async () => {
    const client = new Client();
    await client.ask("My name is Alice", { session_id: "s" });
    await client.ask("Where is the Café?", { session_id: "t" });
    const { body } = await client.get("/search?q=cafe");
    expect(body.data[0]).toMatchObject({
      session_id: "t",
      role: "user",
      snippet: "Where is the Café?",
    });
    const [start, end] = body.data[0].highlights[0];
    expect(body.data[0].snippet.slice(start, end)).toBe("Café");
    expect((await client.get("/search?q=nice%20alice")).body.data).toMatchObject([
      { role: "assistant" },
    ]);
  });

  it("sees each new turn at the next search", async () => {
    const client = new Client();
    for (let n = 1; n <= 3; n += 1) {
      await client.ask(`marmalade ${n}`, { session_id: "s" });
      expect((await client.get("/search?q=marmalade")).body.data).toHaveLength(n);
    }
  });

  it("finds what was archived by its words, whose text is in R2", async () => {
    const client = new Client();
    await client.ask("marmalade", { session_id: "s" });
    await client.get("/search?q=marmalade");
    await client.post("/purge?older_than_days=0.00000001");
    await client.ask("marmalade", { session_id: "live" });
    expect((await client.get("/search?q=marmalade&status=archived")).body.data).toMatchObject([
      { session_id: "s", status: "archived", role: null, snippet: null, created_at: null },
    ]);
    expect((await client.get("/search?q=marmalade&status=live")).body.data).toMatchObject([
      { session_id: "live", status: "live", role: "user" },
    ]);
    await client.post("/archives/s/restore");
    expect((await client.get("/search?q=marmalade&status=live")).body.data).toHaveLength(2);
    expect((await client.get("/search?q=marmalade")).body.data).toHaveLength(2);
  });

  it("knows no word of an archived session that was erased", async () => {
    const client = new Client();
    await client.ask("marmalade", { session_id: "s" });
    await client.ask("marmalade", { session_id: "stays" });
    await client.get("/search?q=marmalade");
    await client.post("/purge?older_than_days=0.00000001");
    expect((await client.call("DELETE", "/sessions/s")).body.deleted).toBe(true);
    expect((await client.get("/search?q=marmalade")).body.data).toMatchObject([
      { session_id: "stays", status: "archived" },
    ]);
  });

  it("pages", async () => {
    const client = new Client();
    for (let n = 0; n < 5; n += 1) await client.ask(`marmalade ${n}`, { session_id: "s" });
    const first = (await client.get("/search?q=marmalade&limit=3")).body;
    const second = (await client.get("/search?q=marmalade&limit=3&offset=3")).body;
    expect([first.has_more, second.has_more]).toEqual([true, false]);
    expect(new Set([...found(first), ...found(second)]).size).toBe(5);
  });

  it.each([
    '"',
    "NOT marmalade",
    "foo:x",
    "-x",
    "*",
    "a* OR b",
    "(",
    "NEAR(a b)",
    "' or 1=1 --",
    "^qqq",
    "\u0000qqq",
    "x".repeat(512),
  ])("takes %j as words, not as syntax", async (q) => {
    const client = new Client();
    await client.ask("marmalade");
    const { status, body } = await client.get(`/search?q=${encodeURIComponent(q)}`);
    expect([status, body.code, body.data?.length]).toBeOneOf([
      [200, undefined, 0],
      [422, "invalid_request", undefined],
    ]);
  });
});
