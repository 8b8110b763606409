import type { verifyWithJwks } from "hono/jwt";
import { z } from "zod";

import { logError } from "../../observe/log.ts";
import { ApiError } from "../../shared/errors.ts";
import { MINUTE_MS, SECOND_MS } from "../../shared/time.ts";

/** How long an issuer's keys are kept before they are fetched again. */
const JWKS_FOR_MS = 10 * MINUTE_MS;
/** A token with a key id that is not among them has them fetched again, at most this often. */
const JWKS_AGAIN_MS = MINUTE_MS;
/** After a failed fetch ends, none begins for this long. */
const JWKS_FAILED_MS = 5 * SECOND_MS;
const JWKS_TIMEOUT_MS = 5 * SECOND_MS;
/** A fetch that says nothing for this long was cancelled with its request. */
const JWKS_LOST_MS = 2 * JWKS_TIMEOUT_MS;

export type Jwks = NonNullable<Parameters<typeof verifyWithJwks>[1]["keys"]>;
/** Lets work go on after the reply. */
export type Background = (work: Promise<unknown>) => void;

const jwksShape = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

/** An issuer's keys, as this isolate knows them. Times are ms since the epoch. */
interface Issuer {
  known: { keys: Jwks; at: number } | null;
  /** When the latest fetch ended, if it failed. */
  failedAt: number | null;
  fetching: { since: number; done: Promise<void> } | null;
}

const issuers = new Map<string, Issuer>();

/**
 * The issuer's keys. Known keys are never waited for, unless `kid` is not among them: the issuer may have published it
 * since. Old ones are fetched again meanwhile.
 *
 * @param kid - the id of the key that the token names
 * @throws ApiError `auth_unavailable` when no keys are known and none can be had
 */
export async function jwksAt(
  url: string,
  kid: string,
  now: number,
  background: Background,
): Promise<Jwks> {
  const issuer = issuers.get(url) ?? { known: null, failedAt: null, fetching: null };
  issuers.set(url, issuer);
  const age = issuer.known === null ? Infinity : now - issuer.known.at;
  const isKnown = issuer.known?.keys.some((key) => key.kid === kid) === true;
  if (age >= (isKnown ? JWKS_FOR_MS : JWKS_AGAIN_MS)) {
    const done = refresh(url, issuer, now);
    // It goes on without the request that began it: others wait for it.
    background(done);
    if (!isKnown) await Promise.race([done, scheduler.wait(JWKS_TIMEOUT_MS)]);
  }
  if (issuer.known) return issuer.known.keys;
  throw new ApiError(
    "auth_unavailable",
    "The token cannot be checked now, because its issuer's keys cannot be fetched. Try again.",
    { retry_after_ms: JWKS_FAILED_MS },
  );
}

/** Joins the fetch that is under way, or begins one. A dead issuer is not asked for every request. */
function refresh(url: string, issuer: Issuer, now: number): Promise<void> {
  const { fetching, failedAt } = issuer;
  if (fetching && now - fetching.since < JWKS_LOST_MS) return fetching.done;
  if (failedAt !== null && now - failedAt < JWKS_FAILED_MS) return Promise.resolve();
  const begun = { since: now, done: fetchJwks(url, issuer, now) };
  issuer.fetching = begun;
  return begun.done.finally(() => {
    if (issuer.fetching === begun) issuer.fetching = null;
  });
}

async function fetchJwks(url: string, issuer: Issuer, now: number): Promise<void> {
  const began = Date.now();
  try {
    const response = await fetch(url, {
      redirect: "manual",
      signal: AbortSignal.timeout(JWKS_TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`the issuer answered ${response.status}`);
    const { keys } = jwksShape.parse(await response.json());
    issuer.known = { keys, at: now };
    issuer.failedAt = null;
  } catch (error) {
    issuer.failedAt = now + (Date.now() - began);
    logError("auth.jwks_failed", "the issuer's keys cannot be had", error, { url });
  }
}
