import { z } from "zod";

import { matchExpression } from "../../account/store/turns/match-expression.ts";
import { callId } from "../../shared/ids.ts";
import { isoTime } from "../../shared/time.ts";
import * as s from "../openapi/schema.ts";
import { accountNames, invalid, pageQuery } from "../read-request.ts";
import { route } from "../route.ts";

const MAX_QUERY = 512;
const MAX_OFFSET = 10_000;

const searchHit = s.named("SearchHit", () =>
  s.object({
    object: s.only("search_hit"),
    call_id: s.text,
    session_id: s.text,
    status: s.only("live", "archived"),
    role: s.only("user", "assistant", null),
    snippet: s.maybe(s.text),
    highlights: s.many(s.many(s.whole)),
    created_at: s.maybe(s.time),
  }),
);

export const search = [
  route("GET /search", {
    id: "search",
    summary: "Searches messages for words",
    scope: "read",
    query: () =>
      z.strictObject({
        q: z
          .string({ error: "takes the words to search for" })
          .max(MAX_QUERY, `takes ${MAX_QUERY} characters at most`),
        limit: pageQuery({ order: "desc" }).limit,
        offset: z.coerce.number().int("takes a whole number").min(0).max(MAX_OFFSET).default(0),
        status: z.enum(["live", "archived"], { error: 'takes "live" or "archived"' }).optional(),
        ...accountNames,
      }),
    reply: () =>
      s.object({
        object: s.only("list"),
        data: s.many(searchHit),
        order: s.text,
        offset: s.whole,
        has_more: s.truth,
        complete: s.truth,
        indexing: s.truth,
      }),
    handle: async ({ query: { q, limit, offset, status }, call }) => {
      const expression = matchExpression(q);
      if (expression === null) throw invalid("q holds no word to search for.", "q");
      const { hits, order, has_more, complete, indexing } = await call((account, caller) =>
        account.sessions.search(caller, expression, { limit, offset }, status),
      );
      return {
        object: "list",
        data: hits.map(({ turn_id, created_at, ...hit }) => ({
          object: "search_hit",
          call_id: callId(turn_id),
          ...hit,
          created_at: created_at === null ? null : isoTime(created_at),
        })),
        order,
        offset,
        has_more,
        complete,
        indexing,
      };
    },
  }),
];
