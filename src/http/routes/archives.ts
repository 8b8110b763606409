import { Hono } from "hono";
import { z } from "zod";

import { recordLines } from "../../account/archive/format/record.ts";
import { DEFAULT_ASSISTANT } from "../../assistants/assistant.ts";
import { withAccount } from "../auth/authorise.ts";
import { requestTime } from "../context.ts";
import type { AppEnv } from "../context.ts";
import { listOf } from "../list-response.ts";
import {
  accountNames,
  pageQuery,
  pathId,
  readBody,
  readQuery,
  onlyAccount,
} from "../read-request.ts";
import { isoTime } from "../../shared/time.ts";
import { turnBody } from "./session-history.ts";
import { sessionBody } from "./sessions.ts";
import { id, moment } from "../../shared/field-schemas.ts";

export const listQuery = z.strictObject({
  ...pageQuery({ order: "desc" }),
  user_id: id.optional(),
  assistant: id.optional(),
  from: moment.optional(),
  to: moment.optional(),
  ...accountNames,
});
const MAX_RESTORED = 100;
const SESSIONS_RULE = `takes a list of 1 to ${MAX_RESTORED} session ids`;
export const restoreBody = z.strictObject({
  session_ids: z
    .array(id, { error: SESSIONS_RULE })
    .min(1, SESSIONS_RULE)
    .max(MAX_RESTORED, SESSIONS_RULE),
  ...accountNames,
});
const NDJSON = "application/x-ndjson";

export const archives = new Hono<AppEnv>()
  .get("/", async (c) => {
    const { accountId, account_id, user_id, assistant, from, to, ...page } = readQuery(
      c,
      listQuery,
    );
    const filter = { status: "archived" as const, user_id, assistant, accessed: { from, to } };
    const archived = await withAccount(c, "read", { accountId, account_id }, (account, caller) =>
      account.sessions.list(caller, filter, page),
    );
    return c.json(listOf(archived, sessionBody, ({ session_id }) => session_id));
  })
  .get("/:session_id", async (c) => {
    readQuery(c, onlyAccount);
    const sessionId = pathId(c, "session_id");
    const lined = wantsLines(c.req.header("accept"));
    const { turns, frames, key, created_at, accessed_at, state_json, ...session } =
      await withAccount(c, "read", {}, (account, caller) =>
        account.archives.get(caller, sessionId),
      );
    if (lined) {
      const state = JSON.parse(state_json) as Record<string, unknown>;
      const record = { ...session, key, created_at, accessed_at, turns, frames, state };
      return c.body(`${recordLines(record).join("\n")}\n`, 200, { "content-type": NDJSON });
    }
    return c.json({
      object: "archive",
      ...session,
      assistant: session.assistant ?? DEFAULT_ASSISTANT,
      state: JSON.parse(state_json) as unknown,
      created_at: isoTime(created_at),
      last_accessed_at: isoTime(accessed_at),
      turns: turns.map(turnBody),
    });
  })
  .post("/restore", async (c) => {
    const { session_ids, ...names } = await readBody(c, restoreBody);
    const results = await withAccount(c, "manage", names, (account, caller) =>
      account.archives.restoreMany(caller, session_ids, requestTime(c)),
    );
    return c.json({
      success: results.every(({ code }) => code === null),
      restored: results.filter(({ restored }) => restored).length,
      data: results,
    });
  })
  .post("/:session_id/restore", async (c) => {
    readQuery(c, onlyAccount);
    const sessionId = pathId(c, "session_id");
    const turns = await withAccount(c, "manage", {}, (account, caller) =>
      account.archives.restore(caller, sessionId, requestTime(c)),
    );
    return c.json({
      success: true,
      session_id: sessionId,
      restored: turns !== null,
      turns: turns ?? 0,
    });
  });

/** The archive format, where that is what the client asks for by its own name. */
const wantsLines = (accept: string | undefined): boolean =>
  accept?.split(",").some((type) => type.split(";")[0]?.trim() === NDJSON) ?? false;
