import { ApiError } from "../shared/errors.ts";

export type Order = "asc" | "desc";

/** What part of a list a reader wants. `after` and `before` are ids of the list's own elements. */
export interface PageQuery {
  limit: number;
  order: Order;
  after?: string | undefined;
  before?: string | undefined;
}

export interface Page<T> {
  data: T[];
  /** Whether there is more in the direction that was asked for. */
  has_more: boolean;
}

/** What a page may hold: it crosses from the account's object in one RPC. */
const PAGE_BYTES = 16 * 1024 * 1024;
/** Elements that are read at a time, so that a page of large ones is never in memory as a whole and more. */
const CHUNK = 10;

export interface Pageable<T, C> {
  /** Where an id stands in the list, or null when it is not in it. */
  cursorOf: (id: string) => C | null;
  /** Up to `count` elements in a direction, from behind a cursor or from the list's end. */
  walk: (order: Order, from: C | null, count: number) => T[];
  /** Where an element stands. */
  placeOf: (element: T) => C;
  /** About how many bytes it takes between isolates. */
  sizeOf: (element: T) => number;
}

/**
 * Reads one page, one element further than asked, so that `has_more` is right on exact pages too. A page of large
 * elements ends early, and `has_more` says so.
 */
export function readPage<T, C>(
  { limit, order, after, before }: PageQuery,
  { cursorOf, walk, placeOf, sizeOf }: Pageable<T, C>,
): Page<T> {
  const id = after ?? before;
  let from = id === undefined ? null : cursorOf(id);
  if (id !== undefined && from === null) {
    const param = after === undefined ? "before" : "after";
    throw new ApiError(
      "invalid_request",
      `${param} names nothing in this list; take an id from one of its pages.`,
      { param },
    );
  }
  const backwards = after === undefined && before !== undefined;
  const direction = backwards === (order === "desc") ? "asc" : "desc";
  const data: T[] = [];
  let bytes = 0;
  let has_more = false;
  while (!has_more) {
    const asked = Math.min(CHUNK, limit + 1 - data.length);
    const chunk = walk(direction, from, asked);
    for (const element of chunk) {
      bytes += sizeOf(element);
      has_more = data.length === limit || (data.length > 0 && bytes > PAGE_BYTES);
      if (has_more) break;
      data.push(element);
      from = placeOf(element);
    }
    if (chunk.length < asked) break;
  }
  return { data: backwards ? data.toReversed() : data, has_more };
}

/** One page of a list that is short enough to be at hand as a whole, oldest first. */
export function pageOf<T>(
  all: readonly T[],
  query: PageQuery,
  idOf: (element: T) => string,
): Page<T> {
  const indexed = all.map((element, index) => ({ element, index }));
  const page = readPage(query, {
    cursorOf: (id) => indexed.find(({ element }) => idOf(element) === id)?.index ?? null,
    walk: (order, after, count) =>
      (order === "asc" ? indexed : indexed.toReversed())
        .filter(({ index }) => after === null || (order === "asc" ? index > after : index < after))
        .slice(0, count),
    placeOf: ({ index }) => index,
    sizeOf: () => 0,
  });
  return { ...page, data: page.data.map(({ element }) => element) };
}
