import { Hono } from "hono";

import { withAccount } from "../auth/authorise.ts";
import { requestTime } from "../context.ts";
import type { AppContext, AppEnv } from "../context.ts";
import { invalid, pathId, readBody, readQuery, onlyAccount } from "../read-request.ts";
import { checkStateSize } from "../../account/store/sessions/session-state.ts";
import type { State, StateChange } from "../../account/store/sessions/session-state.ts";
import { stateObject } from "../../shared/field-schemas.ts";

/** A session's state: the document itself, its version as ETag. */
export const sessionState = new Hono<AppEnv>()
  .get("/", async (c) => {
    readQuery(c, onlyAccount);
    const sessionId = pathId(c, "session_id");
    const found = await withAccount(c, "read", {}, (account, caller) =>
      account.sessions.state(caller, sessionId),
    );
    const known = c.req.header("if-none-match")?.replaceAll("W/", "");
    const same = known !== undefined && matches(known, found.version);
    return same ? c.body(null, 304, { etag: etagOf(found) }) : stateResponse(c, found);
  })
  .put("/", (c) => change(c, "put"))
  .patch("/", (c) => change(c, "patch"));

async function change(c: AppContext, kind: StateChange["kind"]): Promise<Response> {
  readQuery(c, onlyAccount);
  const json = JSON.stringify(await readBody(c, stateObject));
  checkStateSize(json);
  const sessionId = pathId(c, "session_id");
  const header = c.req.header("if-match");
  const if_match =
    header === undefined ? null : header.trim() === "*" ? ("any" as const) : versionsIn(header);
  const changed = await withAccount(c, "manage", {}, (account, caller) =>
    account.sessions.changeState(caller, sessionId, { kind, json, if_match }, requestTime(c)),
  );
  return stateResponse(c, changed);
}

const etagOf = ({ version }: State): string => `"${version}"`;

const stateResponse = (c: AppContext, state: State): Response =>
  c.body(state.json, 200, { "content-type": "application/json", etag: etagOf(state) });

const matches = (header: string, version: number): boolean =>
  header.trim() === "*" || versionsIn(header).includes(version);

/** Strong ETags only (RFC 9110): a weak one, or one that is none of ours, matches no version. */
function versionsIn(header: string): number[] {
  const tags = header.split(",").map((tag) => tag.trim());
  if (!tags.every((tag) => /^(W\/)?"[^"]*"$/.test(tag)))
    throw invalid('If-Match takes ETags in quotes, such as "3".', "If-Match");
  return tags.filter((tag) => /^"\d{1,15}"$/.test(tag)).map((tag) => Number(tag.slice(1, -1)));
}
