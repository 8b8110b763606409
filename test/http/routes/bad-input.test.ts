import { describe, expect, it } from "vitest";
import { z } from "zod";

import { parse } from "../../../src/http/read-request.ts";
import { Client } from "../../support/client.ts";

const client = new Client();

/** Every refusal is problem+json that names the field. */
async function refused(
  status: number,
  code: string,
  param: string | null,
  call: Promise<Response>,
) {
  const response = await call;
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const body = await response.json<Record<string, unknown>>();
  expect(body).toMatchObject({ success: false, status, code, error: body.detail });
  expect(response.status).toBe(status);
  expect(body.param ?? null).toBe(param);
  expect(body.request_id).toBe(response.headers.get("x-request-id"));
}

const HOLD_DETAIL =
  "hold takes the reason of the legal hold, up to 512 characters, or null to lift it.";
const query = (body: unknown) => client.fetch("POST", "/query", { body });

const untouched = async () => expect((await client.get("/storage-stats")).body.total_turns).toBe(0);

describe("POST /query refuses", () => {
  it.each<[string, number, string, string | null, unknown]>([
    ["what is not JSON", 400, "invalid_json", null, "hello"],
    ["an empty body", 400, "invalid_json", null, ""],
    ["a long query", 413, "message_too_large", "query", { query: "ä".repeat(131_073) }],
    ["a body of more than 2 MiB", 413, "body_too_large", null, { query: "x".repeat(2_200_000) }],
    ["an unknown model", 404, "model_not_found", "model", { query: "Hi", model: "openai/gpt-9" }],
  ])("%s", async (_, status, code, param, body) => {
    await refused(status, code, param, query(body));
    await untouched();
  });

  const many = Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`k${n}`, "v"]));
  it.each<[string, string | null, unknown]>([
    ["a list", null, []],
    ["null", null, "null"],
    ["no query", "query", {}],
    ["an empty query", "query", { query: " \n" }],
    ["a query that is not text", "query", { query: 42 }],
    ["half a surrogate pair", "query", '{"query":"\\ud800"}'],
    ["__proto__", "__proto__", '{"query":"Hi","__proto__":{"stream":true}}'],
    ["metadata named __proto__", "metadata", '{"query":"Hi","metadata":{"__proto__":"x"}}'],
    ["200,000 levels", null, `{"query":"Hi","metadata":${"[".repeat(2e5)}${"]".repeat(2e5)}}`],
    ...Object.entries({
      "an unknown field": { sesion_id: "s" },
      "a path as session_id": { session_id: "../../x" },
      "a session_id of 10 KB": { session_id: "x".repeat(10_000) },
      "a line break in user_id": { user_id: "a\r\nb" },
      "an accountId that is none": { accountId: "a/b" },
      "another accountId than in the URL": { accountId: "b" },
      "a word for stream": { stream: "yes" },
      "another on_busy": { on_busy: "panic" },
      "17 pairs of metadata": { metadata: many },
    }).map(([what, more]): [string, string, object] => [
      what,
      Object.keys(more)[0] as string,
      { query: "Hi", ...more },
    ]),
    ["metadata that is not text", "metadata.a", { query: "Hi", metadata: { a: 1 } }],
  ])("%s", async (_, param, body) => {
    await refused(422, "invalid_request", param, query(body));
    await untouched();
  });

  it("bytes that are not UTF-8", async () => {
    const body = new Uint8Array([
      ...new TextEncoder().encode('{"query":"'),
      0xff,
      0xfe,
      ...new TextEncoder().encode('"}'),
    ]);
    await refused(400, "invalid_json", null, query(body));
  });

  it("an Idempotency-Key with blanks", async () => {
    const headers = { "idempotency-key": "a b" };
    await refused(
      422,
      "invalid_request",
      "Idempotency-Key",
      client.fetch("POST", "/query", { headers, body: { query: "Hi" } }),
    );
  });
});

