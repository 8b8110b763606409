import { env } from "cloudflare:workers";
import { sign } from "hono/jwt";
import { describe, expect, inject, it, vi } from "vitest";

import { Client, DAY, freshAccount } from "../../support/client.ts";
import { setClock } from "../../support/clock.ts";
import { LOCKED, ROOT_KEY, keyHolder, root } from "../../support/keys.ts";

describe("keys", () => {
  it("are shown once, known by a prefix, and stored nowhere", async () => {
    const account = freshAccount();
    const { key, id } = await keyHolder(["query", "read"], account, { name: "web" });
    expect(key).toMatch(/^clq_[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}$/);
    const { body } = await root.get(`/admin/keys?account_id=${account}`);
    expect(body.data).toMatchObject([
      { id, name: "web", scopes: ["query", "read"], revoked_at: null },
    ]);
    expect(JSON.stringify(body)).not.toContain(key.slice(0, 20));
  });

  it("open their own account without naming it", async () => {
    const { client } = await keyHolder(["query", "read"]);
    await client.ask("My name is Alice", { session_id: "s" });
    expect((await client.get("/sessions/s/messages")).body.data).toHaveLength(2);
    expect((await client.get("/storage-stats")).body.total_turns).toBe(1);
  });

  it("keep two accounts from reading a byte of each other, whatever they do", async () => {
    // Noon: what was asked today is counted until the day ends.
    setClock(Date.UTC(2027, 5, 15, 12));
    const [mine, theirs] = [
      await keyHolder(["query", "read", "manage"]),
      await keyHolder(["query", "read", "manage"]),
    ];
    await mine.client.ask("My name is Alice", { session_id: "s" });
    const paths = [
      "/sessions",
      "/sessions/s",
      "/sessions/s/turns",
      "/search?q=alice",
      "/archives",
      "/storage-stats",
    ];
    const look = () => Promise.all(paths.map(async (path) => (await mine.client.get(path)).body));
    await look();
    const before = await look();
    for (const session_id of ["s", "t"]) {
      await theirs.client.ask("My name is Bob, not Alice", { session_id });
      await theirs.client.call("PATCH", "/sessions/s", { body: { metadata: { a: "b" } } });
      await theirs.client.post("/purge?older_than_days=0.00000001");
      await theirs.client.call("DELETE", `/sessions/${session_id}`);
    }
    expect(await look()).toEqual(before);
  });

  it("rotate: the old one works until the overlap ends, the new one from the start", async () => {
    const account = freshAccount();
    const { id, client } = await keyHolder(["read"], account);
    const kept = await root.post(`/admin/keys/${id}/rotate`, { body: { overlap_seconds: 3_600 } });
    expect(kept).toMatchObject({ status: 201, body: { scopes: ["read"], rotated_from: { id } } });
    const next = new Client(LOCKED, account, kept.body.key);
    expect([(await client.get("/sessions")).status, (await next.get("/sessions")).status]).toEqual([
      200, 200,
    ]);
    const again = await root.post(`/admin/keys/${kept.body.id}/rotate`, {
      body: { overlap_seconds: 0 },
    });
    expect(again.status).toBe(201);
    expect((await next.get("/sessions")).body.code).toBe("key_revoked");
  });

  it("are not made under an Idempotency-Key, which would be believed to make one", async () => {
    const { id, client } = await keyHolder(["read"]);
    const body = { account_id: client.account, scopes: ["read"] };
    const paths = [
      "/admin/keys",
      `/admin/keys/${id}/rotate`,
      `/admin/accounts/${client.account}/rotate-key`,
    ];
    for (const path of paths)
      expect(await root.post(path, { body, headers: { "idempotency-key": "a" } })).toMatchObject({
        status: 422,
        body: {
          code: "invalid_request",
          param: "Idempotency-Key",
          error: expect.stringContaining(`${path} takes no Idempotency-Key: each request makes`),
        },
      });
    const { body: listed } = await root.get(`/admin/keys?account_id=${client.account}`);
    expect(listed.data).toMatchObject([{ id, revoked_at: null, expires_at: null }]);
  });

  it("with the scope admin come from the root key only", async () => {
    const grants = { scopes: ["query", "read", "manage"], accounts: "*" };
    const { client } = await keyHolder(["admin"], freshAccount(), { grants });
    const body = { account_id: "a", scopes: ["admin"] };
    expect(await client.post("/admin/keys", { body })).toMatchObject({
      status: 403,
      body: { param: "scopes" },
    });
    expect((await client.post("/admin/keys", { body: { ...body, scopes: ["read"] } })).status).toBe(
      201,
    );
  });

  it("give no scope by rotation that they could not create", async () => {
    const { id, client } = await keyHolder(["admin"]);
    expect(await client.post(`/admin/keys/${id}/rotate`)).toMatchObject({
      status: 403,
      body: { code: "forbidden" },
    });
    expect((await root.post(`/admin/keys/${id}/rotate`)).status).toBe(201);
  });

  it("open nothing once revoked, also where nothing is stored", async () => {
    const { id, key, client } = await keyHolder(["query"]);
    const stateless = new Client(
      { ...LOCKED, ENABLE_CONVERSATION_STORAGE: "false" },
      client.account,
      key,
    );
    expect((await stateless.ask("Hi")).body).toMatchObject({ stored: false });
    await root.call("DELETE", `/admin/keys/${id}`);
    expect((await stateless.ask("Hi")).body).toMatchObject({ code: "key_revoked" });
  });

  it("expire at the time that they were given", async () => {
    const { client } = await keyHolder(["read"], freshAccount(), {
      expires_at: new Date(Date.now() + DAY).toISOString(),
    });
    expect((await client.get("/sessions")).status).toBe(200);
    setClock(Date.now() + DAY);
    expect((await client.get("/sessions")).status).toBe(401);
  });

  it.each([
    [{ scopes: ["read"] }, "account_id"],
    [{ account_id: "a", scopes: [] }, "scopes"],
    [{ account_id: "a", scopes: ["write"] }, "scopes.0"],
    [{ account_id: "a", scopes: ["read"], expires_at: "tomorrow" }, "expires_at"],
    [{ account_id: "a", scopes: ["read"], expires_at: "2020-01-01T00:00:00Z" }, "expires_at"],
  ])("are refused for %j", async (body, param) => {
    expect(await root.post("/admin/keys", { body })).toMatchObject({
      status: 422,
      body: { param },
    });
  });

  it("never appear in a log line", async () => {
    const lines: string[] = [];
    const spies = (["log", "error", "warn", "info"] as const).map((level) =>
      vi
        .spyOn(console, level)
        .mockImplementation((...args: unknown[]) => void lines.push(args.join(" "))),
    );
    const { key, client } = await keyHolder(["query", "manage"]);
    await client.ask("Hi");
    await client.post("/purge?older_than_days=0.00000001");
    await client.as(`${key}x`).ask("Hi");
    await root.post("/admin/purge");
    spies.forEach((spy) => spy.mockRestore());
    expect(lines.length).toBeGreaterThan(0);
    expect(
      lines.filter((line) => line.includes(key.slice(0, 24)) || line.includes(ROOT_KEY)),
    ).toEqual([]);
  });
});

