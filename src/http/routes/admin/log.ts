import { Hono } from "hono";
import { z } from "zod";

import { authorise } from "../../auth/authorise.ts";
import type { AppEnv } from "../../context.ts";
import { pageQuery, readQuery } from "../../read-request.ts";
import { ADMIN_LOG } from "../../../directory/account-directory-do.ts";
import { isoTime } from "../../../shared/time.ts";
import { callDirectory } from "../../../directory/directory-client.ts";

export const logQuery = z.strictObject({
  limit: pageQuery({ order: "asc" }).limit,
  after: z.coerce
    .number({ error: "takes the seq of an entry" })
    .int("takes the seq of an entry")
    .min(0, "takes the seq of an entry")
    .default(0),
});

export const adminLog = new Hono<AppEnv>().get("/", async (c) => {
  authorise(c, "admin");
  const { limit, after } = readQuery(c, logQuery);
  const { entries, has_more, intact } = await callDirectory(c.env, ADMIN_LOG, (directory) =>
    directory.log(after, limit),
  );
  return c.json({
    object: "list",
    data: entries.map(({ at, details, ...entry }) => ({
      object: "admin_log_entry",
      ...entry,
      details: JSON.parse(details) as unknown,
      at: isoTime(at),
    })),
    first_id: entries[0]?.seq ?? null,
    last_id: entries.at(-1)?.seq ?? null,
    has_more,
    intact,
  });
});
