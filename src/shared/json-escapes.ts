/** The last place up to `end` in the JSON of a text that is not in the middle of an escape. */
export function wholeEscapesEnd(json: string, end: number): number {
  // The longest is \u and four digits.
  const last = json.slice(Math.max(0, end - 6), end);
  const inLast = last.lastIndexOf("\\");
  if (inLast < 0) return end;
  const escape = end - last.length + inLast;
  let escapes = 1;
  while (json.charCodeAt(escape - escapes) === 0x5c) escapes += 1;
  // One that follows another is escaped by it.
  return escapes % 2 === 0 ? end : escape;
}
