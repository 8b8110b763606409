import type { Page } from "../sqlite/keyset-page.ts";

export interface List<T> {
  object: "list";
  data: T[];
  first_id: string | null;
  last_id: string | null;
  has_more: boolean;
}

/** The body of every list. @param idOf - the value of an element that `after` and `before` take */
export function listOf<S, T>(
  page: Page<S>,
  shape: (element: S) => T,
  idOf: (element: S) => string,
): List<T> {
  const [first, last] = [page.data[0], page.data.at(-1)];
  return {
    object: "list",
    data: page.data.map(shape),
    first_id: first === undefined ? null : idOf(first),
    last_id: last === undefined ? null : idOf(last),
    has_more: page.has_more,
  };
}

/** A list of one page. */
export const wholeListOf = <T>(data: T[], idOf: (element: T) => string): List<T> =>
  listOf({ data, has_more: false }, (element) => element, idOf);
