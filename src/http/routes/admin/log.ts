import { z } from "zod";

import { readAdminLog } from "../../../directory/admin-log.ts";
import { isoTime } from "../../../shared/time.ts";
import * as s from "../../openapi/schema.ts";
import { pageQuery } from "../../read-request.ts";
import { route } from "../../route.ts";
import { parseJson } from "../../../shared/json.ts";

const entry = s.named("AdminLogEntry", () =>
  s.object({
    object: s.only("admin_log_entry"),
    seq: s.whole,
    at: s.time,
    actor: s.text,
    action: s.text,
    target: s.text,
    details: s.anyObject,
    hash: s.text,
  }),
);
const SEQ_RULE = "takes the seq of an entry";

export const adminLog = [
  route("GET /admin/log", {
    id: "listAdminLog",
    summary: "Lists the admin log",
    scope: "admin",
    query: () =>
      z.strictObject({
        limit: pageQuery({ order: "asc" }).limit,
        after: z.coerce.number({ error: SEQ_RULE }).int(SEQ_RULE).min(0, SEQ_RULE).default(0),
      }),
    reply: () =>
      s.object({
        object: s.only("list"),
        data: s.many(entry),
        first_id: s.maybe(s.whole),
        last_id: s.maybe(s.whole),
        has_more: s.truth,
        /** Of the whole log, whatever the page. */
        intact: s.truth,
        verified_through: s.whole,
        head: s.whole,
        anchored: s.maybe(s.whole),
      }),
    handle: async ({ c, query: { after, limit } }) => {
      const { entries, ...check } = await readAdminLog(c.env, after, limit);
      return {
        object: "list",
        data: entries.map(({ at, details, ...rest }) => ({
          object: "admin_log_entry",
          ...rest,
          details: parseJson(details),
          at: isoTime(at),
        })),
        first_id: entries[0]?.seq ?? null,
        last_id: entries.at(-1)?.seq ?? null,
        ...check,
      };
    },
  }),
];
