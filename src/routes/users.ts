import { Hono } from "hono";
import { z } from "zod";

import { EXPORT_START } from "../archive/export.ts";
import type { ExportCursor, ExportPage } from "../archive/export.ts";
import { withAccount } from "../edge/account.ts";
import { nowIn } from "../edge/context.ts";
import type { AppEnv } from "../edge/context.ts";
import { accountNames, pathId, readQuery } from "../edge/validate.ts";
import { logError } from "../observe/log.ts";
import { isoTime } from "../time.ts";

const onlyAccount = z.strictObject(accountNames);

export const users = new Hono<AppEnv>()
  .delete("/:user_id", async (c) => {
    readQuery(c, onlyAccount);
    const userId = pathId(c, "user_id");
    const { erased_at, ...receipt } = await withAccount(c, "manage", {}, (account, caller) =>
      account.eraseUser(caller, userId, nowIn(c)),
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
    const now = nowIn(c);
    const read = (cursor: ExportCursor): Promise<ExportPage> =>
      withAccount(c, "read", {}, (account, caller) =>
        account.exportUser(caller, userId, cursor, now),
      );
    // The first page before the response begins: until then a failure can be answered as one.
    const body = streamOf(await read(EXPORT_START), read);
    return c.body(body, 200, {
      "content-type": "application/x-ndjson",
      "content-disposition": `attachment; filename="${userId.replaceAll(/[^\w.-]/g, "_")}.ndjson"`,
    });
  });

/** Pages are read as the client takes them. One that fails breaks the stream off: there is no end line then. */
function streamOf(
  first: ExportPage,
  read: (cursor: ExportCursor) => Promise<ExportPage>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next: ExportPage | null = first;
  return new ReadableStream({
    async pull(controller) {
      if (next === null) return controller.close();
      const { lines, cursor }: ExportPage = next;
      controller.enqueue(encoder.encode(`${lines.join("\n")}\n`));
      try {
        next = cursor && (await read(cursor));
      } catch (error) {
        logError("export.broken", "an export broke off", error);
        controller.error(error);
      }
    },
  });
}
