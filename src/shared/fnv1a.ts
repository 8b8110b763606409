/** FNV-1a, 32 bits, of a text in UTF-8. Never change it: it decides the shard of an account and the share of a rollout. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
