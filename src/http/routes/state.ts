import type { AppContext } from "../context.ts";
import { ARCHIVE_ERRORS } from "../openapi/reply.ts";
import type { Reply } from "../openapi/reply.ts";
import * as s from "../openapi/schema.ts";
import { invalid } from "../read-request.ts";
import { route } from "../route.ts";
import type { RouteRequest } from "../route.ts";
import { checkStateSize } from "../../account/store/sessions/session-state.ts";
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
