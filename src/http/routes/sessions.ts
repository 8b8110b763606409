import { z } from "zod";

import type { Session } from "../../account/store/sessions/sessions.ts";
import { holdField, id, metadataPatch, shortText } from "../../shared/field-schemas.ts";
import { isoTime } from "../../shared/time.ts";
import { listOf } from "../list-response.ts";
import { ARCHIVE_ERRORS } from "../openapi/reply.ts";
import { erasedPlaces } from "../openapi/erasure.ts";
import * as s from "../openapi/schema.ts";
import { accountNames, listQuery, metadataFilter, pageQuery } from "../read-request.ts";
import { route } from "../route.ts";

const FACTS_RULE = "takes a list of at most 32 texts that the model is always shown, or null";
const filters = () => ({
  ...pageQuery({ order: "desc" }),
  user_id: id.optional(),
  assistant: id.optional(),
  status: z.enum(["live", "archived"], { error: 'takes "live" or "archived"' }).optional(),
  ...accountNames,
});

export const session = s.named("Session", () =>
  s.object({
    object: s.only("session"),
    session_id: s.text,
    status: s.only("live", "archived"),
    created_at: s.time,
    last_accessed_at: s.time,
    turns: s.whole,
    assistant: s.text,
    user_id: s.maybe(s.text),
    role: s.maybe(s.text),
    metadata: s.mapOf(s.text),
    facts: s.many(s.text),
    pinned: s.truth,
    hold: s.maybe(s.text),
  }),
);

export const sessions = [
  route("GET /sessions", {
    id: "listSessions",
    summary: "Lists sessions",
    scope: "read",
    query: () => listQuery(filters()),
    reply: () => s.listOf(session),
    handle: async ({ query, call }) => {
      const { limit, order, after, before, user_id, assistant, status, ...others } = query;
      const metadata = metadataFilter(others);
      const filter = { user_id, assistant, status, metadata };
      const page = await call((account, caller) =>
        account.sessions.list(caller, filter, { limit, order, after, before }),
      );
      return listOf(page, sessionBody, ({ session_id }) => session_id);
    },
  }),
  route("GET /sessions/:session_id", {
    id: "getSession",
    summary: "Reads a session",
    scope: "read",
    reply: () => session,
    errors: ["session_not_found"],
    handle: async ({ path, call }) =>
      sessionBody(await call((account, caller) => account.sessions.get(caller, path.session_id))),
  }),
  route("PATCH /sessions/:session_id", {
    id: "changeSession",
    summary: "Changes a session's metadata, facts, pin or legal hold",
    audit: ({ hold }) =>
      hold === undefined ? null : hold === null ? "session.release" : "session.hold",
    scope: "manage",
    ignoredQuery: "all",
    body: () =>
      z.strictObject({
        metadata: metadataPatch().optional(),
        facts: z
          .array(shortText(512), { error: FACTS_RULE })
          .max(32, FACTS_RULE)
          .nullable()
          .optional(),
        pinned: z.boolean({ error: "takes true or false" }).optional(),
        hold: holdField().optional(),
        ...accountNames,
      }),
    reply: () => session,
    errors: ["session_not_found", "quota_bytes", ...ARCHIVE_ERRORS],
    handle: async ({ path, body, call }) =>
      sessionBody(
        await call((account, caller) => account.sessions.patch(caller, path.session_id, body)),
      ),
  }),
  route("POST /sessions/:session_id/archive", {
    id: "archiveSession",
    summary: "Archives a session now",
    repeat: "safe",
    audit: "session.archive",
    scope: "manage",
    reply: () => session,
    errors: ["session_not_found", "session_busy", "archive_too_large", ...ARCHIVE_ERRORS],
    handle: async ({ path, call, now }) =>
      sessionBody(
        await call((account, caller) => account.archives.archive(caller, path.session_id, now)),
      ),
  }),
  route("DELETE /sessions/:session_id", {
    id: "eraseSession",
    summary: "Erases a session for good",
    audit: "session.erase",
    scope: "manage",
    reply: () =>
      s.object({
        object: s.only("session.deleted"),
        deleted: s.only(true),
        session_id: s.text,
        turns: s.whole,
        segments: s.whole,
        places: erasedPlaces,
        verified: s.truth,
      }),
    errors: [
      "session_not_found",
      "session_held",
      "account_held",
      "session_busy",
      ...ARCHIVE_ERRORS,
    ],
    handle: async ({ path, call, now }) => ({
      object: "session.deleted",
      deleted: true,
      ...(await call((account, caller) =>
        account.erasure.eraseSession(caller, path.session_id, now),
      )),
    }),
  }),
];

export const sessionBody = ({ created_at, last_accessed_at, ...rest }: Session) => ({
  object: "session" as const,
  ...rest,
  created_at: isoTime(created_at),
  last_accessed_at: isoTime(last_accessed_at),
});
