import { nodeCrypto } from "./node-modules.ts";

/** SHA-256 of a text, in hexadecimal, at once. */
export const sha256 = (text: string): string =>
  nodeCrypto().createHash("sha256").update(text).digest("hex");
