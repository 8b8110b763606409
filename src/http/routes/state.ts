import { z } from "zod";

import type { AppContext } from "../context.ts";
import { ARCHIVE_ERRORS } from "../openapi/reply.ts";
import type { Reply } from "../openapi/reply.ts";
import * as s from "../openapi/schema.ts";
import { VERSIONED } from "../../account/store/sessions/held-versions.ts";
import type { HeldVersion } from "../../account/store/sessions/held-versions.ts";
import { parseJson } from "../../shared/json.ts";
import { isoTime } from "../../shared/time.ts";
import { listOf } from "../list-response.ts";
import { accountNames, invalid, pageQuery } from "../read-request.ts";
import { route } from "../route.ts";
import type { RouteRequest } from "../route.ts";
import { checkStateSize } from "../../account/store/sessions/state-size.ts";
import type { State, StateChange } from "../../account/store/sessions/session-state.ts";
import { stateObject } from "../../shared/field-schemas.ts";

const document: Reply = {
  content: { "application/json": s.anyObject },
  description: "The state itself",
  headers: { ETag: "Its version, in quotes." },
};
const body = () => stateObject;
const changes = {
  scope: "manage",
  body,
  headers: { "If-Match": "The version that is to be changed, in quotes; `*` for any." },
  replies: () => ({ 200: document }),
  errors: [
    "session_not_found",
    "state_too_large",
    "precondition_failed",
    "precondition_required",
    "session_busy",
    "quota_bytes",
    "quota_sessions",
    ...ARCHIVE_ERRORS,
  ],
} as const;

/** A list of versions, as documented. */
const versionsList = {
  object: s.only("list"),
  data: s.many(
    s.object({
      object: s.only("session.version"),
      id: s.text,
      name: s.only(...VERSIONED),
      value: s.anything,
      replaced_at: s.time,
    }),
  ),
  first_id: s.maybe(s.text),
  last_id: s.maybe(s.text),
  has_more: s.truth,
};

/** A session's state: the document itself, with its version as ETag. */
export const sessionState = [
  route("GET /sessions/:session_id/state", {
    id: "getState",
    summary: "Reads a session's state",
    scope: "read",
    headers: { "If-None-Match": "Versions that the caller has, in quotes." },
    replies: () => ({ 200: document, 304: { content: {}, description: "It has not changed" } }),
    errors: ["session_not_found", ...ARCHIVE_ERRORS],
    handle: async ({ c, path, call }) => {
      const found = await call((account, caller) =>
        account.sessions.state(caller, path.session_id),
      );
      const known = c.req.header("if-none-match")?.replaceAll("W/", "");
      const same = known !== undefined && matches(known, found.version);
      return same ? c.body(null, 304, { etag: etagOf(found) }) : stateResponse(c, found);
    },
  }),
  route("GET /sessions/:session_id/versions", {
    id: "listVersions",
    summary: "Lists values of a session that were overwritten under a legal hold",
    scope: "read",
    query: () => z.strictObject({ ...pageQuery({ order: "asc" }), ...accountNames }),
    reply: () => s.object({ ...versionsList, is_kept: s.truth }),
    errors: ["session_not_found"],
    handle: async ({ path, query, call }) => {
      const { is_kept, ...page } = await call((account, caller) =>
        account.sessions.versions(caller, path.session_id, query),
      );
      return { ...listOf(page, versionBody, ({ id }) => id), is_kept };
    },
  }),
  route("PUT /sessions/:session_id/state", {
    ...changes,
    id: "putState",
    summary: "Replaces a session's state",
    handle: (request) => change(request, "put"),
  }),
  route("PATCH /sessions/:session_id/state", {
    ...changes,
    id: "patchState",
    summary: "Merges into a session's state (RFC 7396)",
    handle: (request) => change(request, "patch"),
  }),
];

/** State, metadata and facts are stored as JSON. */
const versionBody = ({ id, name, value, replaced_at }: HeldVersion & { id: string }) => ({
  object: "session.version" as const,
  id,
  name,
  value: name === "role" || name === "user_id" ? value : parseJson(value),
  replaced_at: isoTime(replaced_at),
});

async function change(
  { c, path, body: state, call, now }: RouteRequest<"session_id", unknown, unknown>,
  kind: StateChange["kind"],
): Promise<Response> {
  const json = JSON.stringify(state);
  checkStateSize(json);
  const header = c.req.header("if-match");
  const if_match =
    header === undefined ? null : header.trim() === "*" ? ("any" as const) : versionsIn(header);
  const changed = await call((account, caller) =>
    account.sessions.changeState(caller, path.session_id, { kind, json, if_match }, now),
  );
  return stateResponse(c, changed);
}

const etagOf = ({ version }: State): string => `"${version}"`;

const stateResponse = (c: AppContext, state: State): Response =>
  c.body(state.json, 200, { "content-type": "application/json", etag: etagOf(state) });

const matches = (header: string, version: number): boolean =>
  header.trim() === "*" || versionsIn(header).includes(version);

/** Strong ETags only (RFC 9110): a weak one, or one of another server, matches no version. */
function versionsIn(header: string): number[] {
  const tags = header.split(",").map((tag) => tag.trim());
  if (!tags.every((tag) => /^(W\/)?"[^"]*"$/.test(tag)))
    throw invalid('If-Match takes ETags in quotes, such as "3".', "If-Match");
  return tags.filter((tag) => /^"\d{1,15}"$/.test(tag)).map((tag) => Number(tag.slice(1, -1)));
}
