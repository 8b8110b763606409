import { sign } from "hono/jwt";
import { describe, expect, inject, it } from "vitest";

import { MAX_TIME_MS } from "../../../src/shared/time.ts";
import { Client, freshAccount } from "../../support/client.ts";
import { LOCKED, ROOT_KEY, keyHolder } from "../../support/keys.ts";

/** Who calls with these keys, as the rate limit counts them. */
async function callersOf(vars: object, ...keys: string[]): Promise<string[]> {
  const names: string[] = [];
  const BURST = {
    limit: ({ key }: { key: string }) => {
      names.push(key);
      return Promise.resolve({ success: true });
    },
  };
  for (const key of keys)
    await new Client({ ...vars, BURST }, freshAccount(), key).get("/sessions");
  return names;
}

describe("a caller", () => {
  it("is counted by name: root, a key's id, or a token's account and user", async () => {
    const { id, key } = await keyHolder(["read"]);
    const issuer = "https://issuer.example";
    const vars = {
      ...LOCKED,
      JWT_ISSUER: issuer,
      JWT_AUDIENCE: "colloquy",
      JWT_JWKS_URL: inject("modelServer").replace("/v1", "/.well-known/jwks.json"),
    };
    const token = (claims: object) =>
      sign(
        {
          iss: issuer,
          aud: "colloquy",
          exp: Math.floor(Date.now() / 1_000) + 600,
          account_id: "acme",
          ...claims,
        },
        inject("issuerKey"),
        "ES256",
      );
    const tokens = [await token({}), await token({ sub: "u" })];
    expect(await callersOf(vars, ROOT_KEY, key, ...tokens)).toEqual([
      "root",
      id,
      "jwt:acme:",
      "jwt:acme:u",
    ]);
  });

  it("is not rate-limited where authentication is off", async () => {
    expect(await callersOf({}, "any")).toEqual([]);
  });

  it.each([
    ["none", undefined],
    ["one without the word before it", ROOT_KEY],
    ["one behind another word", `Basic ${ROOT_KEY}`],
    ["two", `Bearer ${ROOT_KEY} ${ROOT_KEY}`],
    ["an empty one", "Bearer "],
    ["one with more before it", `x Bearer ${ROOT_KEY}`],
  ])("is asked for credentials with %s", async (_, authorization) => {
    const stranger = new Client(LOCKED, freshAccount(), "");
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    expect(
      await stranger.get("/sessions", { headers: { authorization: "", ...headers } }),
    ).toMatchObject({
      status: 401,
      body: { code: "unauthorized" },
    });
  });

  it.each([`bearer ${ROOT_KEY}`, `BEARER   ${ROOT_KEY}  `])(
    "is known by %o",
    async (authorization) => {
      const root = new Client(LOCKED, "default", "");
      expect((await root.get("/sessions", { headers: { authorization } })).status).toBe(200);
    },
  );
});

describe("the door", () => {
  it("is locked for a route that does not exist, too", async () => {
    const stranger = new Client(LOCKED);
    for (const [method, path] of [
      ["GET", "/nowhere"],
      ["PUT", "/sessions/s"],
      ["GET", "/v1/nowhere"],
    ] as const)
      expect((await stranger.call(method, path)).status).toBe(401);
  });

  it("that is open says so", async () => {
    expect((await new Client({ AUTH: "open" }).get("/health")).body).toMatchObject({
      auth: "open",
    });
    expect((await new Client(LOCKED).get("/health")).body).toMatchObject({ auth: "keys" });
  });
});

describe("an account", () => {
  it("is `default` where root names none, and is named once", async () => {
    const root = new Client(LOCKED, "default", ROOT_KEY);
    const session_id = `s-${crypto.randomUUID()}`;
    await root.ask("Hi", { session_id });
    const named = (path: string) => root.get(`/sessions/${session_id}${path}`);
    expect((await named("?accountId=default")).status).toBe(200);
    expect((await named("?account_id=default&accountId=default")).status).toBe(200);
    expect((await named(`?account_id=${freshAccount()}`)).status).toBe(404);
    expect((await named("?account_id=default&accountId=other")).body).toMatchObject({
      code: "invalid_request",
      param: "accountId",
    });
    expect((await named("?account_id=../x")).body).toMatchObject({ code: "invalid_request" });
  });
});

describe("the development clock", () => {
  it.each(["0", "-1", "1.5", "soon", "1e400", String(MAX_TIME_MS)])(
    "does not take %s",
    async (at) => {
      const refused = await new Client().ask("Hi", {}, { headers: { "x-dev-now": at } });
      expect(refused.body).toMatchObject({ code: "invalid_request", param: "x-dev-now" });
    },
  );

  it("is the time of the request, to the end of what times there are", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "s" }, { at: MAX_TIME_MS - 1 });
    expect((await client.get("/sessions/s")).body.created_at).toBe("9999-12-31T23:59:59.999Z");
  });

  it("is nothing where it is off", async () => {
    const client = new Client({ DEV_CLOCK: "off" });
    const reply = await client.ask("Hi", {}, { headers: { "x-dev-now": "nonsense" } });
    expect(reply.status).toBe(200);
  });
});
