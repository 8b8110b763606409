import { nodeCrypto } from "./node-modules.ts";

/** SHA-256 of a text or of bytes, in hexadecimal, at once. */
export const sha256 = (content: string | Uint8Array): string =>
  nodeCrypto().createHash("sha256").update(content).digest("hex");
