import { expect, it } from "vitest";

import { PARTS } from "../../src/http/hand-over.ts";
import { ROUTES } from "../../src/http/route-table.ts";
import { START_ROUTES } from "../../src/http/start-routes.ts";
import { Client } from "../support/client.ts";

const placeOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;

it("has every route in the part that its path is in", async () => {
  const served = new Map<string, string[]>();
  for (const { under, load } of PARTS) served.set(under, (await load()).map(placeOf));
  for (const route of ROUTES) {
    const part = PARTS.find(({ under }) => route.path.startsWith(under));
    expect(served.get(part?.under ?? "")).toContain(placeOf(route));
  }
});

it("starts with routes of the table alone", () => {
  expect(ROUTES).toEqual(expect.arrayContaining([...START_ROUTES]));
});

it.each([
  // The start has one method of the path, or none.
  ["DELETE", "/query", 405, "POST"],
  ["PUT", "/sessions/some-session", 405, "GET, HEAD, PATCH, DELETE"],
  ["DELETE", "/storage-stats", 405, "GET, HEAD"],
  ["PUT", "/v1/chat/completions", 405, "POST, GET, HEAD"],
  ["GET", "/sessions/some-session/nothing", 404, null],
  ["GET", "/v1/nothing", 404, null],
  ["OPTIONS", "/query", 405, "POST"],
])("answers %s %s with %d", async (method, path, status, allow) => {
  const response = await new Client().fetch(method, path);
  expect([response.status, response.headers.get("allow")]).toEqual([status, allow]);
});

it.each(["/health", "/storage-stats", "/v1/models"])("answers HEAD %s as GET", async (path) => {
  const response = await new Client().fetch("HEAD", path);
  expect([response.status, await response.text()]).toEqual([200, ""]);
});

it.each(["/query", "/storage-stats", "/v1/responses"])(
  "answers a preflight of %s",
  async (path) => {
    const headers = { origin: "https://app.example", "access-control-request-method": "POST" };
    const client = new Client({ CORS_ORIGINS: "https://app.example" });
    const response = await client.fetch("OPTIONS", path, { headers });
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-origin")).toBe("https://app.example");
  },
);
