import { Hono } from "hono";
import { z } from "zod";

import { withAccount } from "../auth/authorise.ts";
import type { AppEnv } from "../context.ts";
import { accountNames, invalid, pageQuery, readQuery } from "../read-request.ts";
import { callId } from "../../shared/ids.ts";
import { matchExpression } from "../../account/store/turns/search.ts";
import { isoTime } from "../../shared/time.ts";

const MAX_QUERY = 512;
const MAX_OFFSET = 10_000;

export const searchQuery = z.strictObject({
  q: z
    .string({ error: "takes the words to search for" })
    .max(MAX_QUERY, `takes ${MAX_QUERY} characters at most`),
  limit: pageQuery({ order: "desc" }).limit,
  offset: z.coerce.number().int("takes a whole number").min(0).max(MAX_OFFSET).default(0),
  status: z.enum(["live", "archived"], { error: 'takes "live" or "archived"' }).optional(),
  ...accountNames,
});

export const search = new Hono<AppEnv>().get("/", async (c) => {
  const { q, limit, offset, status, accountId, account_id } = readQuery(c, searchQuery);
  const expression = matchExpression(q);
  if (expression === null) throw invalid("q holds no word to search for.", "q");
  const { hits, order, has_more } = await withAccount(
    c,
    "read",
    { accountId, account_id },
    (account, caller) => account.sessions.search(caller, expression, { limit, offset }, status),
  );
  return c.json({
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
  });
});
