import { sign } from "hono/jwt";
import { afterEach, describe, expect, inject, it, vi } from "vitest";

import { parseConfig } from "../../../src/config.ts";
import type { Config } from "../../../src/config.ts";
import { verifyJwt } from "../../../src/http/auth/jwt.ts";
import { accountOfKeyId, mintKeyId, verifyKey } from "../../../src/http/auth/api-key-token.ts";
import type { KeyClaims } from "../../../src/http/auth/api-key-token.ts";
import { signKey } from "../../../src/http/auth/sign-key.ts";
import { setClock } from "../../support/clock.ts";
import { ROOT_KEY } from "../../support/keys.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const background = (work: Promise<unknown>) => void work;

/** An issuer of its own, whose keys are as it says, and how often they were asked for. */
function issuer(settings: Record<string, string> = {}, without: Partial<Config> = {}) {
  const url = `https://${crypto.randomUUID()}.example`;
  const { d: _, ...key } = inject("issuerKey");
  const state: { answer: () => Response | Promise<Response> } = {
    answer: () => Response.json({ keys: [key] }),
  };
  const asked: string[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input) => {
    asked.push(new Request(input).url);
    return await state.answer();
  });
  const config = {
    ...parseConfig({ JWT_ISSUER: url, JWT_AUDIENCE: "colloquy", ...settings }),
    ...without,
  };
  const token = (claims: object = {}) =>
    sign(
      {
        iss: config.JWT_ISSUER ?? url,
        aud: "colloquy",
        exp: Math.floor(Date.now() / SECOND) + 3_600,
        account_id: "acme",
        ...claims,
      },
      inject("issuerKey"),
      "ES256",
    );
  const now = Date.now();
  return {
    url,
    asked,
    state,
    token,
    verify: async (claims: object = {}, at = now) =>
      verifyJwt(config, await token(claims), at, background),
    verifyText: (text: string) => verifyJwt(config, text, now, background),
    now,
  };
}

afterEach(() => vi.restoreAllMocks());

describe("a token", () => {
  it("says who calls, and what they may do", async () => {
    const { verify } = issuer();
    expect(await verify({ scope: "read admin manage" })).toEqual({
      account_id: "acme",
      user_id: undefined,
      role: undefined,
      scopes: ["read", "manage"],
    });
    expect(await verify({ sub: "auth0|7 é=", role: "tutor", scope: ["query"] })).toEqual({
      account_id: "acme",
      user_id: "auth0=7C7=20=C3=A9=3D",
      role: "tutor",
      scopes: ["query"],
    });
    expect((await verify({ scope: 7 }))?.scopes).toEqual([]);
  });

  it.each([
    { account_id: undefined },
    { account_id: 7 },
    { account_id: "../x" },
    { sub: 7 },
    { sub: "" },
    { sub: "x".repeat(129) },
    { role: 7 },
    { role: "no role" },
    { exp: undefined },
    { exp: "9999999999" },
    { nbf: "0" },
    { iat: null },
    { iss: "https://other.example" },
    { aud: "other" },
  ])("with %o is none", async (claims) => {
    expect(await issuer().verify(claims)).toBeNull();
  });

  it("holds by its times, with a minute's leeway for clocks that differ", async () => {
    const { verify, now } = issuer();
    const at = (ms: number) => (now + ms) / SECOND;
    const year = 365 * 24 * 60 * MINUTE;
    const good = [
      { exp: at(-MINUTE + 1) },
      { exp: at(year + MINUTE) },
      { nbf: at(MINUTE), iat: at(MINUTE) },
    ];
    for (const claims of good) expect(await verify(claims)).not.toBeNull();
    const bad = [
      { exp: at(-MINUTE) },
      { exp: at(year + MINUTE + 1) },
      { exp: 1e300 },
      { nbf: at(MINUTE + 1) },
      { iat: at(MINUTE + 1) },
    ];
    for (const claims of bad) expect(await verify(claims)).toBeNull();
  });

  it("that has not the shape of one is not looked at", async () => {
    const { verifyText, asked, token } = issuer();
    const good = await token();
    for (const text of ["", "a.b", "a.b.c.d", `x ${good}`, `${good} x`, `${good}.`, "a.!.c"])
      expect(await verifyText(text)).toBeNull();
    expect(asked).toEqual([]);
  });

  it("identifies no caller where no issuer or no audience is configured", async () => {
    expect(await issuer({}, { JWT_ISSUER: undefined }).verify()).toBeNull();
    expect(await issuer({}, { JWT_AUDIENCE: undefined }).verify()).toBeNull();
  });
});

