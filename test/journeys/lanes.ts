/** Does the work for every element, at most `width` at a time. */
export async function inLanes<T>(
  elements: Iterable<T>,
  width: number,
  work: (element: T) => Promise<void>,
): Promise<void> {
  // One iterator for all lanes: each takes what comes next.
  const rest = elements[Symbol.iterator]();
  const lane = async () => {
    for (let next = rest.next(); next.done !== true; next = rest.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: width }, lane));
}
