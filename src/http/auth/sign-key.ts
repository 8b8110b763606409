import { nodeCrypto } from "../../shared/node-modules.ts";
import { KEY_PREFIX, signedText } from "./api-key-token.ts";
import type { KeyClaims } from "./api-key-token.ts";

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
  const mac = nodeCrypto()
    .createHmac("sha256", rootKey)
    .update(signedText(body))
    .digest("base64url");
  return `${KEY_PREFIX}${body}.${mac}`;
}
