import { letOthersRun } from "../../../shared/let-others-run.ts";

/** Bytes that go to R2, or come from it, before other calls run. A local R2 hashes them on the same thread: 5 ms of a core. */
export const SLICE_BYTES = 256 * 1024;

/** Puts an object. A large one goes a slice at a time, and other calls run in between. */
export async function putInSlices(
  bucket: R2Bucket,
  objectKey: string,
  bytes: Uint8Array,
  options: R2PutOptions,
): Promise<R2Object> {
  if (bytes.length <= SLICE_BYTES) return bucket.put(objectKey, bytes, options);
  await letOthersRun();
  const { readable, writable } = new FixedLengthStream(bytes.length);
  const writer = writable.getWriter();
  // R2 reports what goes wrong. A write that fails only ends the writing.
  const written = writeSlices(writer, bytes).catch(() => undefined);
  try {
    return await bucket.put(objectKey, readable, options);
  } catch (error) {
    // Nothing may read the stream any more: the write in progress would wait for ever.
    await writer.abort(error).catch(() => undefined);
    await written;
    throw error;
  }
}

async function writeSlices(writer: WritableStreamDefaultWriter, bytes: Uint8Array): Promise<void> {
  for (let from = 0; from < bytes.length; from += SLICE_BYTES) {
    await writer.write(bytes.subarray(from, from + SLICE_BYTES));
    await letOthersRun();
  }
  await writer.close();
}

/**
 * The bytes of an object, or of a range of it. Many come a slice at a time, and other calls run in between.
 *
 * @param length - how many bytes come; there are fewer where the object is cut off
 */
export async function readInSlices(object: R2ObjectBody, length: number): Promise<Uint8Array> {
  // A length that is not known counts as short.
  if (!(length > SLICE_BYTES)) return new Uint8Array(await object.arrayBuffer());
  const reader = object.body.getReader({ mode: "byob" });
  // Each read takes the buffer over, and gives it back.
  let buffer = new ArrayBuffer(length);
  let read = 0;
  while (read < length) {
    const slice = new Uint8Array(buffer, read, Math.min(SLICE_BYTES, length - read));
    const { done, value } = await reader.readAtLeast(slice.length, slice);
    if (value) {
      buffer = value.buffer;
      read += value.length;
    }
    if (done) break;
    await letOthersRun();
  }
  return new Uint8Array(buffer, 0, read);
}
