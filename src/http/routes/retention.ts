import { Hono } from "hono";
import { z } from "zod";

import { withAccount } from "../auth/authorise.ts";
import { requestTime } from "../context.ts";
import type { AppEnv } from "../context.ts";
import { accountNames, parse, readBody, readQuery, onlyAccount } from "../read-request.ts";
import type { RetentionView } from "../../account/rpc/settings.ts";
import { retentionSettings } from "../../account/store/retention/retention-policy.ts";
import type { Retention } from "../../account/store/retention/retention-policy.ts";

export const changeQuery = z.strictObject({
  dry_run: z
    .stringbool({ truthy: ["true"], falsy: ["false"], error: "takes true or false" })
    .default(false),
  ...accountNames,
});

/** An account's retention: one document. */
export const retention = new Hono<AppEnv>()
  .get("/", async (c) => {
    readQuery(c, onlyAccount);
    return c.json(
      retentionBody(
        await withAccount(c, "read", {}, (account, caller) => account.settings.retention(caller)),
      ),
    );
  })
  .put("/", async (c) => {
    const { dry_run, ...names } = readQuery(c, changeQuery);
    const settings = parse(retentionSettings, await readBody(c, z.unknown()));
    if (dry_run) {
      const { retention: tried, ...would } = await withAccount(
        c,
        "manage",
        names,
        (account, caller) => account.settings.tryRetention(caller, settings, requestTime(c)),
      );
      return c.json({ object: "retention", dry_run: true, ...would, effective: tried });
    }
    const set = await withAccount(c, "manage", names, (account, caller) =>
      account.settings.setRetention(caller, settings),
    );
    return c.json(retentionBody(set));
  })
  .delete("/", async (c) => {
    readQuery(c, onlyAccount);
    const set = await withAccount(c, "manage", {}, (account, caller) =>
      account.settings.setRetention(caller, null),
    );
    return c.json(retentionBody(set));
  });

const retentionBody = ({ retention: effective, own }: RetentionView) => ({
  object: "retention" as const,
  set: own,
  effective: effective satisfies Retention,
});
