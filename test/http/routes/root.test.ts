import { expect, it } from "vitest";

import { Client } from "../../support/client.ts";
import { LOCKED } from "../../support/keys.ts";

/** As Chromium sends it. */
const BROWSER = {
  accept: "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
};

it("leads a browser to the console, also without a key", async () => {
  const response = await new Client(LOCKED).fetch("GET", "/", { headers: BROWSER });
  expect(response.status).toBe(302);
  expect(response.headers.get("location")).toBe("/console");
});

it("leads a browser to the document where there is no console", async () => {
  const client = new Client({ CONSOLE: "off" });
  const response = await client.fetch("GET", "/", { headers: BROWSER });
  expect(response.headers.get("location")).toBe("/docs");
  expect((await client.get("/")).body).toMatchObject({ console: null, docs: "/docs" });
});

it.each([undefined, { accept: "*/*" }, { accept: "application/json" }])(
  "tells a program where to look: %o",
  async (headers) => {
    const response = await new Client(LOCKED).fetch("GET", "/", headers && { headers });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      name: "colloquy",
      console: "/console",
      docs: "/docs",
      openapi: "/openapi.json",
      health: "/health",
    });
  },
);
