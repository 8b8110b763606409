/**
 * SHA-256 of a text, in hexadecimal, at once.
 *
 * `node:crypto` is loaded by the first one: imported, it would take 4 ms of each isolate's start.
 */
export const sha256 = (text: string): string =>
  process.getBuiltinModule("node:crypto").createHash("sha256").update(text).digest("hex");
