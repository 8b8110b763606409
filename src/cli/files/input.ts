import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";

/** Read at a time: with smaller ones, reading waits for the disk. */
const CHUNK_BYTES = 1024 * 1024;
/** So much of a file is looked at for what it is. */
const HEAD_BYTES = 4 * 1024;
const GZIP = Buffer.from([0x1f, 0x8b]);
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The bytes of a file, unpacked where it is gzip, whatever its name says, and without a byte order mark.
 *
 * @throws Error where it is something else than JSON in UTF-8, saying what it looks like; or where its gzip breaks off,
 *   after all that could be unpacked
 * @param onBytes - is told of bytes of the file as they are read
 */
export async function* bytesOf(
  path: string,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const chunk of unpacked(path, onBytes)) {
    if (!isFirst) {
      yield chunk;
      continue;
    }
    isFirst = false;
    const looks = looksLike(chunk.subarray(0, HEAD_BYTES));
    if (looks !== null) throw new Error(`${path}: ${looks}`);
    yield chunk.subarray(0, BOM.length).equals(BOM) ? chunk.subarray(BOM.length) : chunk;
  }
  if (isFirst) throw new Error(`${path}: is empty`);
}

async function* unpacked(path: string, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  const stored = createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>;
  let isGzip: boolean | undefined;
  const gunzip = createGunzip();
  const pieces: Buffer[] = [];
  gunzip.on("data", (piece: Buffer) => pieces.push(piece));
  const failed = new Promise<never>((_, reject) => gunzip.once("error", reject));
  // After the reader stopped, its failure is no unhandled rejection.
  failed.catch(() => {});
  const step = (run: (done: () => void) => void): Promise<void> =>
    Promise.race([new Promise<void>(run), failed]);
  try {
    for await (const chunk of stored) {
      onBytes(chunk.length);
      isGzip ??= chunk.subarray(0, GZIP.length).equals(GZIP);
      if (!isGzip) {
        yield chunk;
        continue;
      }
      await step((done) => gunzip.write(chunk, () => done()));
      yield* pieces.splice(0);
    }
    if (isGzip) await step((done) => gunzip.once("end", done).end());
  } catch (error) {
    // A stream that is read with `for await` would lose what it had unpacked before it failed.
    yield* pieces.splice(0);
    if (!isGzip) throw error;
    throw new Error(`${path}: its gzip breaks off, or is damaged: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    gunzip.destroy();
  }
  yield* pieces;
}

/** Says what a file is that is no JSON in UTF-8; null where it may be. */
function looksLike(head: Buffer): string | null {
  const [first, second] = head;
  const nuls = (from: number): number =>
    head.filter((byte, at) => byte === 0 && at % 2 === from).length;
  const many = head.length / 8;
  if ((first === 0xff && second === 0xfe) || nuls(1) > many)
    return "looks like UTF-16 (little-endian): save it as UTF-8";
  if ((first === 0xfe && second === 0xff) || nuls(0) > many)
    return "looks like UTF-16 (big-endian): save it as UTF-8";
  if (head.subarray(0, 4).equals(Buffer.from("PK\u0003\u0004", "latin1")))
    return "is a ZIP archive: unpack it, and name the JSON file in it";
  const text = head
    .toString("latin1")
    .replace(/^\u00ef\u00bb\u00bf/, "")
    .trimStart();
  if (text !== "" && !/^[[{]/.test(text)) return "is no JSON: it begins neither with [ nor with {";
  return null;
}
