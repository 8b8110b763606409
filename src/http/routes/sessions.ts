import { Hono } from "hono";
import { z } from "zod";

import { withAccount } from "../auth/authorise.ts";
import { requestTime } from "../context.ts";
import type { AppEnv } from "../context.ts";
import { listOf } from "../list-response.ts";
import {
  accountNames,
  pageQuery,
  metadataFilter,
  readBody,
  readQuery,
  pathId,
  onlyAccount,
} from "../read-request.ts";
import { callId } from "../../shared/ids.ts";
import { messageId } from "../../account/conversation/read-messages.ts";
import type { PlacedMessage } from "../../account/conversation/read-messages.ts";
import type { Session } from "../../account/store/sessions/sessions.ts";
import { isoTime } from "../../shared/time.ts";
import {
  checkMessageSize,
  id,
  message,
  metadataPatch,
  shortText,
} from "../../shared/field-schemas.ts";
import type { Turn } from "../../shared/turn.ts";

export const listQuery = z
  .object({
    ...pageQuery({ order: "desc" }),
    user_id: id.optional(),
    assistant: id.optional(),
    status: z.enum(["live", "archived"], { error: 'takes "live" or "archived"' }).optional(),
    ...accountNames,
  })
  .catchall(z.string());

export const historyQuery = z.strictObject({ ...pageQuery({ order: "asc" }), ...accountNames });
export const windowQuery = z.strictObject({ query: message.optional(), ...accountNames });
/** Of messages that are only said to be shown or not. */
const EXCERPT = 80;

const FACTS_RULE = "takes a list of at most 32 texts that the model is always shown, or null";

export const patchBody = z.strictObject({
  metadata: metadataPatch.optional(),
  facts: z.array(shortText(512), { error: FACTS_RULE }).max(32, FACTS_RULE).nullable().optional(),
  pinned: z.boolean({ error: "takes true or false" }).optional(),
  hold: z
    .union([shortText(512), z.null()], {
      error: "takes the reason of the legal hold, up to 512 characters, or null to lift it",
    })
    .optional(),
  ...accountNames,
});

export const sessions = new Hono<AppEnv>()
  .get("/", async (c) => {
    const { limit, order, after, before, accountId, account_id, ...rest } = readQuery(c, listQuery);
    const { user_id, assistant, status, ...others } = rest;
    const filter = { user_id, assistant, status, metadata: metadataFilter(others, listQuery) };
    const page = await withAccount(c, "read", { accountId, account_id }, (account, caller) =>
      account.sessions.list(caller, filter, { limit, order, after, before }),
    );
    return c.json(listOf(page, sessionBody, ({ session_id }) => session_id));
  })
  .get("/:session_id", async (c) => {
    readQuery(c, onlyAccount);
    const sessionId = pathId(c, "session_id");
    const session = await withAccount(c, "read", {}, (account, caller) =>
      account.sessions.get(caller, sessionId),
    );
    return c.json(sessionBody(session));
  })
  .get("/:session_id/messages", async (c) => {
    const page = readQuery(c, historyQuery);
    const sessionId = pathId(c, "session_id");
    const messages = await withAccount(c, "read", {}, (account, caller) =>
      account.sessions.messages(caller, sessionId, page, requestTime(c)),
    );
    return c.json(listOf(messages, messageBody, idOfMessage));
  })
  .get("/:session_id/turns", async (c) => {
    const page = readQuery(c, historyQuery);
    const sessionId = pathId(c, "session_id");
    const turns = await withAccount(c, "read", {}, (account, caller) =>
      account.sessions.turns(caller, sessionId, page, requestTime(c)),
    );
    return c.json(listOf(turns, turnBody, (turn) => callId(turn.id)));
  })
  .get("/:session_id/window", async (c) => {
    const { query = "" } = readQuery(c, windowQuery);
    checkMessageSize(query, "query");
    const sessionId = pathId(c, "session_id");
    const { considered, ...view } = await withAccount(c, "read", {}, (account, caller) =>
      account.sessions.window(caller, sessionId, query, requestTime(c)),
    );
    return c.json({
      object: "session.window",
      session_id: sessionId,
      ...view,
      considered: considered.map(({ turn, index, message: { role, content }, reason }) => ({
        id: messageId(callId(turn.id), index),
        role,
        content:
          content.length > EXCERPT ? `${content.slice(0, EXCERPT).toWellFormed()}…` : content,
        shown: reason === "in_window",
        reason,
      })),
    });
  })
  .patch("/:session_id", async (c) => {
    const { accountId, account_id, ...patch } = await readBody(c, patchBody);
    const sessionId = pathId(c, "session_id");
    const session = await withAccount(c, "manage", { accountId, account_id }, (account, caller) =>
      account.sessions.patch(caller, sessionId, patch),
    );
    return c.json(sessionBody(session));
  })
  .post("/:session_id/archive", async (c) => {
    readQuery(c, onlyAccount);
    const sessionId = pathId(c, "session_id");
    const session = await withAccount(c, "manage", {}, (account, caller) =>
      account.archives.archive(caller, sessionId, requestTime(c)),
    );
    return c.json(sessionBody(session));
  })
  .delete("/:session_id", async (c) => {
    readQuery(c, onlyAccount);
    const sessionId = pathId(c, "session_id");
    const erased = await withAccount(c, "manage", {}, (account, caller) =>
      account.erasure.eraseSession(caller, sessionId, requestTime(c)),
    );
    return c.json({ object: "session.deleted", deleted: true, ...erased });
  });

export const sessionBody = ({ created_at, last_accessed_at, ...session }: Session) => ({
  object: "session" as const,
  ...session,
  created_at: isoTime(created_at),
  last_accessed_at: isoTime(last_accessed_at),
});

export const turnBody = ({
  id: turn,
  created_at,
  extra,
  input_tokens,
  output_tokens,
  shown: _shown,
  frame: _frame,
  ...rest
}: Turn) => ({
  object: "turn" as const,
  call_id: callId(turn),
  ...rest,
  usage: input_tokens === null || output_tokens === null ? null : { input_tokens, output_tokens },
  error: extra.error ?? null,
  created_at: isoTime(created_at),
});

const idOfMessage = ({ turn, index }: PlacedMessage): string => messageId(callId(turn.id), index);

const messageBody = (placed: PlacedMessage) => ({
  object: "message" as const,
  id: idOfMessage(placed),
  call_id: callId(placed.turn.id),
  ...placed.message,
  status: placed.turn.status,
  created_at: saidAt(placed),
});

/** Where nothing else is known, what was asked is as old as its turn, and what was answered as its end. */
function saidAt({
  turn: { input, output, created_at, duration_ms },
  index,
}: PlacedMessage): string {
  const asked = typeof input === "string" ? 1 : input.length;
  const [items, at] = index < asked ? [input, index] : [output, index - asked];
  const own = typeof items === "object" ? items?.[at]?.created_at : undefined;
  return own ?? isoTime(created_at + (index < asked ? 0 : (duration_ms ?? 0)));
}
