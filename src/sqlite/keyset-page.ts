import { ApiError } from "../shared/errors.ts";

export type Order = "asc" | "desc";

/** A part of a list. `after` and `before` are ids of elements of the list. */
export interface PageQuery {
  limit: number;
  order: Order;
  after?: string | undefined;
  before?: string | undefined;
}

export interface Page<T> {
  data: T[];
  /** Whether more elements follow in the page's direction. */
  has_more: boolean;
}

/** A page crosses from the account's object in one RPC, which takes 32 MiB. */
const MAX_PAGE_BYTES = 16 * 1024 * 1024;
/** Elements read at a time. It bounds the memory that large elements take beyond the page. */
const CHUNK_SIZE = 10;

export interface Pageable<T, C> {
  /** The cursor of an id; null when the list does not have it. */
  cursorOf: (id: string) => C | null;
  /** Up to `count` elements in a direction, after a cursor or from the list's end. None is the end. */
  walk: (order: Order, from: C | null, count: number) => T[];
  /** The cursor of an element. */
  placeOf: (element: T) => C;
  /** The approximate bytes of an element in an RPC. */
  sizeOf: (element: T) => number;
}

/**
 * Reads a page and one element more, so that `has_more` is right on exact pages, too. A page of large elements ends
 * early, with `has_more`.
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
      `${param} is no id of this list. Take an id from one of its pages.`,
      { param },
    );
  }
  const backwards = after === undefined && before !== undefined;
  const direction = backwards === (order === "desc") ? "asc" : "desc";
  const data: T[] = [];
  let bytes = 0;
  let has_more = false;
  while (!has_more) {
    const wanted = Math.min(CHUNK_SIZE, limit + 1 - data.length);
    const chunk = walk(direction, from, wanted);
    for (const element of chunk) {
      bytes += sizeOf(element);
      has_more = data.length === limit || (data.length > 0 && bytes > MAX_PAGE_BYTES);
      if (has_more) break;
      data.push(element);
      from = placeOf(element);
    }
    if (chunk.length === 0) break;
  }
  return { data: backwards ? data.toReversed() : data, has_more };
}

/** A page of a list in memory, oldest first. */
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