describe("a JWT of the customer's own issuer", () => {
  const issuer = "https://id.example.com/";
  const seconds = Math.floor(Date.now() / 1_000);
  const caller = async (account: string, claims: object = {}) => {
    const vars = {
      ...LOCKED,
      JWT_ISSUER: issuer,
      JWT_AUDIENCE: "colloquy",
      JWT_JWKS_URL: inject("modelServer").replace("/v1", "/.well-known/jwks.json"),
      JWT_ACCOUNT_CLAIM: "tenant",
    };
    const payload = {
      iss: issuer,
      aud: "colloquy",
      sub: "user-7",
      scope: "query read admin",
      exp: seconds + 600,
    };
    const token = await sign(
      { ...payload, tenant: account, ...claims },
      inject("issuerKey"),
      "ES256",
    );
    return new Client(vars, account, token);
  };

  it("opens its account, and speaks for its user", async () => {
    const client = await caller(freshAccount());
    expect((await client.ask("Hi", { session_id: "s" })).status).toBe(200);
    expect((await client.get("/sessions/s")).body.user_id).toBe("user-7");
    expect((await client.ask("Hi", { user_id: "user-8" })).status).toBe(403);
    expect((await client.post("/purge")).body).toMatchObject({ code: "forbidden" });
  });

  it("maps a subject that is no valid id to a user id of its own", async () => {
    const account = freshAccount();
    const [alice, mallory] = [
      await caller(account, { sub: "auth0|alice" }),
      await caller(account, { sub: "auth0|mallory" }),
    ];
    await alice.ask("My name is Alice", { session_id: "s" });
    expect((await alice.get("/sessions/s")).body.user_id).toBe("auth0=7Calice");
    expect((await mallory.ask("What is my name?", { session_id: "s" })).status).toBe(404);
    expect((await mallory.ask("Hi", { user_id: "auth0=7Calice" })).status).toBe(403);
    const headers = { "idempotency-key": "k" };
    const mine = await alice.ask("Hi", {}, { headers });
    const theirs = await mallory.ask("Hi", {}, { headers });
    expect(theirs).toMatchObject({ status: 200 });
    expect(theirs.body.session_id).not.toBe(mine.body.session_id);
  });

  it("never goes across accounts, whatever its scopes say", async () => {
    const client = await caller(freshAccount());
    expect((await client.get("/admin/accounts")).status).toBe(403);
    expect((await client.get("/sessions?accountId=default")).body.code).toBe("account_not_found");
  });

  it.each([
    ["expired", { exp: seconds - 70 }],
    ["valid for more than a year", { exp: seconds + 366 * 24 * 3_600 }],
    ["without an expiry", { exp: undefined }],
    ["of another issuer", { iss: "https://evil.example.com/" }],
    ["for somebody else", { aud: "another" }],
    ["without an account", { tenant: undefined }],
    ["for a subject that makes no id", { sub: "|" }],
    ["for a subject that is no text", { sub: 7 }],
    ["with a path for an account", { tenant: "../x" }],
  ])("is refused when it is %s", async (_, claims) => {
    const client = await caller(freshAccount(), claims);
    expect((await client.ask("Hi")).status).toBe(401);
  });
});

