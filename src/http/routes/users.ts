import { Hono } from "hono";

import type { ExportCursor, ExportPage } from "../../account/archive/upkeep/export-account.ts";
import { withAccount } from "../auth/authorise.ts";
import { requestTime } from "../context.ts";
import type { AppEnv } from "../context.ts";
import { pathId, readQuery, onlyAccount } from "../read-request.ts";
import { isoTime } from "../../shared/time.ts";
import { streamExport } from "./export.ts";

export const users = new Hono<AppEnv>()
  .delete("/:user_id", async (c) => {
    readQuery(c, onlyAccount);
    const userId = pathId(c, "user_id");
    const { erased_at, ...receipt } = await withAccount(c, "manage", {}, (account, caller) =>
      account.erasure.eraseUser(caller, userId, requestTime(c)),
    );
    return c.json({
      object: "user.deleted",
      deleted: true,
      ...receipt,
      erased_at: isoTime(erased_at),
    });
  })
  .get("/:user_id/export", async (c) => {
    readQuery(c, onlyAccount);
    const userId = pathId(c, "user_id");
    const now = requestTime(c);
    const read = (cursor: ExportCursor): Promise<ExportPage> =>
      withAccount(c, "read", {}, (account, caller) =>
        account.transfer.exportUser(caller, userId, cursor, now),
      );
    return streamExport(c, userId, read);
  });
