import { Hono } from "hono";
import { z } from "zod";

import { EXPORT_START } from "../../account/archive/upkeep/export-account.ts";
import type { ExportCursor, ExportPage } from "../../account/archive/upkeep/export-account.ts";
import { authorise, withAccount } from "../auth/authorise.ts";
import { requestTime } from "../context.ts";
import type { AppContext, AppEnv } from "../context.ts";
import { accountNames, readQuery } from "../read-request.ts";
import { logError } from "../../observe/log.ts";
import { id, moment } from "../../shared/field-schemas.ts";

export const exportQuery = z.strictObject({
  user_id: id.optional(),
  assistant: id.optional(),
  since: moment.optional(),
  until: moment.optional(),
  ...accountNames,
});

/** All that an account has, or some of it, as lines of docs/format.md. */
export const exports = new Hono<AppEnv>().get("/", (c) => {
  const { user_id, assistant, since, until } = readQuery(c, exportQuery);
  const user = user_id === undefined ? undefined : { user_id };
  const now = requestTime(c);
  const { account_id } = authorise(c, "read");
  return streamExport(c, account_id, (cursor) =>
    withAccount(c, "read", {}, (account, caller) =>
      account.transfer.exportAll(caller, { user, assistant, since, until }, cursor, now),
    ),
  );
});

/** @param name - what it is called where it is saved */
export async function streamExport(
  c: AppContext,
  name: string,
  read: (cursor: ExportCursor) => Promise<ExportPage>,
): Promise<Response> {
  // The first page before the response begins: until then a failure can be answered as one.
  const first = await read(EXPORT_START);
  return c.body(streamOf(first, read), 200, {
    "content-type": "application/x-ndjson",
    "content-disposition": `attachment; filename="${name.replaceAll(/[^\w.-]/g, "_")}.ndjson"`,
    // What a progress bar goes by; the last line says how many came.
    "x-export-sessions": String(first.total),
  });
}

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
