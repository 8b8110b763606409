import type { Client } from "openapi-fetch";

import { ColloquyError } from "./colloquy-error.ts";
import type { paths } from "./openapi-types.ts";

/** A list that is read page by page, by `after`. */
interface PagedList<T> {
  parameters: { query?: { after?: unknown } };
  responses: { 200: { content: { "application/json": { data: T[]; has_more: boolean } } } };
}

/** Paths of lists. */
export type ListPath = {
  [P in keyof paths]: paths[P] extends { get: PagedList<unknown> }
    ? "after" extends keyof NonNullable<paths[P]["get"]["parameters"]["query"]>
      ? P
      : never
    : never;
}[keyof paths];

/** An element of a list. */
export type ListedItem<P extends ListPath> = paths[P] extends { get: PagedList<infer T> }
  ? T
  : never;

/** Yields the elements of a list, page after page. @throws ColloquyError where a page is refused */
export async function* listItems<P extends ListPath>(
  api: Client<paths>,
  path: P,
  init: object = {},
): AsyncGenerator<ListedItem<P>, void, undefined> {
  const { params, ...rest } = init as { params?: { query?: object } };
  let after: string | null = null;
  do {
    const query = { ...params?.query, ...(after !== null && { after }) };
    const { data, error, response } = await api.GET(
      path as never,
      {
        ...rest,
        params: { ...params, query },
      } as never,
    );
    if (!response.ok) throw ColloquyError.of(response, error);
    const page = data as unknown as {
      data: ListedItem<P>[];
      has_more: boolean;
      last_id: string | null;
    };
    yield* page.data;
    after = page.has_more ? page.last_id : null;
  } while (after !== null);
}
