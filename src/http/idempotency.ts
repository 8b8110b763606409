import type { IdempotencyKey } from "../account/store/turns/idempotency.ts";
import type { AppContext } from "./context.ts";
import { sortedJson } from "../shared/json.ts";
import { sha256 } from "../shared/sha256.ts";
import { invalid } from "./read-request.ts";

const MAX_KEY = 255;
/** Digits of an id that is made of a key: 96 bits. */
const ID_DIGITS = 24;

/** The `Idempotency-Key` header; null without it. @throws ApiError `invalid_request` for one that is no key */
export function keyIn(c: AppContext): string | null {
  const key = c.req.header("idempotency-key");
  if (key === undefined) return null;
  if (key.length === 0 || key.length > MAX_KEY || !/^[\x21-\x7e]+$/.test(key)) {
    throw invalid(
      `Idempotency-Key takes 1 to ${MAX_KEY} visible ASCII characters.`,
      "Idempotency-Key",
    );
  }
  return key;
}

/**
 * The `Idempotency-Key` header with the hash of its request. Null without the header.
 *
 * @param request - all fields of the request but its account
 */
export function idempotencyIn(c: AppContext, request: object): IdempotencyKey | null {
  const key = keyIn(c);
  return key === null ? null : { key, hash: sha256(sortedJson(request)) };
}

/** {@link idempotencyIn} of a route whose path is part of the request: the same key elsewhere is of another request. */
export const idempotencyOf = (c: AppContext, body: unknown): IdempotencyKey | null =>
  idempotencyIn(c, { path: c.req.path, user_id: c.get("caller").user_id, body });

/** The end of ids that are made of a key: the same for the same key. */
export const idDigitsOf = ({ key }: IdempotencyKey): string => sha256(key).slice(0, ID_DIGITS);

/** {@link idempotencyOf} of one line of a body. No header has a space, so the keys of lines meet no others. */
export function idempotencyOfLine(
  c: AppContext,
  line: number,
  body: unknown,
): IdempotencyKey | null {
  const sent = idempotencyOf(c, body);
  return sent && { ...sent, key: `${sent.key} ${line}` };
}