describe("before anybody can have a key", () => {
  it("every route but /health says exactly what to do", async () => {
    const bare = new Client({ AUTH: "keys", DEV_CLOCK: "off" });
    const refused = await bare.ask("Hi");
    expect(refused).toMatchObject({ status: 503, body: { code: "auth_not_configured" } });
    expect(refused.body.error).toContain("npx wrangler secret put ROOT_KEY");
    expect((await bare.get("/health")).body).toMatchObject({ status: "ok", auth: "keys" });
  });
});

describe("a burst", () => {
  it("is refused with 429, key by key, and says when to come back", async () => {
    const limited: string[] = [];
    const BURST = {
      limit: ({ key }: { key: string }) => {
        limited.push(key);
        return Promise.resolve({ success: limited.length < 3 });
      },
    };
    const { id, key } = await keyHolder(["query"]);
    const flooded = new Client({ ...LOCKED, BURST }, freshAccount(), key);
    const replies = [await flooded.ask("1"), await flooded.ask("2"), await flooded.ask("3")];
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(replies[2]?.headers.get("retry-after")).toBe("10");
    expect(replies[2]?.headers.get("ratelimit")).toBe('"burst";r=0;t=10');
    expect(limited).toEqual([id, id, id]);
  });

  it("is counted by the real binding", async () => {
    const { key } = await keyHolder(["read"]);
    const client = new Client({ ...LOCKED, BURST: env.BURST }, freshAccount(), key);
    const statuses = new Set<number>();
    // Its periods are fixed, so a burst that begins at the end of one may take as many again.
    for (let n = 0; n < 15 && !statuses.has(429); n += 1) {
      const burst = Array.from({ length: 100 }, () => client.fetch("GET", "/nowhere"));
      for (const { status } of await Promise.all(burst)) statuses.add(status);
    }
    expect(statuses).toEqual(new Set([404, 429]));
  });
});

describe("every reply", () => {
  it("carries the headers that keep browsers and caches away from it", async () => {
    const client = new Client();
    for (const path of ["/health", "/sessions", "/nowhere", "/sessions/none"]) {
      const { headers } = await client.get(path);
      expect(headers.get("cache-control")).toBe("private, no-store");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("strict-transport-security")).toContain("max-age");
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(headers.get("x-request-id")).toMatch(/^[\w-]+$/);
      expect(headers.get("access-control-allow-origin")).toBeNull();
    }
  });

  it("takes the caller's x-request-id, and opens to configured origins only", async () => {
    const client = new Client({ CORS_ORIGINS: "https://app.example.com" });
    const from = (origin: string) =>
      client.get("/sessions", { headers: { "x-request-id": "mine-1", origin } });
    const asked = await from("https://app.example.com");
    expect(asked.headers.get("x-request-id")).toBe("mine-1");
    expect(asked.headers.get("access-control-allow-origin")).toBe("https://app.example.com");
    const other = await from("https://evil.example.com");
    expect(other.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("to a method that a route does not take says which it takes", async () => {
    const refused = await new Client().call("PUT", "/sessions/s");
    expect(refused).toMatchObject({ status: 405, body: { code: "method_not_allowed" } });
    expect(refused.headers.get("allow")).toBe("GET, HEAD, PATCH, DELETE");
  });
});
