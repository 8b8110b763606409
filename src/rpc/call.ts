import type { Result } from "../shared/errors.ts";
import { unwrap, ApiError } from "../shared/errors.ts";
import { logError } from "../observe/log.ts";

/** What the runtime says of an RPC that failed. */
export interface RpcFailure {
  overloaded?: boolean;
  retryable?: boolean;
}

/** An RPC that the runtime calls retryable is tried once more, with a new stub: our methods may run twice. */
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
