import { nodeCrypto } from "../../shared/node-modules.ts";

/** In bytes: read before anything of a body is written, so that the hash of most bodies is known by then. */
const HEAD_BYTES = 64 * 1024;

/** Hashes a body while it is read: its beginning, and all of it. However it is cut into pieces. */
export class BodyHash {
  readonly #head = nodeCrypto().createHash("sha256");
  readonly #whole = nodeCrypto().createHash("sha256");
  #bytes = 0;

  update(piece: Uint8Array): void {
    if (!this.hasHead) this.#head.update(piece.subarray(0, HEAD_BYTES - this.#bytes));
    this.#whole.update(piece);
    this.#bytes += piece.length;
  }

  /** Whether the beginning is read. */
  get hasHead(): boolean {
    return this.#bytes >= HEAD_BYTES;
  }

  /** sha256 of the beginning, or of all where the body is shorter. Once. */
  head(): string {
    return this.#head.digest("hex");
  }

  /** sha256 of all. Once. */
  whole(): string {
    return this.#whole.digest("hex");
  }
}
