import { ApiError } from "../errors.ts";

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

/**
 * Reads one page, one element further than asked, so that `has_more` is right on exact pages too.
 *
 * @param cursorOf - where an id stands in the list, or null when it is not in it
 * @param walk - up to `count` elements in a direction, from behind a cursor or from the list's end
 */
export function readPage<T, C>(
  { limit, order, after, before }: PageQuery,
  cursorOf: (id: string) => C | null,
  walk: (order: Order, from: C | null, count: number) => T[],
): Page<T> {
  const id = after ?? before;
  const cursor = id === undefined ? null : cursorOf(id);
  if (id !== undefined && cursor === null) {
    const param = after === undefined ? "before" : "after";
    throw new ApiError(
      "invalid_request",
      `${param} names nothing in this list; take an id from one of its pages.`,
      { param },
    );
  }
  const backwards = after === undefined && before !== undefined;
  const direction = backwards === (order === "desc") ? "asc" : "desc";
  const found = walk(direction, cursor, limit + 1);
  const data = found.slice(0, limit);
  return { data: backwards ? data.toReversed() : data, has_more: found.length > limit };
}
