import { decode, verifyWithJwks } from "hono/jwt";

import type { Config } from "../../config.ts";
import { ACCOUNT_ID_PATTERN, ID_PATTERN } from "../../shared/ids.ts";
import type { Scope } from "../../shared/scopes.ts";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "../../shared/time.ts";
import { jwksAt } from "./jwks.ts";
import type { Background } from "./jwks.ts";

/** How far the clocks of the issuer and of this deployment may differ. */
const LEEWAY_MS = MINUTE_MS;
/** The longest that a token may still be valid. A token is not revoked here: it ends when it expires. */
const MAX_LIFE_MS = 365 * DAY_MS;
const JWT_SHAPE = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
] as const;

/** The claims of a token of the customer's own issuer. */
export interface TokenClaims {
  account_id: string;
  user_id: string | undefined;
  role: string | undefined;
  scopes: Scope[];
}

/**
 * Checks a JWT by the issuer's published keys: signature, issuer, audience, times.
 *
 * @param background - lets the fetch of new keys go on after the reply
 * @returns null when it is not a valid token of that issuer for this deployment
 * @throws ApiError `auth_unavailable` when the issuer's keys cannot be had
 */
export async function verifyJwt(
  config: Config,
  token: string,
  now: number,
  background: Background,
): Promise<TokenClaims | null> {
  const { JWT_ISSUER: iss, JWT_AUDIENCE: aud } = config;
  if (!iss || !aud || !JWT_SHAPE.test(token)) return null;
  const url = config.JWT_JWKS_URL ?? `${iss.replace(/\/$/, "")}/.well-known/jwks.json`;
  const kid = keyIdOf(token);
  if (kid === undefined) return null;
  const keys = await jwksAt(url, kid, now, background);
  // The times are checked below: Hono has no leeway.
  const verification = { iss, aud, exp: false, nbf: false, iat: false };
  const payload = await verifyWithJwks(token, {
    keys,
    verification,
    allowedAlgorithms: ALGORITHMS,
  }).catch(() => null);
  return payload && isValidAt(payload, now) ? claimsOf(config, payload) : null;
}

function keyIdOf(token: string): string | undefined {
  try {
    return decode(token).header.kid;
  } catch {
    return undefined;
  }
}

/** Whether the token's times hold, in seconds since the epoch. A token without an expiry would open the door for good. */
function isValidAt({ exp, nbf = 0, iat = 0 }: Record<string, unknown>, now: number): boolean {
  const times = [exp, nbf, iat];
  if (!times.every((each): each is number => Number.isFinite(each))) return false;
  const [ends = 0, starts = 0, issued = 0] = times.map((seconds) => seconds * SECOND_MS - now);
  return (
    ends > -LEEWAY_MS &&
    ends <= MAX_LIFE_MS + LEEWAY_MS &&
    starts <= LEEWAY_MS &&
    issued <= LEEWAY_MS
  );
}

function claimsOf(config: Config, payload: Record<string, unknown>): TokenClaims | null {
  const account_id = payload[config.JWT_ACCOUNT_CLAIM];
  const user_id = payload[config.JWT_USER_CLAIM];
  const role = payload[config.JWT_ROLE_CLAIM];
  const scopes = payload[config.JWT_SCOPES_CLAIM];
  if (typeof account_id !== "string" || !ACCOUNT_ID_PATTERN.test(account_id)) return null;
  const user = user_id === undefined ? undefined : userIdOf(user_id);
  // Present and of no use: taken for absent, it would speak for every user.
  if (user === null) return null;
  if (role !== undefined && (typeof role !== "string" || !ID_PATTERN.test(role))) return null;
  const named =
    typeof scopes === "string" ? scopes.split(" ") : Array.isArray(scopes) ? scopes : [];
  return {
    account_id,
    user_id: user,
    role,
    // `admin` goes across accounts: that is the root key's to give.
    scopes: (["query", "read", "manage"] as const).filter((scope) => named.includes(scope)),
  };
}

/**
 * A subject as one of our ids: other characters are written as `=` and two hex digits a byte, and so is `=` itself, so
 * that no two subjects become one. `auth0|7` is `auth0=7C7`. Ids take `;`, `|` and `!` too today. They are still
 * escaped, because existing users' sessions have such ids.
 *
 * @returns null when that makes no id
 */
function userIdOf(subject: unknown): string | null {
  if (typeof subject !== "string") return null;
  const id = subject.replaceAll(/[^A-Za-z0-9_.:+@-]/gu, (character) =>
    Array.from(
      new TextEncoder().encode(character),
      (byte) => `=${byte.toString(16).toUpperCase().padStart(2, "0")}`,
    ).join(""),
  );
  return ID_PATTERN.test(id) ? id : null;
}
