import type { Result } from "../shared/errors.ts";
import { unwrap, ApiError } from "../shared/errors.ts";
import { isStorageFull, storageFull } from "../shared/storage-full.ts";
import { logError } from "../observe/log.ts";

/** The runtime's fields of a failed RPC. */
interface RpcFailure {
  overloaded?: boolean;
  retryable?: boolean;
}

/** Calls an object. A failure that the runtime marks retryable is tried once more with a new stub: methods are idempotent. */
export async function callObject<T>(call: () => Promise<Result<T>>): Promise<T> {
  const attempt = async () => unwrap(await call());
  try {
    return await attempt().catch((error: unknown) => {
      const { overloaded, retryable } = error as RpcFailure;
      if (retryable && !overloaded) return attempt();
      throw error;
    });
  } catch (error) {
    if (error instanceof ApiError) throw error;
    // An object is reset where SQLite undid more than the statement.
    if (isStorageFull(error)) {
      logError("storage.full", "[Storage Error] a Durable Object found no room", error);
      throw storageFull();
    }
    logError("storage.unreachable", "[Storage Error] a Durable Object did not answer", error);
    throw new ApiError(
      "storage_unavailable",
      "Storage cannot be reached; nothing was acknowledged. Try again.",
      {
        retry_after_ms: 1_000,
      },
    );
  }
}