describe("other routes refuse", () => {
  it.each<[string, number, string, string | null, string]>([
    ["GET", 404, "not_found", null, "/nowhere"],
    ["GET", 404, "session_not_found", null, "/sessions/none"],
    ["GET", 404, "session_not_found", null, "/sessions/none/messages"],
    ["DELETE", 404, "session_not_found", null, "/sessions/none"],
    ["GET", 404, "archive_not_found", null, "/archives/none"],
    ["POST", 404, "archive_not_found", null, "/archives/none/restore"],
    ["GET", 422, "invalid_request", "session_id", "/sessions/..%2f..%2fx"],
    ["GET", 422, "invalid_request", "session_id", "/sessions/a%00b"],
    ["GET", 422, "invalid_request", "session_id", "/archives/a%0d%0ab"],
    ["GET", 422, "invalid_request", "limit", "/sessions?limit=0"],
    ["GET", 422, "invalid_request", "limit", "/sessions?limit=many"],
    ["GET", 422, "invalid_request", "limit", "/sessions?limit=10&limit=20"],
    ["GET", 422, "invalid_request", "order", "/sessions?order=up"],
    ["GET", 422, "invalid_request", "status", "/sessions?status=gone"],
    ["GET", 422, "invalid_request", "after", "/sessions?after=none"],
    ["GET", 422, "invalid_request", "colour", "/sessions?colour=red"],
    [
      "GET",
      422,
      "invalid_request",
      "metadata",
      `/sessions?${Array.from({ length: 60 }, (_, n) => `metadata[k${n}]=v`).join("&")}`,
    ],
    ["GET", 422, "invalid_request", "q", "/search"],
    ["GET", 422, "invalid_request", "q", "/search?q="],
    ["GET", 422, "invalid_request", "q", "/search?q=%22%20-%20*"],
    ["POST", 422, "invalid_request", "older_than_days", "/purge?older_than_days=0"],
    ["POST", 422, "invalid_request", "older_than_days", "/purge?older_than_days=-1"],
    ["POST", 422, "invalid_request", "older_than_days", "/purge?older_than_days=soon"],
    ["POST", 422, "invalid_request", "dry_run", "/purge?dry_run=maybe"],
    ["GET", 422, "invalid_request", "verbose", "/storage-stats?verbose=1"],
  ])("%s %i %s %s %s", async (method, status, code, param, path) => {
    await refused(status, code, param, client.fetch(method, path));
  });

  it.each<[string, string, object, string]>([
    ["PATCH", "/sessions/s", { hold: "" }, HOLD_DETAIL],
    ["PATCH", "/sessions/s", { hold: 1 }, HOLD_DETAIL],
    ["PATCH", "/sessions/s", { hold: "x".repeat(513) }, HOLD_DETAIL],
    ["PATCH", "/sessions/s", { facts: [""] }, "facts.0 takes at least 1 character."],
    ["PATCH", "/sessions/s", { metadata: { a: 1 } }, "metadata.a takes a string."],
    ["POST", "/users/u/facts", { text: "" }, "text takes at least 1 character."],
  ])("%s %s %j in the words of a rule", async (method, path, body, detail) => {
    await client.ask("Hi", { session_id: "s" });
    expect((await client.call(method, path, { body })).body).toMatchObject({
      code: "invalid_request",
      detail,
    });
  });

  it("a value that is none of a list, and names the list", async () => {
    const { status, body } = await client.post("/v1/responses", { body: { include: ["nope"] } });
    expect(status).toBe(400);
    expect(body.error).toMatchObject({
      message: expect.stringMatching(
        /^include\[0\] takes "reasoning\.\S+", .* or "web_search_call\.results"\.$/,
      ),
      param: "include[0]",
    });
  });

  it("a patch with an unknown field, and changes nothing", async () => {
    await client.ask("Hi", { session_id: "s" });
    await refused(
      422,
      "invalid_request",
      "pined",
      client.fetch("PATCH", "/sessions/s", { body: { pined: true, metadata: { a: "b" } } }),
    );
    expect((await client.get("/sessions/s")).body).toMatchObject({ pinned: false, metadata: {} });
  });

  it("a purge whose body says otherwise than its URL, and purges nothing", async () => {
    await refused(
      422,
      "invalid_request",
      "dry_run",
      client.fetch("POST", "/purge?dry_run=false", { body: { dry_run: true } }),
    );
  });
});

it.each<[z.ZodType, unknown, string]>([
  [z.number().positive(), 0, "takes more than 0"],
  [z.number().lt(1), 1, "takes less than 1"],
  [z.number().min(1).max(9), 10, "takes at most 9"],
  [z.array(z.string()).length(2), [], "takes exactly 2 elements"],
  [z.literal("x"), "y", 'takes "x"'],
  [z.literal([1, true, null]), "y", "takes 1, true or null"],
  [z.discriminatedUnion("type", [z.object({ type: z.literal("a") })]), { type: "b" }, 'takes "a"'],
])("says what a schema without words of its own takes: %#", (field, value, rule) => {
  expect(() => parse(z.object({ field }), { field: value })).toThrow(rule);
});

it.each([
  "NUL \u0000 inside",
  "مرحبا ‏ right to left",
  "👩‍👩‍👧 emoji",
  "\u0001 mark",
  "[1] list",
  '"quoted" \\ \n lines',
  "<script>alert(1)</script>",
])("gives %j back as it came in", async (text) => {
  const mine = new Client();
  await mine.ask(text, { session_id: "s" });
  const { body } = await mine.get("/sessions/s/messages");
  expect(body.data[0].content).toBe(text);
  const purged = await mine.post("/purge?older_than_days=0.00000001");
  expect(purged.body.archived).toBe(1);
  expect((await mine.get("/sessions/s/messages")).body.data).toEqual(body.data);
  await mine.post("/archives/s/restore");
  expect((await mine.get("/sessions/s/messages")).body.data).toEqual(body.data);
});

it("refuses every route but /health until someone says who may call", async () => {
  const closed = new Client({ AUTH: "keys", DEV_CLOCK: "off" });
  expect(await closed.ask("Hi")).toMatchObject({
    status: 503,
    body: { code: "auth_not_configured" },
  });
  expect((await closed.get("/storage-stats")).status).toBe(503);
  expect(await closed.get("/health")).toMatchObject({ status: 200, body: { auth: "keys" } });
});
