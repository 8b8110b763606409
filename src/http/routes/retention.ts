import { z } from "zod";

import type { RetentionView } from "../../account/rpc/settings.ts";
import { retentionSettings } from "../../account/store/retention/retention-policy.ts";
import * as s from "../openapi/schema.ts";
import { accountNames } from "../read-request.ts";
import { route } from "../route.ts";

const settings = s.ref("RetentionSettings");
const retentionReply = s.named("Retention", () =>
  s.object({ object: s.only("retention"), set: settings, effective: settings }),
);
const trial = s.named("RetentionTrial", () =>
  s.object({
    object: s.only("retention"),
    dry_run: s.only(true),
    would_archive: s.object({
      sessions: s.whole,
      bytes: s.whole,
      first_session_ids: s.many(s.text),
    }),
    would_delete: s.object({ sessions: s.whole, first_session_ids: s.many(s.text) }),
    would_delete_backups: s.many(s.text),
    effective: settings,
  }),
);

/** An account's retention: one document. */
export const retention = [
  route("GET /retention", {
    id: "getRetention",
    summary: "Reads the account's retention",
    scope: "read",
    reply: () => retentionReply,
    handle: async ({ call }) =>
      retentionBody(await call((account, caller) => account.settings.retention(caller))),
  }),
  route("PUT /retention", {
    id: "putRetention",
    summary: "Sets the retention, or with `dry_run` reports its effect",
    audit: "retention.set",
    scope: "manage",
    query: () =>
      z.strictObject({
        dry_run: z
          .stringbool({ truthy: ["true"], falsy: ["false"], error: "takes true or false" })
          .default(false),
        ...accountNames,
      }),
    body: () => retentionSettings,
    reply: () => s.oneOf(retentionReply, trial),
    handle: async ({ query: { dry_run }, body, call, now }) => {
      if (dry_run) {
        const { retention: effective, ...would } = await call((account, caller) =>
          account.settings.tryRetention(caller, body, now),
        );
        return { object: "retention", dry_run: true, ...would, effective };
      }
      return retentionBody(
        await call((account, caller) => account.settings.setRetention(caller, body)),
      );
    },
  }),
  route("DELETE /retention", {
    id: "resetRetention",
    summary: "Resets the retention to the deployment's",
    audit: "retention.reset",
    scope: "manage",
    reply: () => retentionReply,
    handle: async ({ call }) =>
      retentionBody(await call((account, caller) => account.settings.setRetention(caller, null))),
  }),
];

const retentionBody = ({ retention: effective, own: set }: RetentionView) => ({
  object: "retention" as const,
  set,
  effective,
});
