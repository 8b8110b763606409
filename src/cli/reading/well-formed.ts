/**
 * The same, with a replacement character for half of a surrogate pair. JSON has such halves where a text was cut. A
 * store, which keeps UTF-8, has none, and what was taken would not be found to be the same.
 */
export const wellFormed = <T>(value: T): T => (isWellFormed(value) ? value : repaired(value));

/** Nearly all are: what is well formed is not copied. */
function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) return value.every(isWellFormed);
  for (const name of Object.keys(value))
    if (!name.isWellFormed() || !isWellFormed((value as Record<string, unknown>)[name]))
      return false;
  return true;
}

function repaired<T>(value: T): T {
  if (typeof value === "string") return value.toWellFormed() as T;
  if (Array.isArray(value)) return value.map((each: unknown) => repaired(each)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name.toWellFormed(), repaired<unknown>(each)]),
  ) as T;
}
