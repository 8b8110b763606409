import { verifyWithJwks } from "hono/jwt";
import { z } from "zod";

import type { Config } from "../../config.ts";
import { ApiError } from "../../shared/errors.ts";
import { ID_PATTERN } from "../../shared/ids.ts";
import { logError } from "../../observe/log.ts";
import type { Scope } from "../../shared/scopes.ts";
import { MINUTE_MS, SECOND_MS } from "../../shared/time.ts";

/** How long an issuer's keys are kept before they are fetched again. */
const JWKS_FOR_MS = 10 * MINUTE_MS;
/** A token with a key id that is not among them has them fetched again, at most this often. */
const JWKS_AGAIN_MS = MINUTE_MS;
/** An issuer that could not be reached is left alone for this long. */
const JWKS_FAILED_MS = 5 * SECOND_MS;
const JWKS_TIMEOUT_MS = 5 * SECOND_MS;
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

type Jwks = NonNullable<Parameters<typeof verifyWithJwks>[1]["keys"]>;
const jwksShape = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

/** The claims of a token of the customer's own issuer. */
export interface TokenClaims {
  account_id: string;
  user_id: string | undefined;
  role: string | undefined;
  scopes: Scope[];
}

const cached = new Map<string, { keys: Jwks; at: number }>();
const failures = new Map<string, number>();
const pending = new Map<string, Promise<boolean>>();

/**
 * Checks a JWT by the issuer's published keys: signature, issuer, audience, expiry.
 *
 * @returns null when it is not a valid token of that issuer for this deployment
 * @throws ApiError `auth_unavailable` when the issuer's keys cannot be had
 */
export async function verifyJwt(
  config: Config,
  token: string,
  now: number,
): Promise<TokenClaims | null> {
  const { JWT_ISSUER: iss, JWT_AUDIENCE: aud } = config;
  if (!iss || !aud || !JWT_SHAPE.test(token)) return null;
  const url = config.JWT_JWKS_URL ?? `${iss.replace(/\/$/, "")}/.well-known/jwks.json`;
  const verify = (keys: Jwks) =>
    verifyWithJwks(token, {
      keys,
      verification: { iss, aud },
      allowedAlgorithms: ALGORITHMS,
    }).catch(() => null);
  let payload = await verify(await jwksAt(url, now, JWKS_FOR_MS));
  // Perhaps signed with a key that the issuer has only just published.
  payload ??= await verify(await jwksAt(url, now, JWKS_AGAIN_MS));
  // A token without an expiry would open the door for good.
  if (payload?.exp === undefined) return null;
  return claimsOf(config, payload);
}

function claimsOf(config: Config, payload: Record<string, unknown>): TokenClaims | null {
  const account_id = payload[config.JWT_ACCOUNT_CLAIM];
  const user_id = payload[config.JWT_USER_CLAIM];
  const role = payload[config.JWT_ROLE_CLAIM];
  const scopes = payload[config.JWT_SCOPES_CLAIM];
  if (typeof account_id !== "string" || !ID_PATTERN.test(account_id)) return null;
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
 * A subject as one of our ids: what ids don't take is written as `=` and two hex digits a byte, and so is `=` itself, so
 * that no two subjects become one. `auth0|7` is `auth0=7C7`.
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

async function jwksAt(url: string, now: number, maxAgeMs: number): Promise<Jwks> {
  const known = cached.get(url);
  if (known && now - known.at < maxAgeMs) return known.keys;
  const failed = failures.get(url);
  if (failed === undefined || now - failed >= JWKS_FAILED_MS) {
    const fetching = pending.get(url) ?? fetchJwks(url, now).finally(() => pending.delete(url));
    pending.set(url, fetching);
    if (await fetching) return cached.get(url)?.keys ?? [];
  }
  // Keys that were good a while ago are better than turning everybody away.
  if (known) return known.keys;
  throw new ApiError(
    "auth_unavailable",
    "The token cannot be checked now: its issuer's keys cannot be had. Try again.",
    { retry_after_ms: JWKS_FAILED_MS },
  );
}

/** @returns whether the keys were had; a failure is remembered, so that a dead issuer is not asked for every request */
async function fetchJwks(url: string, now: number): Promise<boolean> {
  try {
    const response = await fetch(url, {
      redirect: "manual",
      signal: AbortSignal.timeout(JWKS_TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`the issuer answered ${response.status}`);
    const { keys } = jwksShape.parse(await response.json());
    cached.set(url, { keys, at: now });
    failures.delete(url);
    return true;
  } catch (error) {
    failures.set(url, now);
    logError("auth.jwks_failed", "the issuer's keys cannot be had", error, { url });
    return false;
  }
}
