import { ApiError } from "../../../shared/errors.ts";

/** A session's state, as JSON in UTF-8. */
const STATE_BYTES = 64 * 1024;

/** @throws ApiError `state_too_large` past 64 KiB */
export function checkStateSize(json: string, param?: string): void {
  if (json.length * 3 <= STATE_BYTES || new TextEncoder().encode(json).length <= STATE_BYTES)
    return;
  throw new ApiError(
    "state_too_large",
    "A session's state takes 64 KiB at most.",
    param === undefined ? {} : { param },
  );
}
