import { isoTime } from "../../shared/time.ts";
import { ARCHIVE_ERRORS } from "../openapi/reply.ts";
import { erasedPlaces } from "../openapi/erasure.ts";
import * as s from "../openapi/schema.ts";
import { route } from "../route.ts";
import { exportReplies, streamExport } from "./export.ts";

export const users = [
  route("DELETE /users/:user_id", {
    id: "eraseUser",
    summary: "Erases all sessions and calls of a user",
    audit: "user.erase",
    scope: "manage",
    reply: () =>
      s.object({
        object: s.only("user.deleted"),
        deleted: s.only(true),
        user_id: s.text,
        sessions: s.whole,
        archived_sessions: s.whole,
        turns: s.whole,
        calls: s.whole,
        segments: s.whole,
        where: s.many(s.text),
        places: erasedPlaces,
        verified: s.truth,
        erased_at: s.time,
      }),
    errors: ["session_held", "account_held", "session_busy", ...ARCHIVE_ERRORS],
    handle: async ({ path, call, now }) => {
      const { erased_at, ...receipt } = await call((account, caller) =>
        account.erasure.eraseUser(caller, path.user_id, now),
      );
      return {
        object: "user.deleted",
        deleted: true,
        ...receipt,
        erased_at: isoTime(erased_at),
      };
    },
  }),
  route("GET /users/:user_id/export", {
    id: "exportUser",
    summary: "Exports all data of a user",
    audit: "user.export",
    scope: "read",
    replies: exportReplies,
    errors: ["session_busy", ...ARCHIVE_ERRORS],
    handle: ({ c, path, call, now }) =>
      streamExport(c, path.user_id, (cursor) =>
        call((account, caller) => account.transfer.exportUser(caller, path.user_id, cursor, now)),
      ),
  }),
];
