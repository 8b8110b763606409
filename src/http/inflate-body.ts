import { limitBytes } from "../outbound/bounded-fetch.ts";
import { ApiError } from "../shared/errors.ts";
import { maxBodyBytes } from "./body-limit.ts";
import type { AppContext } from "./context.ts";
import { bodyTooLarge } from "./problem.ts";

/**
 * The bytes of a body, as many as of one that is sent plain, inflated where `Content-Encoding` says gzip.
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
  const maxBytes = maxBodyBytes(c.req.path);
  const inflated = new Response(bytes).body
    ?.pipeThrough(new DecompressionStream("gzip"))
    .pipeThrough(limitBytes(maxBytes, () => bodyTooLarge(maxBytes)));
  try {
    return await new Response(inflated ?? null).arrayBuffer();
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError("invalid_gzip", "The body's gzip is damaged or cut off. Send it again.");
  }
}
