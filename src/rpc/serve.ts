import { ApiError, ok, refuse } from "../shared/errors.ts";
import type { Result } from "../shared/errors.ts";
import { logError } from "../observe/log.ts";

/**
 * What an RPC method does, as a {@link Result}: a refusal travels as data, and what nobody foresaw is logged here and
 * leaves as `storage_unavailable`, without its text.
 */
export async function serveRpc<T>(
  rpc: string,
  work: () => T | Promise<T>,
): Promise<Result<Awaited<T>>> {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof ApiError) {
      // A refusal of the caller's doing is not news; R2 that is away or damaged is.
      if (error.code === "archive_corrupt" || error.code === "archive_unavailable")
        logError("archive.failed", `[Archive Error] ${rpc} failed`, error, { rpc });
      return refuse(error.toRefusal());
    }
    logError("storage.failed", `[Storage Error] ${rpc} failed`, error, { rpc });
    return refuse({
      code: "storage_unavailable",
      message: "Storage failed; nothing was acknowledged. Try again.",
      retry_after_ms: 1_000,
    });
  }
}
