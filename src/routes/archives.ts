import { Hono } from "hono";
import { z } from "zod";

import { DEFAULT_ASSISTANT } from "../assistants/assistant.ts";
import { withAccount } from "../edge/account.ts";
import { nowIn } from "../edge/context.ts";
import type { AppEnv } from "../edge/context.ts";
import { listOf } from "../edge/list.ts";
import { accountNames, pageQuery, readQuery, pathId } from "../edge/validate.ts";
import { isoTime } from "../time.ts";
import { sessionBody, turnBody } from "./sessions.ts";

const listQuery = z.strictObject({ ...pageQuery({ order: "desc" }), ...accountNames });
const onlyAccount = z.strictObject(accountNames);

export const archives = new Hono<AppEnv>()
  .get("/", async (c) => {
    const { accountId, account_id, ...page } = readQuery(c, listQuery);
    const archived = await withAccount(c, "read", { accountId, account_id }, (account, caller) =>
      account.sessions(caller, { status: "archived" }, page),
    );
    return c.json(listOf(archived, sessionBody, ({ session_id }) => session_id));
  })
  .get("/:session_id", async (c) => {
    readQuery(c, onlyAccount);
    const sessionId = pathId(c, "session_id");
    const {
      turns,
      key: _,
      created_at,
      accessed_at,
      state_json,
      ...session
    } = await withAccount(c, "read", {}, (account, caller) => account.archive(caller, sessionId));
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
  .post("/:session_id/restore", async (c) => {
    readQuery(c, onlyAccount);
    const sessionId = pathId(c, "session_id");
    const turns = await withAccount(c, "manage", {}, (account, caller) =>
      account.restore(caller, sessionId, nowIn(c)),
    );
    return c.json({
      success: true,
      session_id: sessionId,
      restored: turns !== null,
      turns: turns ?? 0,
    });
  });
