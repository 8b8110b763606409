import { z } from "zod";

import { EXPORT_START } from "../../account/archive/upkeep/export-cursor.ts";
import type { SentPage } from "../../account/archive/upkeep/export-account.ts";
import type { ExportCursor } from "../../account/archive/upkeep/export-cursor.ts";
import { logError } from "../../observe/log.ts";
import { id, moment } from "../../shared/field-schemas.ts";
import type { AppContext } from "../context.ts";
import { ARCHIVE_ERRORS, LINES_TYPE, formatLines } from "../openapi/reply.ts";
import { accountNames } from "../read-request.ts";
import { route } from "../route.ts";

/** Lines of docs/format.md. */
export const exportReplies = () => ({
  200: {
    content: { [LINES_TYPE]: formatLines },
    headers: { "X-Export-Sessions": "How many sessions there are." },
  },
});

export const exports = [
  route("GET /export", {
    id: "exportSessions",
    summary: "Exports sessions, filtered by user, assistant or time",
    audit: "account.export",
    scope: "read",
    query: () =>
      z.strictObject({
        user_id: id.optional(),
        assistant: id.optional(),
        since: moment().optional(),
        until: moment().optional(),
        ...accountNames,
      }),
    replies: exportReplies,
    errors: ["session_busy", "session_erased", ...ARCHIVE_ERRORS],
    handle: ({ c, query: { user_id, ...filter }, access, call, now }) => {
      const user = user_id === undefined ? undefined : { user_id };
      return streamExport(c, access.account_id, (cursor) =>
        call((account, caller) =>
          account.transfer.exportAll(caller, { user, ...filter }, cursor, now),
        ),
      );
    },
  }),
];

/** @param name - of the file that the client saves */
export async function streamExport(
  c: AppContext,
  name: string,
  read: (cursor: ExportCursor) => Promise<SentPage>,
): Promise<Response> {
  // Reads the first page before the response begins: until then, a failure can be a problem response.
  const first = await read(EXPORT_START);
  return c.body(streamOf(first, read), 200, {
    "content-type": LINES_TYPE,
    "content-disposition": `attachment; filename="${name.replaceAll(/[^\w.-]/g, "_")}.ndjson"`,
    // For progress bars; the last line has the number of sessions that were sent.
    "x-export-sessions": String(first.total),
  });
}

/** Reads pages as the client takes them. A page that fails ends the stream without its end line. */
function streamOf(
  first: SentPage,
  read: (cursor: ExportCursor) => Promise<SentPage>,
): ReadableStream<Uint8Array> {
  let next: SentPage | null = first;
  return new ReadableStream({
    async pull(controller) {
      if (next === null) return controller.close();
      const { bytes, cursor }: SentPage = next;
      controller.enqueue(bytes);
      try {
        next = cursor && (await read(cursor));
      } catch (error) {
        logError("export.broken", "an export broke off", error);
        controller.error(error);
      }
    },
  });
}
