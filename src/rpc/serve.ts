import { ApiError, ok, refuse } from "../shared/errors.ts";
import { isStorageFull, storageFull } from "../shared/storage-full.ts";
import type { Result } from "../shared/errors.ts";
import { logError } from "../observe/log.ts";

/**
 * Runs an RPC method, and returns a {@link Result}: a refusal as data, a full SQLite as `storage_full`, and any other
 * unexpected error as `storage_unavailable`. Its text is logged, and does not leave.
 */
export async function serveRpc<T>(
  rpc: string,
  work: () => T | Promise<T>,
): Promise<Result<Awaited<T>>> {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof ApiError) {
      // Other refusals are the caller's mistakes, and are not logged.
      if (error.code === "archive_corrupt" || error.code === "archive_unavailable")
        logError("archive.failed", `[Archive Error] ${rpc} failed`, error, { rpc });
      return refuse(error.toRefusal());
    }
    if (isStorageFull(error)) {
      logError("storage.full", `[Storage Error] ${rpc} found no room`, error, { rpc });
      return refuse(storageFull().toRefusal());
    }
    logError("storage.failed", `[Storage Error] ${rpc} failed`, error, { rpc });
    return refuse({
      code: "storage_unavailable",
      message: "Storage failed; nothing was acknowledged. Try again.",
      retry_after_ms: 1_000,
    });
  }
}
