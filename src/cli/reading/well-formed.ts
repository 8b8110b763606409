/**
 * The same, with a replacement character for half of a surrogate pair. JSON has such halves where a text was cut; a
 * store, which keeps UTF-8, has not, and what was taken would not be found to be the same.
 */
export function wellFormed<T>(value: T): T {
  if (typeof value === "string") return value.toWellFormed() as T;
  if (Array.isArray(value)) return value.map((each: unknown) => wellFormed(each)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name.toWellFormed(), wellFormed<unknown>(each)]),
  ) as T;
}
