import { nodeStream, nodeZlib } from "../../shared/node-modules.ts";
import { ApiError } from "../../shared/errors.ts";

export interface InflateLimits {
  /** Bytes that any gzip body may inflate to, however small it is. */
  freeBytes: number;
  /** Beyond it, no more than this for a byte that was sent. */
  expansion: number;
}
/** Conversations are compressed to a fifth, or a twentieth. */
const INFLATE_LIMITS: InflateLimits = { freeBytes: 1024 * 1024, expansion: 200 };

/**
 * The bytes of a body; what begins like gzip is inflated, all of its members.
 *
 * @throws ApiError `invalid_gzip` where it is damaged or cut off, `expansion_too_large` where it is a bomb
 */
export async function* inflated(
  body: AsyncIterable<Uint8Array>,
  { freeBytes, expansion } = INFLATE_LIMITS,
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = body[Symbol.asyncIterator]();
  let first: Uint8Array = new Uint8Array();
  while (first.length < 2) {
    const { done, value } = await chunks.next();
    if (done) break;
    first = first.length === 0 ? new Uint8Array(value) : Buffer.concat([first, value]);
  }
  let sent = 0;
  async function* all(): AsyncGenerator<Uint8Array, void, undefined> {
    for (let piece = first; ;) {
      sent += piece.length;
      if (piece.length > 0) yield piece;
      const { done, value } = await chunks.next();
      if (done) return;
      piece = value;
    }
  }
  if (first[0] !== 0x1f || first[1] !== 0x8b) {
    yield* all();
    return;
  }
  let broken: unknown;
  const source = nodeStream().Readable.from(all());
  const gunzip = nodeZlib().createGunzip();
  source.on("error", (error) => {
    broken = error;
    gunzip.destroy(error);
  });
  let came = 0;
  try {
    for await (const chunk of source.pipe(gunzip) as AsyncIterable<Uint8Array>) {
      came += chunk.length;
      if (came > freeBytes && came > sent * expansion) {
        throw new ApiError(
          "expansion_too_large",
          `The gzip expands to more than ${expansion} times its size; send what is in it plain.`,
        );
      }
      yield chunk;
    }
  } catch (error) {
    if (error instanceof ApiError || broken !== undefined) throw error;
    throw new ApiError("invalid_gzip", "The gzip body is damaged or incomplete. Send it again.");
  } finally {
    source.destroy();
  }
}
