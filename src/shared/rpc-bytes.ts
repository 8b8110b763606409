/** In bytes: what one RPC carries, 32 MiB, less some for what is small. */
export const RPC_BYTES = 30 * 1024 * 1024;

// oxlint-disable-next-line no-control-regex -- the bound of Latin-1
const WIDE = /[^\u0000-\u00FF]/;

/** Bytes of all texts in a value when it crosses between isolates: V8 writes a text with one wide character by two bytes each. */
export function rpcBytes(value: unknown): number {
  if (typeof value === "string") return WIDE.test(value) ? 2 * value.length : value.length;
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce<number>((sum, each) => sum + rpcBytes(each), 0);
}