describe("an issuer's keys", () => {
  it("are fetched where they are published, or where the settings say", async () => {
    const plain = issuer();
    await plain.verify();
    expect(plain.asked).toEqual([`${plain.url}/.well-known/jwks.json`]);
    const path = `https://slashed.example/${crypto.randomUUID()}`;
    const slashed = issuer({ JWT_ISSUER: `${path}/` });
    await slashed.verify();
    expect(slashed.asked).toEqual([`${path}/.well-known/jwks.json`]);
    const named = issuer({ JWT_JWKS_URL: `https://keys.example/${crypto.randomUUID()}` });
    await named.verify();
    expect(named.asked).toHaveLength(1);
    expect(named.asked[0]).toMatch(/^https:\/\/keys\.example\//);
  });

  it("are kept for ten minutes, and fetched once for those who come at once", async () => {
    const { verify, asked, now } = issuer();
    expect(await Promise.all([verify(), verify(), verify()])).not.toContain(null);
    expect(asked).toHaveLength(1);
    await verify({}, now + 10 * MINUTE - 1);
    expect(asked).toHaveLength(1);
    expect(await verify({}, now + 10 * MINUTE)).not.toBeNull();
    expect(asked).toHaveLength(2);
  });

  it("are fetched again for a token of none of them, once a minute at most", async () => {
    const { verifyText, verify, asked, now, state, token } = issuer();
    const { d: _, ...key } = inject("issuerKey");
    state.answer = () => Response.json({ keys: [{ ...key, kid: "older" }] });
    expect(await verify()).toBeNull();
    expect(await verifyText(await token())).toBeNull();
    expect(asked).toHaveLength(1);
    state.answer = () => Response.json({ keys: [key] });
    expect(await verify({}, now + MINUTE - 1)).toBeNull();
    expect(await verify({}, now + MINUTE)).not.toBeNull();
    expect(asked).toHaveLength(2);
  });

  it("that cannot be had are asked for again after five seconds, and the old ones go on", async () => {
    const { verify, asked, now, state } = issuer();
    const { answer } = state;
    for (const bad of [() => new Response("", { status: 500 }), () => Response.json({ keys: 1 })]) {
      const before = asked.length;
      const fresh = issuer();
      fresh.state.answer = bad;
      await expect(fresh.verify()).rejects.toMatchObject({
        code: "auth_unavailable",
        retry_after_ms: 5 * SECOND,
      });
      await expect(fresh.verify({}, fresh.now + 5 * SECOND - 1)).rejects.toThrow(
        /cannot be fetched/,
      );
      expect([fresh.asked.length, asked.length]).toEqual([1, before]);
      fresh.state.answer = answer;
      expect(await fresh.verify({}, fresh.now + 6 * SECOND)).not.toBeNull();
      expect(fresh.asked).toHaveLength(2);
      // Had once, they are good enough while the issuer is away.
      fresh.state.answer = bad;
      expect(await fresh.verify({}, fresh.now + 20 * MINUTE)).not.toBeNull();
      expect(fresh.asked).toHaveLength(3);
    }
    expect(await verify({}, now).catch(() => "away")).not.toBeNull();
  });

  it("are used at once while an issuer that hangs is asked, once", async () => {
    const { verify, asked, now, state } = issuer();
    await verify();
    state.answer = () => new Promise(() => undefined);
    const later = now + 20 * MINUTE;
    const all = Array.from({ length: 20 }, (_, n) => verify({}, later + n * 100));
    const slow = scheduler.wait(4 * SECOND).then(() => "slow");
    expect(await Promise.race([Promise.all(all), slow])).not.toContain(null);
    expect(asked).toHaveLength(2);
  });

  it("are not asked for again until five seconds after a failure's end", async () => {
    const { verify, asked, now, state } = issuer();
    // The failure itself takes four seconds.
    state.answer = () => {
      setClock(Date.now() + 4 * SECOND);
      return new Response("", { status: 503 });
    };
    await expect(verify()).rejects.toMatchObject({ code: "auth_unavailable" });
    await expect(verify({}, now + 8 * SECOND)).rejects.toMatchObject({ code: "auth_unavailable" });
    expect(asked).toHaveLength(1);
    await expect(verify({}, now + 10 * SECOND)).rejects.toMatchObject({ code: "auth_unavailable" });
    expect(asked).toHaveLength(2);
  });

  it("are not asked for by a token that names none, or one that is known", async () => {
    const { verify, verifyText, asked, now, token } = issuer();
    await verify();
    const [, payload, signature] = (await token()).split(".");
    const header = btoa(JSON.stringify({ alg: "ES256", typ: "JWT" })).replaceAll("=", "");
    expect(await verifyText(`${header}.${payload}.${signature}`)).toBeNull();
    expect(await verify({ exp: 1 }, now + 2 * MINUTE)).toBeNull();
    expect(asked).toHaveLength(1);
  });
});

describe("a key", () => {
  const claims: KeyClaims = {
    id: "key_acme.0123456789abcdef01",
    account_id: "acme",
    scopes: ["read"],
    issued_at: 1,
    expires_at: null,
    user_id: null,
  };

  it("says what it was signed for, with a user or an end, or without", async () => {
    for (const more of [{}, { user_id: "u" }, { expires_at: 7 }, { user_id: "u", expires_at: 7 }]) {
      const all = { ...claims, ...more };
      expect(await verifyKey(ROOT_KEY, signKey(ROOT_KEY, all))).toEqual(all);
    }
  });

  it("is none with a letter changed, more or less, or by another root key", async () => {
    const key = signKey(ROOT_KEY, claims);
    const changed = `${key.slice(0, 10)}${key[10] === "A" ? "B" : "A"}${key.slice(11)}`;
    for (const each of [changed, `x${key}`, `${key}x`, key.slice(0, -1), key.slice(4), "", "clq_."])
      expect(await verifyKey(ROOT_KEY, each)).toBeNull();
    expect(await verifyKey(`${ROOT_KEY}!`, key)).toBeNull();
  });

  it("has an id that names its account", () => {
    const id = mintKeyId("acme.eu");
    expect(id).toMatch(/^key_acme\.eu\.[0-9a-f]{18}$/);
    expect(mintKeyId("acme.eu")).not.toBe(id);
    expect(accountOfKeyId(id)).toBe("acme.eu");
    for (const other of [`x${id}`, `${id}0`, id.slice(0, -1), "key_.0123456789abcdef01"])
      expect(accountOfKeyId(other)).toBeNull();
    expect(accountOfKeyId("key_a/b.0123456789abcdef01")).toBeNull();
  });
});
