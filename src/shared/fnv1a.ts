/** FNV-1a, 32 bits, of the text in UTF-8: stable for good, since accounts and rollouts stay where it puts them. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
