import { z } from "zod";

import { ACCOUNT_ID_PATTERN } from "../../shared/ids.ts";
import { SCOPES } from "../../shared/scopes.ts";
import type { Scope } from "../../shared/scopes.ts";
import { parseJson } from "../../shared/json.ts";

// By WebCrypto: node:crypto takes 4 ms of an isolate's start, and longer for each request.

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

const claimsShape = z.lazy(() =>
  z.tuple([
    z.string(),
    z.string(),
    z.array(z.enum(SCOPES)),
    z.int(),
    z.int().nullable(),
    z.string().nullable().default(null),
  ]),
);

/** @returns null unless the key was signed by this root key. Whether it has expired is the caller's to see. */
export async function verifyKey(rootKey: string, key: string): Promise<KeyClaims | null> {
  const [, body = "", mac = ""] = KEY_SHAPE.exec(key) ?? [];
  const isSigned = await crypto.subtle.verify(
    "HMAC",
    await macKeyOf(rootKey),
    Buffer.from(mac, "base64url"),
    Buffer.from(signedText(body)),
  );
  if (!isSigned) return null;
  const [id, account_id, scopes, issued_at, expires_at, user_id] = claimsShape.parse(
    parseJson(Buffer.from(body, "base64url").toString()),
  );
  return { id, account_id, scopes, issued_at, expires_at, user_id };
}

/** Compares secrets of any length in time that depends on neither. */
export async function isSameSecret(a: string, b: string): Promise<boolean> {
  const [hashOfA, hashOfB] = await Promise.all([a, b].map(sha256));
  return crypto.subtle.timingSafeEqual(hashOfA as ArrayBuffer, hashOfB as ArrayBuffer);
}

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
export const signedText = (body: string): string => `colloquy api key v1\n${body}`;

const sha256 = (text: string): Promise<ArrayBuffer> =>
  crypto.subtle.digest("SHA-256", Buffer.from(text));

/** The last root key: a deployment has one. */
let imported: { rootKey: string; key: CryptoKey } | null = null;

async function macKeyOf(rootKey: string): Promise<CryptoKey> {
  if (imported?.rootKey !== rootKey) {
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const bytes = Buffer.from(rootKey);
    const key = await crypto.subtle.importKey("raw", bytes, algorithm, false, ["verify"]);
    imported = { rootKey, key };
  }
  return imported.key;
}
