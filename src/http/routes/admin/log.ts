import { z } from "zod";

import type { LoggedEntry } from "../../../directory/admin-log-table.ts";
import { readAdminLog } from "../../../directory/admin-log.ts";
import { callDirectory, directoryOf } from "../../../directory/directory-client.ts";
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
/** A list of entries, as documented. */
const entriesList = {
  object: s.only("list"),
  data: s.many(entry),
  first_id: s.maybe(s.whole),
  last_id: s.maybe(s.whole),
  has_more: s.truth,
};

/** A list of entries, as told. */
const listOfEntries = (entries: readonly LoggedEntry[], has_more: boolean) => ({
  object: "list" as const,
  data: entries.map(({ at, details, ...rest }) => ({
    object: "admin_log_entry" as const,
    ...rest,
    details: parseJson(details),
    at: isoTime(at),
  })),
  first_id: entries[0]?.seq ?? null,
  last_id: entries.at(-1)?.seq ?? null,
  has_more,
});

const SEQ_RULE = "takes the seq of an entry";

const logQuery = () =>
  z.strictObject({
    limit: pageQuery({ order: "asc" }).limit,
    after: z.coerce.number({ error: SEQ_RULE }).int(SEQ_RULE).min(0, SEQ_RULE).default(0),
  });

export const adminLog = [
  route("GET /admin/log", {
    id: "listAdminLog",
    summary: "Lists the admin log",
    scope: "admin",
    query: logQuery,
    reply: () =>
      s.object({
        ...entriesList,
        /** Covers the whole log, not the page alone. */
        intact: s.truth,
        verified_through: s.whole,
        head: s.whole,
        anchored: s.maybe(s.whole),
      }),
    handle: async ({ c, query: { after, limit } }) => {
      const { entries, has_more, ...check } = await readAdminLog(c.env, after, limit);
      return { ...listOfEntries(entries, has_more), ...check };
    },
  }),
  route("GET /admin/accounts/:account_id/log", {
    id: "listAccountLog",
    summary: "What was done to an account's data, and by whom",
    scope: "admin",
    query: logQuery,
    reply: () => s.object(entriesList),
    handle: async ({ c, path: { account_id }, query }) => {
      const { entries, has_more } = await callDirectory(
        c.env,
        directoryOf(account_id),
        (directory) => directory.accountLog(account_id, query),
      );
      return listOfEntries(entries, has_more);
    },
  }),
];
