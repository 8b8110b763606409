import { limitBytes } from "../outbound/bounded-fetch.ts";
import { ApiError } from "../shared/errors.ts";
import type { AppContext } from "./context.ts";
import { bodyTooLarge } from "./problem.ts";

/** As much as a body that is sent plain. In bytes. */
const MAX_INFLATED_BYTES = 2 * 1024 * 1024;

/**
 * The bytes of a body, inflated where `Content-Encoding` says gzip.
 *
 * @throws ApiError `unsupported_encoding`, `invalid_gzip`, or `body_too_large` before a bomb is in memory
 */
export async function readBytes(c: AppContext): Promise<ArrayBuffer> {
  const encoding = c.req.header("content-encoding")?.trim().toLowerCase() ?? "identity";
  const bytes = await c.req.arrayBuffer();
  if (encoding === "identity" || encoding === "") return bytes;
  if (encoding !== "gzip" && encoding !== "x-gzip")
    throw new ApiError(
      "unsupported_encoding",
      "A body takes gzip, or no Content-Encoding. Send it plain.",
      { param: "content-encoding" },
    );
  const inflated = new Response(bytes).body
    ?.pipeThrough(new DecompressionStream("gzip"))
    .pipeThrough(limitBytes(MAX_INFLATED_BYTES, bodyTooLarge));
  try {
    return await new Response(inflated ?? null).arrayBuffer();
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError("invalid_gzip", "The body's gzip is damaged or cut off. Send it again.");
  }
}
