import { z } from "zod";

import { recordLines } from "../../account/archive/format/record-lines.ts";
import { DEFAULT_ASSISTANT } from "../../assistants/assistant.ts";
import { id, moment } from "../../shared/field-schemas.ts";
import { isoTime } from "../../shared/time.ts";
import { listOf } from "../list-response.ts";
import { ARCHIVE_ERRORS, LINES_TYPE, formatLines } from "../openapi/reply.ts";
import * as s from "../openapi/schema.ts";
import { accountNames, pageQuery } from "../read-request.ts";
import { route } from "../route.ts";
import { turn, turnBody } from "./session-history.ts";
import { session, sessionBody } from "./sessions.ts";
import { parseJson } from "../../shared/json.ts";

const MAX_RESTORED = 100;
const SESSIONS_RULE = `takes a list of 1 to ${MAX_RESTORED} session ids`;

const archive = s.named("Archive", () =>
  s.object({
    object: s.only("archive"),
    session_id: s.text,
    assistant: s.text,
    user_id: s.maybe(s.text),
    metadata: s.mapOf(s.text),
    "role?": s.maybe(s.text),
    "facts?": s.many(s.text),
    state: s.anyObject,
    "state_version?": s.whole,
    "summary?": s.maybe(s.anyObject),
    "pinned?": s.truth,
    "hold?": s.maybe(s.text),
    created_at: s.time,
    last_accessed_at: s.time,
    turns: s.many(turn),
  }),
);

export const archives = [
  route("GET /archives", {
    id: "listArchives",
    summary: "Lists archived sessions",
    scope: "read",
    query: () =>
      z.strictObject({
        ...pageQuery({ order: "desc" }),
        user_id: id.optional(),
        assistant: id.optional(),
        from: moment().optional(),
        to: moment().optional(),
        ...accountNames,
      }),
    reply: () => s.listOf(session),
    handle: async ({ query: { user_id, assistant, from, to, ...page }, call }) => {
      const filter = { status: "archived" as const, user_id, assistant, accessed: { from, to } };
      const found = await call((account, caller) => account.sessions.list(caller, filter, page));
      return listOf(found, sessionBody, ({ session_id }) => session_id);
    },
  }),
  route("GET /archives/:session_id", {
    id: "getArchive",
    summary: "Reads an archived session, as JSON or as lines",
    scope: "read",
    replies: () => ({
      200: { content: { "application/json": archive, [LINES_TYPE]: formatLines } },
    }),
    errors: ["archive_not_found", "archive_too_large", ...ARCHIVE_ERRORS],
    handle: async ({ c, path, call }) => {
      const { turns, frames, key, created_at, accessed_at, state_json, ...rest } = await call(
        (account, caller) => account.archives.get(caller, path.session_id),
      );
      const state = parseJson(state_json) as Record<string, unknown>;
      if (wantsLines(c.req.header("accept"))) {
        const record = { ...rest, key, created_at, accessed_at, turns, frames, state };
        const body = `${recordLines(record).join("\n")}\n`;
        return c.body(body, 200, { "content-type": LINES_TYPE });
      }
      return {
        object: "archive",
        ...rest,
        assistant: rest.assistant ?? DEFAULT_ASSISTANT,
        state,
        created_at: isoTime(created_at),
        last_accessed_at: isoTime(accessed_at),
        turns: turns.map(turnBody),
      };
    },
  }),
  route("POST /archives/restore", {
    id: "restoreArchives",
    summary: "Restores archived sessions",
    repeat: "safe",
    audit: "archive.restore",
    scope: "manage",
    ignoredQuery: "all",
    body: () =>
      z.strictObject({
        session_ids: z
          .array(id, { error: SESSIONS_RULE })
          .min(1, SESSIONS_RULE)
          .max(MAX_RESTORED, SESSIONS_RULE),
        ...accountNames,
      }),
    reply: () =>
      s.object({
        success: s.truth,
        restored: s.whole,
        data: s.many(
          s.object({
            session_id: s.text,
            restored: s.truth,
            turns: s.whole,
            code: s.maybe(s.text),
          }),
        ),
      }),
    handle: async ({ body: { session_ids }, call, now }) => {
      const data = await call((account, caller) =>
        account.archives.restoreMany(caller, session_ids, now),
      );
      return {
        success: data.every(({ code }) => code === null),
        restored: data.filter(({ restored }) => restored).length,
        data,
      };
    },
  }),
  route("POST /archives/:session_id/restore", {
    id: "restoreArchive",
    summary: "Restores an archived session",
    repeat: "safe",
    audit: "archive.restore",
    scope: "manage",
    reply: () =>
      s.object({
        success: s.only(true),
        session_id: s.text,
        restored: s.truth,
        turns: s.whole,
      }),
    errors: [
      "archive_not_found",
      "session_erased",
      "quota_bytes",
      "quota_sessions",
      ...ARCHIVE_ERRORS,
    ],
    handle: async ({ path: { session_id }, call, now }) => {
      const turns = await call((account, caller) =>
        account.archives.restore(caller, session_id, now),
      );
      return { success: true, session_id, restored: turns !== null, turns: turns ?? 0 };
    },
  }),
];

/** Whether the client asks for the archive format by name. */
const wantsLines = (accept: string | undefined): boolean =>
  accept?.split(",").some((type) => type.split(";")[0]?.trim() === LINES_TYPE) ?? false;
