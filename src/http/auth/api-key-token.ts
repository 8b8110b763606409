import { createHash, createHmac, timingSafeEqual } from "node:crypto";

import { z } from "zod";

import { ACCOUNT_ID_PATTERN } from "../../shared/ids.ts";
import { SCOPES } from "../../shared/scopes.ts";
import type { Scope } from "../../shared/scopes.ts";
import { parseJson } from "../../shared/json.ts";

/** By it, secret scanners know a key: `clq_[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}`. */
export const KEY_PREFIX = "clq_";
const KEY_SHAPE = /^clq_([A-Za-z0-9_-]{1,1024})\.([A-Za-z0-9_-]{43})$/;

/** A key's claims. Times are ms since the epoch. */
export interface KeyClaims {
  id: string;
  account_id: string;
  scopes: Scope[];
  issued_at: number;
  expires_at: number | null;
  /** The user that the key is bound to. Null for the whole account. */
  user_id: string | null;
}

const claimsShape = z.tuple([
  z.string(),
  z.string(),
  z.array(z.enum(SCOPES)),
  z.int(),
  z.int().nullable(),
  z.string().nullable().default(null),
]);

/** `clq_<claims>.<HMAC-SHA256>`: the root key suffices to check it. */
export function signKey(
  rootKey: string,
  { id, account_id, scopes, issued_at, expires_at, user_id }: KeyClaims,
): string {
  const body = Buffer.from(
    JSON.stringify([
      id,
      account_id,
      scopes,
      issued_at,
      expires_at,
      ...(user_id === null ? [] : [user_id]),
    ]),
  ).toString("base64url");
  return `${KEY_PREFIX}${body}.${macOf(rootKey, body).toString("base64url")}`;
}

/** @returns null unless the key was signed by this root key. Whether it has expired is the caller's to see. */
export function verifyKey(rootKey: string, key: string): KeyClaims | null {
  const [, body = "", mac = ""] = KEY_SHAPE.exec(key) ?? [];
  if (!timingSafeEqual(macOf(rootKey, body), padded(Buffer.from(mac, "base64url")))) return null;
  const [id, account_id, scopes, issued_at, expires_at, user_id] = claimsShape.parse(
    parseJson(Buffer.from(body, "base64url").toString()),
  );
  return { id, account_id, scopes, issued_at, expires_at, user_id };
}

/** Compares secrets of any length in time that depends on neither. */
export const isSameSecret = (a: string, b: string): boolean =>
  timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest());

/** `key_<account>.<random>`: the id alone says in whose object the key is known. */
export function mintKeyId(accountId: string): string {
  const random = crypto.getRandomValues(new Uint8Array(9));
  return `key_${accountId}.${Buffer.from(random).toString("hex")}`;
}

/** The account of a key's id, or null when it is none. */
export function accountOfKeyId(id: string): string | null {
  const account = /^key_(.+)\.[0-9a-f]{18}$/.exec(id)?.[1];
  return account !== undefined && ACCOUNT_ID_PATTERN.test(account) ? account : null;
}

/** The root key signs under a label, so that what it signs here is no signature anywhere else. */
const macOf = (rootKey: string, body: string): Buffer =>
  createHmac("sha256", rootKey).update(`colloquy api key v1\n${body}`).digest();

const padded = (mac: Buffer): Buffer => (mac.length === 32 ? mac : Buffer.alloc(32));
